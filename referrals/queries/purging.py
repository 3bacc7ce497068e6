"""Which drafts are to be announced or deleted, and the day that a draft's page shows."""

from collections.abc import Iterable, Iterator
from datetime import date

from quotas.choices import Referrers
from quotas.models import Quota
from referrals.models import DraftReferral
from referrals.rules import purging
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.queries.calendar import days

AT_A_TIME = 500


def cut_offs(today: date) -> dict[str, date]:
    """By stream the last day on which a request of it can, or could, be sent.

    A period that opens within `purging.KEPT_FOR` counts already: what is unsent can be sent then.
    """
    found: dict[str, date] = {}
    opening = Quota.objects.filter(period__opens_on__lte=today + purging.KEPT_FOR).select_related("period__contract")
    for quota in opening:
        if _takes(quota):
            day = quota.period.requests_close_on
            found[quota.stream] = max(found.get(quota.stream, day), day)
    return found


def _takes(quota: Quota) -> bool:
    """Whether somebody may file requests of the quota's stream under its contract."""
    return quota.stream == Stream.MAINSTREAM or quota.period.contract.referrers != Referrers.SEND_ADVISERS


def seen(draft: DraftReferral, cut_off: date | None) -> purging.Draft:
    """What of a draft decides; `cut_off` is that of its stream.

    What was announced of an earlier edition, or before a later period took requests, counts for nothing.
    """
    since = draft.warned_on is not None and cut_off is not None and draft.warned_on > cut_off
    told = since and draft.warned_edition == draft.edition
    return purging.Draft(
        cut_off=cut_off,
        changed_on=london_date(draft.changed_at),
        warned_on=draft.warned_on if told else None,
        warned_again_on=draft.warned_again_on if told else None,
    )


def deletion_days(drafts: Iterable[DraftReferral], today: date) -> dict[int, date]:
    """The day on which each of these drafts will be deleted if nobody touches it, by id; not those that are kept."""
    known = cut_offs(today)
    late = [draft for draft in drafts if draft.stream in known and known[draft.stream] < today]
    if not late:  # almost always: the calendar need not be read
        return {}
    calendar = days()
    shown = {one.pk: purging.deleted_on(seen(one, known[one.stream]), today=today, days=calendar) for one in late}
    return {pk: day for pk, day in shown.items() if day is not None}


def to_do(today: date, calendar: Days) -> Iterator[tuple[int, date]]:
    """The drafts about which something is to be done today: id, and the cut-off of their stream. Bounded memory."""
    known = cut_offs(today)
    over = [stream for stream, day in known.items() if day < today]
    columns = ("pk", "stream", "changed_at", "edition", "warned_edition", "warned_on", "warned_again_on")
    drafts = DraftReferral.objects.filter(stream__in=over).order_by("pk").only(*columns)
    last = 0
    while some := list(drafts.filter(pk__gt=last)[:AT_A_TIME]):  # read in parts, as each is dealt with in between
        last = some[-1].pk
        for draft in some:
            cut_off = known[draft.stream]
            if purging.step(seen(draft, cut_off), today=today, days=calendar) != purging.Step.NOTHING:
                yield draft.pk, cut_off
