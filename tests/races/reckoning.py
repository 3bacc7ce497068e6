"""What must hold of one quota after any race: its whole history is gone through again, line by line and event by event.

Events of one quota are written under its lock, so the order of their ids is the order in which things happened.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise

from django.db.models import Prefetch

from quotas import queries as quota_queries
from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.choices import EventKind, Status
from referrals.models import CohortSchool, Referral, ReferralEvent
from referrals.queries.waiting import waiting_for
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import ChangeOutcome, Stream
from s2s_portal.organisations.models import ProposedChange

PREFIXES = {Stream.EARLY_YEARS: "EY-", Stream.MAINSTREAM: "MS-"}
TELLS = {
    EventKind.SUBMITTED: "request-sent",
    EventKind.JOINED: "waiting-joined",
    EventKind.WITHDRAWN: "request-withdrawn",
    EventKind.LEFT: "request-withdrawn",
}


def check_exact(*quotas: Quota) -> None:
    """Ledger, requests, waiting list, history and messages of these quotas agree, and nobody was overtaken."""
    for quota in quotas:
        check_ledger(quota)
        check_history(quota)
        check_cohorts(quota)
    check_messages()
    assert not LedgerEntry.objects.exclude(quota__in=quotas).exclude(kind=EntryKind.GRANTED).exists()


def check_ledger(quota: Quota) -> None:
    """Seq without gaps, the sum in every line, and exactly one live draw for each request that holds a place."""
    lines = list(quota.entries.order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    left = 0
    for line in lines:
        left += line.places
        assert line.left_after == left
        assert line.kind != EntryKind.DRAWN or left >= 0
    balance = quota_queries.balance_of(quota)
    assert balance.left == quota_queries.places_left(quota) == left
    assert left == balance.granted + balance.adjusted - balance.drawn + balance.released
    answered = {line.answers_id for line in lines if line.answers_id}
    live = {line.pk: line.reference for line in lines if line.kind == EntryKind.DRAWN and line.pk not in answered}
    assert max(Counter(live.values()).values(), default=0) <= 1
    requests = Referral.objects.filter(period=quota.period_id, stream=quota.stream)
    assert live == dict(requests.filter(place__isnull=False).values_list("place_id", "reference"))
    assert balance.drawn - balance.released == len(live) == requests.filter(status=Status.SUBMITTED).count()
    assert all(reference.startswith(PREFIXES[Stream(quota.stream)]) for reference in live.values())
    assert not Referral.objects.exclude(stream=quota.stream).filter(place__quota=quota).exists()


def check_history(quota: Quota) -> None:
    """Each request's events are 1 to n, and from first to last nobody overtook anyone on the waiting list (R7)."""
    requests = Referral.objects.filter(period=quota.period_id, stream=quota.stream)
    events = list(ReferralEvent.objects.filter(referral__in=requests).select_related("referral").order_by("pk"))
    seqs: dict[int, list[int]] = {request.pk: [] for request in requests}
    for event in events:
        seqs[event.referral_id].append(event.seq)
    assert all(found == list(range(1, len(found) + 1)) and found for found in seqs.values())
    lines = [event.facts["ledger_seq"] for event in events if "ledger_seq" in event.facts]
    used = quota.entries.filter(kind__in=[EntryKind.DRAWN, EntryKind.RELEASED])
    assert lines == list(used.order_by("seq").values_list("seq", flat=True))
    turns = sorted(request.turn for request in requests if request.turn)
    assert turns == list(range(1, len(turns) + 1))
    assert gone_through(events) == list(waiting_for(quota).values_list("turn", flat=True))


def gone_through(events: Iterable[ReferralEvent]) -> list[int]:
    """Go through a quota's events in order and return the turns that wait at the end."""
    waiting: list[int] = []  # turns in order
    for event in events:
        facts, turn = event.facts, event.referral.turn
        match event.kind:
            case EventKind.SUBMITTED:
                assert facts["places_left"] >= len(waiting), f"{event.referral} overtook those who wait"
            case EventKind.JOINED:
                assert (facts["turn"], facts["ahead"]) == (turn, len(waiting))
                assert facts["places_left"] <= len(waiting), f"{event.referral} waits for a place that is free"
                waiting.append(turn)
            case EventKind.PLACE_GIVEN:
                assert waiting.pop(0) == turn, f"{event.referral} got a place before its turn"
            case EventKind.LEFT:
                waiting.remove(turn)
                assert facts["waiting"] == len(waiting)
    assert waiting == sorted(waiting)
    return waiting


