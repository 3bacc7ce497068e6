"""Background work of the waiting list (R7), on planned visits and on files. The portal's own user does it."""

from datetime import time, timedelta

from quotas.choices import FILL_PLACES
from referrals.actions import attachments, flagging, waiting
from referrals.queries.bookings import ids_of_requests
from referrals.queries.waiting import quotas_waited_for
from s2s_portal.core import clock
from s2s_portal.jobs.registry import Run, job
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import CHECK_BOOKINGS


@job(
    FILL_PLACES,
    label="Give places that come free to requests that wait",
    every=timedelta(minutes=5),  # whoever frees a place asks for it at once; this finds what nobody asked for
    on_request=True,
)
def fill_places(run: Run) -> str:
    """Give free places, in order, to those who wait; after the cut-off tell the commissioners of them instead.

    For the quotas whose ids were asked for, or for every quota that somebody waits for. Says which requests got one.
    """
    portal = ensure_system_user()
    given = []
    for quota in quotas_waited_for(run.subjects or None):
        given += waiting.fill(quota=quota, by=portal, at=run.at, stopping=run.stopping)
    return f"{len(given)} given: {', '.join(one.reference for one in given)}" if given else ""


@job("lapse_waiting", label="End requests that no place came free for", daily=time(0, 10))
def lapse_waiting(run: Run) -> str:
    """End what still waits after its allocation deadline. Says how many."""
    portal = ensure_system_user()
    ended = [waiting.lapse(quota=quota, by=portal, at=run.at, stopping=run.stopping) for quota in quotas_waited_for()]
    return f"{sum(ended)} ended" if sum(ended) else ""


@job(
    CHECK_BOOKINGS,
    label="Look again at planned visits when calendars, teachers, contracts or agreements change",
    daily=time(4, 30),  # whoever changes something asks for it at once; this finds what nobody asked for
    on_request=True,
)
def check_bookings(run: Run) -> str:
    """Flag planned visits that have become doubtful, and settle flags whose cause has gone. Says how many.

    For the requests whose ids were asked for, or, asked for "all" or for nothing in particular, for every one.
    """
    one_by_one = bool(run.subjects) and "all" not in run.subjects
    some = ids_of_requests([int(subject) for subject in run.subjects]) if one_by_one else None
    found = flagging.check(bookings=some, by=ensure_system_user(), at=run.at, stopping=run.stopping)
    return f"{found.raised} flagged, {found.settled} settled" if found.raised or found.settled else ""


STRAY_AFTER = timedelta(days=1)
"""A file without a row that is younger may be one that is being attached."""


@job("forget_strays", daily=time(3, 50), label="Delete stored files that belong to nothing")
def forget_strays(run: Run) -> str:
    """Delete what a process that died while attaching or removing a file left behind. Files have real dates."""
    gone = attachments.forget_strays(before=clock.real_now() - STRAY_AFTER)
    return f"{gone} deleted" if gone else ""
