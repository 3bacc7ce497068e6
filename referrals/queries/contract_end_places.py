"""Where the request of each line of a contract's end really is: by its own status and the ledger (R15).

The line says what was done; the request, and the ledger of the contract that follows, say whether it is so.
"""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from quotas.choices import EntryKind
from quotas.models import LedgerEntry
from referrals.choices import EventKind, Fate, LineState, RolloverStage, Status
from referrals.models import Referral, ReferralEvent, RolloverLine
from referrals.rules.lifecycle import OPEN_WITH_S2S

FINISHING, MOVED, CLOSED, TO_DO, UNDONE = "finishing", "moved", "closed", "to_do", "undone"
"""Where a request can be, as the terms of R15's sum (`rules.rollover.Account`)."""
NOWHERE = "nowhere"
"""Its status or the ledger contradicts its line: it is lost from the sum until somebody has looked at it."""


def with_place(lines: QuerySet[RolloverLine]) -> QuerySet[RolloverLine]:
    """The lines, each with `place`: where its request is, as one of the words above.

    A request that was to finish and has ended since has finished. One that was closed and is open again finishes under
    the old contract until it is looked at again.
    """
    is_open = Q(referral__status__in=OPEN_WITH_S2S)
    has_ended = Q(referral__status__in=(Status.CLOSED, Status.WITHDRAWN, Status.DECLINED))
    goes_on = Q(referral__status=Status.TRANSFERRED) & Exists(_going_on())
    # An end that was undone keeps its account, also when a later one has moved the request.
    moved_later = goes_on & Q(rollover__stage=RolloverStage.UNDONE)
    is_here = is_open | has_ended | moved_later
    done = Q(state=LineState.DONE)
    return lines.annotate(
        place=Case(
            When(is_here & Q(state=LineState.PENDING), then=Value(TO_DO)),
            When(done & Q(outcome=Fate.FINISH) & is_here, then=Value(FINISHING)),
            When(done & Q(outcome=Fate.CLOSE) & is_open, then=Value(FINISHING)),
            When(done & Q(outcome=Fate.CLOSE) & is_here, then=Value(CLOSED)),
            When(Q(outcome=Fate.MOVE, state__in=(LineState.DONE, LineState.UNDOING)) & goes_on, then=Value(MOVED)),
            When(is_here & Q(state=LineState.UNDONE), then=Value(UNDONE)),
            default=Value(NOWHERE),
        )
    )


def _going_on() -> QuerySet[Referral]:
    """For a subquery of lines: what goes on from the line's request, with its line of the ledger, not moved back."""
    carried = LedgerEntry.objects.filter(kind=EntryKind.CARRIED, reference=OuterRef("reference"))
    undone = ReferralEvent.objects.filter(referral=OuterRef("pk"), kind=EventKind.CARRY_UNDONE)
    return Referral.objects.filter(Exists(carried), ~Exists(undone), continues=OuterRef("referral"))