def check_cohorts(quota: Quota) -> None:
    """Each sending of a cohort is whole: every school that was sent has its request, and no other school has one."""
    if quota.stream != Stream.MAINSTREAM:
        return
    sent = CohortSchool.objects.filter(sent_edition__isnull=False)
    made = Referral.objects.filter(cohort__isnull=False)
    assert set(sent.values_list("key", "cohort")) == set(made.values_list("submission_key", "cohort"))
    sending_of = {key: sending for key, *sending in sent.values_list("key", "cohort", "sent_edition")}
    began = ReferralEvent.objects.filter(seq=1, stream=quota.stream).order_by("pk")
    in_order = [sending_of.get(key) for key in began.values_list("referral__submission_key", flat=True)]
    runs = [sending for sending, _ in groupby(in_order) if sending is not None]
    assert len(runs) == len({tuple(sending) for sending in runs}), "something came between the requests of a cohort"


def check_messages() -> None:
    """Whoever is told of what happened is told once: the outbox holds these messages about requests and no others."""
    expected: Counter[str] = Counter()
    of_cohorts: dict[tuple[int, int], list[str]] = {}
    edition_of = dict(CohortSchool.objects.values_list("key", "sent_edition"))
    for event in ReferralEvent.objects.select_related("referral").order_by("pk"):
        request = event.referral
        together = event.seq == 1 and request.cohort_id is not None
        if together:
            edition = edition_of[request.submission_key]
            of_cohorts.setdefault((request.cohort_id, edition), []).append(request.reference)
        if event.kind == EventKind.PLACE_GIVEN:
            expected.update([f"place-given:{request}:adviser", f"request-sent:{request}:contact"])
        elif event.kind in TELLS:
            told = ["contact"] if together else ["adviser", "contact"]
            again = event.kind in (EventKind.WITHDRAWN, EventKind.LEFT)  # may come more than once
            which = f"{request}:{event.seq}" if again else str(request)
            expected.update(f"{TELLS[event.kind]}:{which}:{whom}" for whom in told)
    expected.update(f"cohort-sent:{references[0]}" for references in of_cohorts.values())
    prefixes = tuple({"place-given", "cohort-sent", *TELLS.values()})
    keys = [key for key in Notification.objects.values_list("key", flat=True) if key.startswith(prefixes)]
    assert Counter(keys) == expected


def check_steps() -> None:
    """Each request's history is one that the lifecycle allows, from its beginning to its status now."""
    allowed = {
        (EventKind.SUBMITTED, EventKind.WITHDRAWN),
        (EventKind.JOINED, EventKind.LEFT),
        (EventKind.JOINED, EventKind.PLACE_GIVEN),
        (EventKind.PLACE_GIVEN, EventKind.WITHDRAWN),
    }
    ends = {
        EventKind.SUBMITTED: Status.SUBMITTED,
        EventKind.PLACE_GIVEN: Status.SUBMITTED,
        EventKind.JOINED: Status.WAITING,
        EventKind.LEFT: Status.WITHDRAWN,
        EventKind.WITHDRAWN: Status.WITHDRAWN,
    }
    events = ReferralEvent.objects.order_by("seq")
    for request in Referral.objects.prefetch_related(Prefetch("events", queryset=events)):
        kinds = [EventKind(event.kind) for event in request.events.all()]
        assert set(pairwise(kinds)) <= allowed
        assert ends[kinds[-1]] == request.status


def check_moves() -> None:
    """An approved move is two lines that together are nothing, one in each stream; any other change is none."""
    for change in ProposedChange.objects.all():
        lines = LedgerEntry.objects.filter(change=change)
        approved = change.outcome == ChangeOutcome.APPROVED
        assert sorted(lines.values_list("places", flat=True)) == (
            [-change.facts["places"], change.facts["places"]] if approved else []
        )
        assert lines.values("quota").distinct().count() == (2 if approved else 0)
