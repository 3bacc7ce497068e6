"""S2S's work in the fixtures, in plain SQL: requests with twenty teachers, three visits each.

In the current period there is something in every status; what is older has been closed. Each has four events.
"""

from datetime import UTC, timedelta

from django.db import connection

from quotas.models import Period
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as NOW

TEACHERS = 20
FIRST_VISIT = NOW.replace(day=4, hour=8, minute=0)


def teachers() -> User:
    """Twenty teachers whose ids follow one another; returns the first."""
    made = [person(Role.S2S_TEACHER) for _ in range(TEACHERS)]
    if [one.pk for one in made] != list(range(made[0].pk, made[0].pk + TEACHERS)):
        raise RuntimeError("the SQL below gives requests to ids that follow one another")
    return made[0]


def columns(*, current: bool) -> dict[str, str]:
    """What the columns of S2S's work hold in the request number `n.i`, as SQL; the tables' constraints hold."""
    if current:
        turn = f"(n.i / {TEACHERS}) %% 10"
        status = (
            f"CASE {turn} WHEN 0 THEN 'ASSIGNED' WHEN 1 THEN 'IN_CONTACT' WHEN 2 THEN 'BOOKED' WHEN 3 THEN 'BOOKED' "
            f"WHEN 7 THEN 'RETURNED' WHEN 8 THEN 'CLOSED' WHEN 9 THEN 'CLOSED' ELSE 'SUPPORTING' END"
        )
    else:
        turn, status = "8", "'CLOSED'"
    visited, returned, closed = f"{turn} IN (4, 5, 6, 8, 9)", f"{turn} = 7", f"{turn} IN (8, 9)"
    return {
        "teacher_id": f"%(teacher)s + n.i %% {TEACHERS}",
        "status": status,
        "returned_from": f"CASE WHEN {returned} THEN 'IN_CONTACT' ELSE '' END",
        "returned_at": f"CASE WHEN {returned} THEN {_moment('now')} END",
        "first_contact_at": f"CASE WHEN {turn} > 0 THEN {_moment('from')} END",
        "visits_held": f"CASE WHEN {visited} THEN 1 ELSE 0 END",
        "first_held_at": f"CASE WHEN {visited} THEN {_moment('from')} END",
        "end_state": f"CASE WHEN {closed} THEN 'COMPLETED' ELSE '' END",
        "ended_at": f"CASE WHEN {closed} THEN {_moment('now')} END",
        "ended_by_id": f"CASE WHEN {closed} THEN %(by)s END",
    }


def moments(*, days_back: int) -> dict[str, str]:
    """The moments that the SQL names, in UTC as both databases read them."""
    shift = timedelta(days=days_back)
    found = {"from": FIRST_VISIT - shift, "now": NOW - shift, "untold": NOW - shift - timedelta(days=2)}
    return {name: f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for name, at in found.items()}


def _moment(name: str) -> str:
    """A moment of `moments` as SQL."""
    return f"CAST(%({name})s AS timestamptz)" if connection.vendor == "postgresql" else f"datetime(%({name})s)"


def add_history(period: Period) -> None:
    """Three more events and two kinds of support for each copied request of a period that has none yet."""
    json = "jsonb" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        for seq, (kind, facts, at) in enumerate(_HISTORY, start=2):
            statement = _EVENT.format(seq=seq, before=seq - 1, kind=kind, at=at, facts=f"CAST({facts} AS {json})")
            cursor.execute(statement, {"period": period.pk})
        for kind in ("OBSERVATION", "ADVICE"):
            cursor.execute(_WANTED, {"period": period.pk, "kind": kind})


_HISTORY = (
    ("'ASSIGNED'", "'{}'", "submitted_at"),
    ("'CONTACTED'", "'{}'", "coalesce(first_contact_at, submitted_at)"),
    (
        "CASE status WHEN 'CLOSED' THEN 'CLOSED' WHEN 'RETURNED' THEN 'ASKED' WHEN 'SUPPORTING' THEN 'VISIT_HELD' "
        "WHEN 'BOOKED' THEN 'BOOKED' ELSE 'CONTACTED' END",
        """CASE status WHEN 'CLOSED' THEN '{"end_state": "COMPLETED"}' ELSE '{}' END""",
        "coalesce(ended_at, returned_at, first_held_at, first_contact_at, submitted_at)",
    ),
)
"""Kind, facts and moment of each request's events after the first, as SQL."""
_EVENT = """
INSERT INTO referrals_referralevent (referral_id, seq, kind, version, at, recorded_at, by_id, stream, zone_id,
                                     establishment_id, facts)
SELECT referral.id, {seq}, {kind}, 1, {at}, {at}, submitted_by_id, stream, zone_id, establishment_id, {facts}
FROM referrals_referral referral
WHERE period_id = %(period)s AND reference LIKE 'BE-%%' AND {before} = (
  SELECT max(seq) FROM referrals_referralevent event WHERE event.referral_id = referral.id
)
"""
_WANTED = """
INSERT INTO referrals_supportwanted (referral_id, kind)
SELECT id, %(kind)s FROM referrals_referral referral
WHERE period_id = %(period)s AND reference LIKE 'BE-%%' AND NOT EXISTS (
  SELECT 1 FROM referrals_supportwanted one WHERE one.referral_id = referral.id AND one.kind = %(kind)s
)
"""


