"""Many requests, quickly: real actions for the rows that pages show, plain SQL for the thousands around them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from quotas.models import Period
from referrals.models import Referral
from s2s_portal.core import references
from s2s_portal.core.models import RehearsalClock
from s2s_portal.core.text import folded
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role, Source, Stream
from s2s_portal.organisations.models import Establishment, User
from tests import moments
from tests.bench import work
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request

ZONES = 15
SETTINGS = 1_000
PERIODS = 20


@dataclass(frozen=True)
class Case:
    """What the pages measured are opened with."""

    adviser: User
    teacher: User
    reference: str
    draft_key: UUID
    word: str


def build(requests: int) -> Case:
    """`requests` requests in the current period, over 15 zones and 1,000 settings; the adviser has three zones."""
    now = moments.AN_ORDINARY_TUESDAY
    RehearsalClock.objects.create(practice_at=now, beat_at=now)
    load_norfolk_calendar(by=person(Role.ADMINISTRATOR), at=now)
    zones = [ZoneFactory() for _ in range(ZONES)]
    kind = EstablishmentKindFactory()
    names = [f"{word} {number} Pre-school" for number in range(SETTINGS // 4) for word in _WORDS]
    Establishment.objects.bulk_create(
        EstablishmentFactory.build(
            kind=kind, zone=zones[n % ZONES], name=name, name_folded=folded(name), urn=f"EY8{n:05d}"
        )
        for n, name in enumerate(names)
    )
    period_with_places(early_years=1_000_000, mainstream=1_000_000)
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=zones[:3])
    setting = Establishment.objects.filter(zone=zones[0]).order_by("pk").first()
    shown = sent_request(setting, by=adviser)
    teacher = work.teachers()
    _multiply(shown, requests - 1, period=shown.period, teacher=teacher)
    _analyse()
    draft = filled_draft(setting, by=adviser)
    return Case(
        adviser=adviser, teacher=teacher, reference=shown.reference, draft_key=draft.key, word=_WORDS[0].lower()
    )


_WORDS = ("Puffin", "Samphire", "Heron", "Sluice")


def grow_to(requests: int) -> None:
    """Add requests in 19 older periods until there are `requests`; the current period stays as it is."""
    missing = requests - Referral.objects.count()
    shown = Referral.objects.order_by("pk").first()
    teacher = User.objects.filter(memberships__role=Role.S2S_TEACHER).order_by("pk").first()
    by = commissioner()
    for back in range(1, PERIODS):
        old = _older(back, by=by)
        _multiply(shown, missing // (PERIODS - 1), period=old, teacher=teacher, days_back=365 * back)
    _analyse()


def long_period(requests: int) -> Period:
    """A period before all others with so many requests, by twenty teachers of its own."""
    shown = Referral.objects.order_by("pk").first()
    period = _older(PERIODS, by=commissioner())
    _multiply(shown, requests, period=period, teacher=work.teachers(), days_back=365 * PERIODS)
    _analyse()
    return period


def _older(back: int, *, by: User) -> Period:
    """The period so many years before the current one."""
    shift = timedelta(days=365 * back)
    return period_with_places(
        by=by,
        early_years=1_000_000,
        opens_on=date(2024, 9, 2) - shift,
        requests_close_on=date(2024, 12, 13) - shift,
        allocation_deadline_on=date(2024, 12, 20) - shift,
        delivery_ends_on=date(2025, 3, 31) - shift,
    )


def add(case: Case, count: int, *, teacher: User | None = None) -> None:
    """Add so many more to the current period: with visits if there are twenty more teachers for them, else without."""
    shown = Referral.objects.get(reference=case.reference)
    added = Referral.objects.filter(period=shown.period_id).count()
    _multiply(
        shown, count, period=shown.period, teacher=teacher or case.teacher, numbered_from=added, visited=bool(teacher)
    )
    _analyse()


def _multiply(
    shown: Referral,
    count: int,
    *,
    period: Period,
    teacher: User,
    days_back: int = 0,
    numbered_from: int = 0,
    visited: bool = True,
) -> None:
    """Copy `shown` `count` times into `period`, each with a place and four events, spread over settings and days.

    Each is with one of the teachers from `teacher` on, with three visits if they are `visited`.
    """
    quota = quota_of(period, Stream.EARLY_YEARS)
    last = quota.entries.order_by("-seq").first()
    first_setting = Establishment.objects.filter(source=Source.OFSTED).order_by("pk").first().pk
    values = {
        "count": count,
        "quota": quota.pk,
        "seq": last.seq,
        "left": last.left_after,
        "offset": days_back * 1_000 + numbered_from,
        "by": shown.submitted_by_id,
        "at": (shown.submitted_at - timedelta(days=days_back)).isoformat(sep=" "),
        "period": period.pk,
        "shown": shown.pk,
        "first": first_setting,
        "settings": SETTINGS,
        "teacher": teacher.pk,
    } | work.moments(days_back=days_back)
    series, ago, key = _DIALECT[connection.vendor]
    with connection.cursor() as cursor:
        for statement in (_LEDGER.format(reference=_reference()), _referrals(ago, key, days_back), _EVENTS):
            whole = f"{series} {statement}"
            # SQLite counts the values it is given, PostgreSQL does not mind more than are named.
            cursor.execute(whole, {name: value for name, value in values.items() if f"%({name})s" in whole})
    work.add_history(period)
    if visited:
        work.add_visits(period, requests=count, days_back=days_back)


_DIALECT = {
    "postgresql": (
        "WITH n AS (SELECT generate_series(1, %(count)s) AS i)",
        "CAST(%(at)s AS timestamptz) - n.i * interval '5 minutes'",
        "gen_random_uuid()",
    ),
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %(count)s)",
        "datetime(%(at)s, '-' || (n.i * 5) || ' minutes')",
        "lower(hex(randomblob(16)))",
    ),
}
_LEDGER = """
INSERT INTO quotas_ledgerentry (quota_id, seq, kind, places, left_after, reference, reason, by_id, at, recorded_at)
SELECT %(quota)s, %(seq)s + n.i, 'DRAWN', -1, %(left)s - n.i, {reference}, 'Request sent', %(by)s, %(at)s, %(at)s
FROM n
"""


def _reference() -> str:
    """SQL that spells `offset + n.i` as a reference: BE-, four characters, two characters of the alphabet."""
    size = len(references.ALPHABET)
    letters = [
        f"substr('{references.ALPHABET}', 1 + ((%(offset)s + n.i) / {size**place}) %% {size}, 1)" for place in range(6)
    ]
    return f"'BE-' || {' || '.join(letters[:4])} || '-' || {' || '.join(letters[4:])}"


_OWN = ("id", "reference", "submission_key", "place", "establishment", "zone", "period", "submitted_at")


def _referrals(ago: str, key: str, days_back: int) -> str:
    """Copies of `shown` with what is each one's own; what S2S has done with them is `work.columns`."""
    fields = [field for field in Referral._meta.local_concrete_fields if field.name not in _OWN]
    done = work.columns(current=not days_back)
    copied = {field.column: done.get(field.column, f"shown.{field.column}") for field in fields}
    return f"""
INSERT INTO referrals_referral ({", ".join(copied)}, reference, submission_key, place_id, establishment_id, zone_id,
                                period_id, submitted_at)
SELECT {", ".join(copied.values())}, entry.reference, {key}, entry.id, setting.id, setting.zone_id, %(period)s, {ago}
FROM n
JOIN quotas_ledgerentry entry ON entry.quota_id = %(quota)s AND entry.seq = %(seq)s + n.i
JOIN organisations_establishment setting ON setting.id = %(first)s + n.i %% %(settings)s
JOIN referrals_referral shown ON shown.id = %(shown)s
"""


_EVENTS = """
INSERT INTO referrals_referralevent (referral_id, seq, kind, version, at, recorded_at, by_id, stream, zone_id,
                                     establishment_id, facts)
SELECT referral.id, 1, shown.kind, shown.version, referral.submitted_at, referral.submitted_at, shown.by_id,
       referral.stream, referral.zone_id, referral.establishment_id, shown.facts
FROM n
JOIN quotas_ledgerentry entry ON entry.quota_id = %(quota)s AND entry.seq = %(seq)s + n.i
JOIN referrals_referral referral ON referral.place_id = entry.id
JOIN referrals_referralevent shown ON shown.referral_id = %(shown)s AND shown.seq = 1
"""


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
