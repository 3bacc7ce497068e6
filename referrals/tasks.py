"""Background work of the waiting list (R7), on planned visits and on files. The portal's own user does it."""

from datetime import time, timedelta

from quotas.choices import CONTRACT_EXTENDED, CUT_OFF_MOVED, FILL_PLACES
from quotas.queries import periods_with_ids
from referrals.actions import (
    attachments,
    bringing_back,
    deadlines,
    flagging,
    purging,
    reconciling,
    rollover_deciding,
    rollover_running,
    rollover_sweeping,
    rollover_undoing,
    telling_dates,
    waiting,
)
from referrals.choices import RUN_LINE, UNDO_LINE, Deadline
from referrals.queries import contract_ends, standards
from referrals.queries import deadlines as deadline_queries
from referrals.queries.bookings import ids_of_requests
from referrals.queries.contracts import changes_with_ids
from referrals.queries.waiting import quotas_waited_for
from referrals.reminders import sending
from referrals.rules.rollover import BEGINS_WORKING_DAYS_BEFORE
from s2s_portal.core import clock
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.registry import Run, job
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import CHECK_BOOKINGS, LOOK_AGAIN
from s2s_portal.organisations.queries import calendar


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


@job(
    "send_reminders",
    label="Remind people of what waits for them",
    daily=time(8),
    newest_only=True,  # what an outage missed is due still, and goes once
)
def send_reminders(run: Run) -> str:
    """Queue every reminder that is due and was not sent, and write down why any was not. Says how many went."""
    sent = sending.send(at=run.at, stopping=run.stopping)
    return f"{sent} sent" if sent else ""


@job(
    LOOK_AGAIN,
    label="Reckon reminders anew when days or standards have changed",
    daily=time(0, 15),  # whoever changes something now asks for it at once; this is for standards that had to wait
    on_request=True,
)
def look_again(run: Run) -> str:
    """Have every open request looked at again with the next reminders. Says how many.

    When nobody asked: only if other standards have come into force with this day.
    """
    if not run.subjects and not standards.begin_on(london_date(run.at)):
        return ""
    return f"{sending.look_again(at=run.at)} to look at again"


@job(CUT_OFF_MOVED, label="Bring back what a cut-off had ended that was moved to a later day", on_request=True)
def cut_off_moved(run: Run) -> str:
    """Put lapsed requests back on their lists and tell advisers who were refused. Says how many."""
    portal = ensure_system_user()
    back = told = 0
    for period in periods_with_ids(run.subjects):
        for quota in period.quotas.order_by("pk"):
            back += bringing_back.bring_back(quota=quota, by=portal, at=run.at, stopping=run.stopping)
        told += bringing_back.tell_refused(period=period, at=run.at)
    return f"{back} back on a waiting list, {told} told"


@job(CONTRACT_EXTENDED, label="Tell people of planned visits that their contract was extended", on_request=True)
def contract_extended(run: Run) -> str:
    """Tell advisers, contacts and teachers of requests with a planned visit. Says of how many requests."""
    told = [telling_dates.extended(change=change, at=run.at) for change in changes_with_ids(run.subjects)]
    return f"{sum(told)} told" if sum(told) else ""


@job(RUN_LINE, label="Move, close or keep one request at its contract’s end", on_request=True)
def contract_end_line(run: Run) -> str:
    """Do what was decided about the requests of these lines, and write down when all are done."""
    portal = ensure_system_user()
    for subject in run.subjects:
        line = rollover_running.run_line(pk=int(subject), by=portal, at=run.at)
        if line is not None and contract_ends.is_through(line.rollover):
            rollover_running.finish(rollover=line.rollover, by=portal, at=run.at)
    return ""


@job(UNDO_LINE, label="Move one request back from the new contract", on_request=True)
def contract_end_undo(run: Run) -> str:
    """Move the requests of these lines back, and write down when all are."""
    portal = ensure_system_user()
    for subject in run.subjects:
        line = rollover_undoing.undo_line(pk=int(subject), by=portal, at=run.at)
        if line is not None and contract_ends.is_through(line.rollover):
            rollover_running.finish(rollover=line.rollover, by=portal, at=run.at)
    return ""


@job("contract_ends", label="Begin, look at and sweep up contracts’ ends", daily=time(5, 10))
def contract_ends_daily(run: Run) -> str:
    """Begin the end of contracts that end soon, look again at what is being decided, sweep up what came late."""
    portal, begun, found = ensure_system_user(), 0, 0
    soon = calendar.days().add_working_days(london_date(run.at), BEGINS_WORKING_DAYS_BEFORE)
    for rollover in contract_ends.being_decided():
        rollover_deciding.look_again(rollover=rollover, by=portal, at=run.at)
    for contract in contract_ends.ending(soon):
        rollover_deciding.begin(source=contract, target=contract_ends.following(contract), by=portal, at=run.at)
        begun += 1
    for rollover in contract_ends.going_on():
        rollover_running.finish(rollover=rollover, by=portal, at=run.at)
        found += rollover_sweeping.sweep(rollover=rollover, by=portal, at=run.at).found
    return f"{begun} begun, {found} found late" if begun or found else ""


@job("cut_off_passed", label="Tell what a period’s intake came to", daily=time(0, 5), newest_only=True)
def cut_off_passed(run: Run) -> str:
    """Tell people, once, that requests of a stream have closed, with the sums. Says of how many streams."""
    return _account(Deadline.CUT_OFF, run)


@job("allocation_ended", label="Tell which places were given", daily=time(0, 20), newest_only=True)
def allocation_ended(run: Run) -> str:
    """Tell commissioners, once, that no more places are given, with the sums; after those that got none have ended."""
    return _account(Deadline.ALLOCATION, run)


def _account(deadline: Deadline, run: Run) -> str:
    portal = ensure_system_user()
    passed = [quota for quota in deadline_queries.unaccounted(deadline, run.at) if not run.stopping()]
    told = [deadlines.account(quota=quota, deadline=deadline, by=portal, at=run.at) for quota in passed]
    return f"{len([one for one in told if one])} told" if any(told) else ""


@job("purge_drafts", label="Announce and delete drafts that nobody touches", daily=time(7, 40), newest_only=True)
def purge_drafts(run: Run) -> str:
    """Announce twice, then delete, drafts that nobody has touched for long after the cut-off. Says how many."""
    done = purging.purge(by=ensure_system_user(), at=run.at, stopping=run.stopping)
    return f"{done.announced} announced, {done.deleted} deleted" if done.announced or done.deleted else ""


@job("reconcile", label="Compare the ledger with the requests", daily=time(3, 0), newest_only=True)
def reconcile(run: Run) -> str:
    """Compare every line of the ledger with the requests, and tell people if they differ. Says how many do."""
    count = reconciling.reconcile(by=ensure_system_user(), at=run.at).count
    return f"{count} differences" if count else ""