def add_visits(period: Period, *, requests: int, days_back: int = 0) -> None:
    """Three visits, eight hours apart for each teacher, for each of `requests` of a period that has none yet.

    What is held has its record, but for one in ten. What is ahead of the practice date is planned in open requests.
    """
    is_past = days_back > 0
    each = requests // TEACHERS + 1
    values = moments(days_back=days_back) | {"period": period.pk}
    dialect = _DIALECT[connection.vendor]
    statements = [
        _BOOKINGS.format(**dialect, each=each, now=_moment("now"), untold=_moment("untold"), past=int(is_past)),
        _TEACHERS,
        _VISITS,
        _RECORDS.format(**dialect),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            used = {name: value for name, value in values.items() if f"%({name})s" in statement}
            cursor.execute(statement, used)


_DIALECT = {
    "postgresql": {
        "starts_at": "CAST(%(from)s AS timestamptz) + slot * interval '8 hours'",
        "ends_at": "starts_at + interval '1 hour'",
        "key": "gen_random_uuid()",
        "json": "CAST('{}' AS jsonb)",
        "said": """CAST('{"confidence_before": 2, "confidence_after": 4}' AS jsonb)""",
    },
    "sqlite": {
        "starts_at": "datetime(%(from)s, '+' || (slot * 8) || ' hours')",
        "ends_at": "datetime(starts_at, '+1 hours')",
        "key": "lower(hex(randomblob(16)))",
        "json": "'{}'",
        "said": """'{"confidence_before": 2, "confidence_after": 4}'""",
    },
}
_BOOKINGS = """
INSERT INTO referrals_booking (key, referral_id, kind, mode, starts_at, ends_at, state, sequence, reasons, booked_by_id,
                               booked_at)
SELECT {key}, id, CASE WHEN round = 0 THEN 'OBSERVATION' ELSE 'FOLLOW_UP' END, 'IN_PERSON', starts_at, {ends_at},
       CASE WHEN {past} = 1 THEN 'HELD'
            WHEN status IN ('SUPPORTING', 'CLOSED') AND starts_at < {now} THEN 'HELD'
            WHEN status = 'SUPPORTING' THEN 'PLANNED'
            WHEN status = 'BOOKED' AND starts_at >= {untold} THEN 'PLANNED'
            ELSE 'CANCELLED' END,
       0, {json}, teacher_id, submitted_at
FROM (
  SELECT id, teacher_id, status, submitted_at, round, {starts_at} AS starts_at
  FROM (
    SELECT id, teacher_id, status, submitted_at, round,
           row_number() OVER (PARTITION BY teacher_id, round ORDER BY id) - 1 + round * {each} AS slot
    FROM referrals_referral CROSS JOIN (SELECT 0 AS round UNION ALL SELECT 1 UNION ALL SELECT 2) rounds
    WHERE period_id = %(period)s AND teacher_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM referrals_booking one WHERE one.referral_id = referrals_referral.id)
  ) numbered
) planned
"""
_TEACHERS = """
INSERT INTO referrals_bookingteacher (booking_id, teacher_id, starts_at, ends_at, live)
SELECT booking.id, referral.teacher_id, booking.starts_at, booking.ends_at, booking.state IN ('PLANNED', 'HELD')
FROM referrals_booking booking JOIN referrals_referral referral ON referral.id = booking.referral_id
WHERE referral.period_id = %(period)s
      AND NOT EXISTS (SELECT 1 FROM referrals_bookingteacher one WHERE one.booking_id = booking.id)
"""
_VISITS = """
INSERT INTO referrals_visit (booking_id, referral_id, outcome, reason, note, by_id, at)
SELECT booking.id, referral.id, 'HELD', '', '', referral.teacher_id, booking.ends_at
FROM referrals_booking booking JOIN referrals_referral referral ON referral.id = booking.referral_id
WHERE referral.period_id = %(period)s AND booking.state = 'HELD'
      AND NOT EXISTS (SELECT 1 FROM referrals_visit one WHERE one.booking_id = booking.id)
"""
_RECORDS = """
INSERT INTO referrals_visitrecord (visit_id, edition, reference, version, content, by_id, at)
SELECT visit.id, 1, referral.reference || '/' || visit.id, 1, {said}, visit.by_id, visit.at
FROM referrals_visit visit JOIN referrals_referral referral ON referral.id = visit.referral_id
WHERE referral.period_id = %(period)s AND visit.id %% 10 <> 0
      AND NOT EXISTS (SELECT 1 FROM referrals_visitrecord one WHERE one.visit_id = visit.id)
"""
