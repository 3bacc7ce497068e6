"""The school's or setting's contact cancels a planned visit or asks for another time, by the link of its message."""

from datetime import datetime

from django.db import transaction

from referrals.actions import history, moving, planned_visits, telling_setting
from referrals.actions.steps import NOT_YOURS, Step, locked
from referrals.choices import BookingProblem, BookingState, WhoAsked
from referrals.documents import ChangeWantedFacts
from referrals.models import Booking, BookingFlag, Referral
from referrals.queries import setting
from referrals.rules import bookings as rules
from s2s_portal.core import spoken
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import SignedLink

ASKS = "The school or setting asks for another time. Why is in the request’s history."
ASKED = "You have asked for another time already. S2S will be in touch with you."
CHANGED = "S2S has changed this visit since you opened the page. Look at its time again."


@transaction.atomic
def cancel(*, link: SignedLink, sequence: int, note: str, at: datetime) -> Step:
    """Cancel the visit that `link` opens; `sequence` is the booking's as the contact saw it. Not once it has begun."""
    row, booking, refusal = _opened(link, sequence, at)
    if refusal or not links.use(link, at=at):
        return Step(row, refusal or CHANGED)
    by = ensure_system_user()
    planned_visits.cancel(booking=booking, referral=row, asked_by=WhoAsked.SETTING, note=note, by=by, at=at)
    moving.step_down(row)
    _wrote("cancelled a visit", row)
    return Step(row)


@transaction.atomic
def ask_for_another_time(*, link: SignedLink, sequence: int, note: str, at: datetime) -> Step:
    """Tell the teacher that the visit's time does not suit: it stays planned, and flagged until somebody deals with it.

    Asked again before that, it changes nothing.
    """
    row, booking, refusal = _opened(link, sequence, at)
    if refusal:
        return Step(row, refusal)
    flag, is_new = BookingFlag.objects.get_or_create(
        booking=booking, cause=BookingProblem.SETTING_ASKS, detail=ASKS, defaults={"raised_at": at}
    )
    if not is_new and flag.settled_at is None:
        return Step(row, ASKED)
    flag.raised_at, flag.settled_at, flag.settled_by, flag.settlement = at, None, None, ""
    flag.save()
    facts = ChangeWantedFacts(
        booking=str(booking.key),
        kind=booking.kind,
        starts_at=booking.starts_at.isoformat(),
        contact=row.contact_name,
        note=note,
    )
    event = history.append(referral=row, facts=facts, by=ensure_system_user(), at=at)
    when = spoken.moment_with_weekday(booking.starts_at)
    telling_setting.answered(
        referral=row,
        key=f"other-time:{row.reference}:{event.seq}",
        sentence=f"The school or setting asks for another time for the visit on {when}. Why is on the request’s page.",
        at=at,
    )
    _wrote("asked for another time for a visit", row)
    return Step(row)


def _opened(link: SignedLink, sequence: int, at: datetime) -> tuple[Referral, Booking, str]:
    """The request, locked, the visit as it is now, and why it cannot be changed ("" if it can)."""
    row, booking = locked(setting.request_behind(link)), setting.visit_for(link)
    if not setting.is_contact(link, row):
        return row, booking, NOT_YOURS
    if booking.state != BookingState.PLANNED or booking.sequence != sequence:
        return row, booking, CHANGED
    return row, booking, "The visit has begun." if rules.cannot_change(starts_at=booking.starts_at, at=at) else ""


def _wrote(what: str, row: Referral) -> None:
    links.record_access(kind=AuditKind.WRITE, what=what, reference=row.reference, email=row.contact_email)
