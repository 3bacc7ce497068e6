"""The lives of a generated history, drawn from a seed and made through the real actions, one request at a time."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from quotas.actions import moves, places
from quotas.choices import EntryKind
from quotas.models import Period
from referrals.actions import requests, rollover_deciding, rollover_undoing, waiting, withdrawing
from referrals.choices import Fate, Plan, SenStatus, Status, SupportKind, WithdrawReason, YearGroup
from referrals.models import DraftReferral, Referral, Rollover
from s2s_portal.organisations.choices import Stream
from tests.factories import cohorts
from tests.factories import contract_ends as ends
from tests.factories.history.people import NOW, Council, some_hour
from tests.factories.history.walks import Walk
from tests.factories.quotas import quota_of
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import LONDON

EARLY, MAIN = Stream.EARLY_YEARS, Stream.MAINSTREAM
FIRST_LIVES, LIVES, WAITING, REFUSED = 12, 34, 8, 6
BEFORE_FROM, FROM = date(2024, 11, 4), date(2025, 4, 1)
FULL_AT = datetime(2025, 11, 10, 9, 0, tzinfo=LONDON)
FOR_NOW = "None left for a while"
AGREED = {"agreement_on": date(2024, 11, 1)}
YEARS = {
    EARLY: (YearGroup.UNDER_2, YearGroup.N1, YearGroup.N2),
    MAIN: (YearGroup.R, YearGroup.Y1, YearGroup.Y4, YearGroup.Y8),
}


@dataclass
class Lives:
    """The council, the end of its first contract, and what was made: by life the ids of its requests.

    `refused` are the keys of drafts that were refused and never sent.
    """

    council: Council
    rollover: Rollover
    requests: list[list[int]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def answers(council: Council, stream: Stream) -> dict:
    """What a request says, drawn."""
    rng = council.rng
    told = {
        "primary_need_id": rng.choice(council.needs[:5]).pk,
        "year_group": rng.choice(YEARS[stream]),
        "sen_status": rng.choice(list(SenStatus)),
        "support_wanted": rng.sample(list(SupportKind), rng.randint(1, 3)),
        "goal_2": rng.choice(("", "Joins two others in play.")),
    }
    early = {"conversation_on": date(2024, 11, 1)} if stream == EARLY else {}
    return told | AGREED | early


def sent(council: Council, at: datetime, stream: Stream | None = None) -> Referral:
    """One request, of either stream unless said."""
    stream = stream or council.rng.choice((EARLY, MAIN))
    by = council.adviser_of(stream)
    return sent_request(council.somewhere(stream), by=by, at=at, **answers(council, stream))


def made(council: Council) -> Lives:
    """All of it. What belongs to the first contract comes first, as its end moves some into the second."""
    _move_places(council)  # first: later on places that came free may just be being given
    first = [sent(council, _day(council, BEFORE_FROM, 30)) for _ in range(FIRST_LIVES)] + _cohort(
        council, date(2024, 12, 2)
    )
    for row in first:
        Walk(council, row, row.submitted_at).go(ends.LAST_DAY - timedelta(days=1), steps=council.rng.randint(1, 14))
    lapsed = _lapsed(council)
    rollover = _first_contract_ends(council)
    lives = Lives(council, rollover, requests=[[row.pk] for row in first])
    lives.requests += [[row.pk] for row in lapsed]
    _go_on(lives)
    later = [sent(council, _day(council, FROM, 225)) for _ in range(LIVES)] + _cohort(council, date(2025, 9, 15))
    for row in later:
        Walk(council, row, row.submitted_at).go(NOW, steps=council.rng.randint(2, 30))
    later += _waiting(council)
    lives.requests += [[row.pk] for row in later]
    lives.refused = _refused(council)
    return lives


def _day(council: Council, first: date, days: int) -> datetime:
    return some_hour(council.rng, first + timedelta(days=council.rng.randrange(days)))


def _cohort(council: Council, day: date) -> list[Referral]:
    """Three schools of one cohort."""
    at = some_hour(council.rng, day)
    schools = [council.places_of_zones[zone.pk, MAIN][0] for zone in council.zones[:3]]
    cohort = cohorts.ready_cohort(schools, by=council.send_adviser, at=at)
    cohort = cohorts.planned(cohort, *[Plan.NOW] * 3, by=council.send_adviser, at=at)
    cohorts.send(cohort, by=council.send_adviser, at=at)
    return list(cohort.requests.order_by("pk"))


def _lapsed(council: Council) -> list[Referral]:
    """Two that waited for a place of the first contract until none came free, and one that was refused too late."""
    at = datetime(2024, 12, 12, 10, 0, tzinfo=LONDON)
    some = _on_the_list(council, council.before, EARLY, 2, at)
    waiting.lapse(
        quota=quota_of(council.before, EARLY), by=council.portal, at=datetime(2024, 12, 21, 8, 0, tzinfo=LONDON)
    )
    late = filled_draft(council.somewhere(MAIN), by=council.send_adviser, at=at, **answers(council, MAIN))
    assert requests.submit(key=late.key, by=council.send_adviser, at=at + timedelta(days=2)).decision
    return some


def _on_the_list(council: Council, period: Period, stream: Stream, count: int, at: datetime) -> list[Referral]:
    """So many that wait, as all places that are left were taken away: a line that is left out of the whole ledger."""
    quota, rows = quota_of(period, stream), []
    with transaction.atomic():
        locked = places.locked(quota)
        places.append(locked, EntryKind.ADJUSTED, -locked.left, reason=FOR_NOW, by=council.one, at=at)
    for number in range(count):
        then = at + timedelta(hours=number)
        draft = filled_draft(
            council.somewhere(stream), by=council.adviser_of(stream), at=at, **answers(council, stream)
        )
        if number % 3 == 1:  # refused first, then put on the list
            assert requests.submit(key=draft.key, by=council.adviser_of(stream), at=then).decision
        rows.append(requests.submit(key=draft.key, by=council.adviser_of(stream), at=then, or_wait=True).referral)
    return rows


def _first_contract_ends(council: Council) -> Rollover:
    """What can be moved is; of that, one is moved back alone."""
    rollover = ends.begun(council.before, council.period.contract)
    for line in rollover.lines.filter(fate=Fate.ASK).select_related("rollover__source", "rollover__target"):
        fate = council.rng.choice((Fate.FINISH, Fate.CLOSE, Fate.MOVE))
        rollover_deciding.decide(line=line, fate=fate, note="", by=council.one, at=ends.LAST_DAY)
    rollover = ends.ran(ends.approved(rollover))
    moved = rollover.lines.filter(outcome=Fate.MOVE).select_related("rollover").first()
    assert moved is not None
    back = rollover_undoing.undo_one(line=moved, by=council.one, at=ends.LAST_DAY + timedelta(hours=2))
    assert not back.refusal, back.refusal
    rollover_undoing.undo_line(pk=moved.pk, by=council.portal, at=ends.LAST_DAY + timedelta(hours=3))
    return Rollover.objects.get(pk=rollover.pk)


def _go_on(lives: Lives) -> None:
    """What was carried over goes on, and for some weeks so does what finishes under the first contract."""
    rng, begin = lives.council.rng, ends.LAST_DAY + timedelta(days=1)
    for life in lives.requests:
        row = Referral.objects.get(pk=life[0])
        Walk(lives.council, row, begin).go(begin + timedelta(days=40), steps=rng.randint(0, 6))
        for following in Referral.objects.filter(continues=row):
            life.append(following.pk)
            if following.status != Status.WITHDRAWN:  # else its move was undone
                Walk(lives.council, following, begin).go(NOW, steps=rng.randint(1, 14))


def _waiting(council: Council) -> list[Referral]:
    """Of those that joined the list one left it and some got a place that another gave back."""
    rows = []
    for stream in (EARLY, MAIN):
        giver = sent(council, FULL_AT - timedelta(days=3), stream)
        some = _on_the_list(council, council.period, stream, WAITING // 2, FULL_AT)
        Walk(council, giver, FULL_AT + timedelta(days=1)).withdraw(giver)
        given = waiting.fill(quota=council.quota(stream), by=council.portal, at=FULL_AT + timedelta(days=1, hours=3))
        assert given == some[:1]
        why = {"reason": WithdrawReason.CHILD_MOVED, "note": "", "leaving": True}
        leaver = some[1]
        withdrawing.withdraw(referral=leaver, **why, by=council.adviser_of(stream), at=FULL_AT + timedelta(days=2))
        Walk(council, given[0], FULL_AT + timedelta(days=2)).go(NOW)
        rows += [giver, *some]
    return rows


def _refused(council: Council) -> list[str]:
    """Drafts that were refused as all places are used, one of them twice."""
    keys = []
    for number in range(REFUSED):
        stream = (EARLY, MAIN)[number % 2]
        by, at = council.adviser_of(stream), FULL_AT + timedelta(days=3 * number, hours=4)
        draft = filled_draft(council.somewhere(stream), by=by, at=FULL_AT, **answers(council, stream))
        for again in range(1 + (number == 0)):
            assert requests.submit(key=draft.key, by=by, at=at + timedelta(days=8 * again)).decision
        keys.append(str(draft.key))
    assert DraftReferral.objects.filter(key__in=keys).count() == REFUSED
    return keys


def _move_places(council: Council) -> None:
    """Two commissioners move three places from one stream to the other."""
    at = datetime(2025, 10, 6, 11, 0, tzinfo=LONDON)
    told = {
        "source": council.quota(EARLY),
        "target": council.quota(MAIN),
        "places": 3,
        "reason": "Schools ask for more.",
    }
    change = moves.propose(**told, by=council.one, at=at)
    assert not moves.approve(change=change, by=council.other, at=at + timedelta(days=1)).problem
