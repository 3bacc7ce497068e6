"""What the reminders of a request say: the fields of each message. Nothing about a child, nothing that was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from referrals.actions import telling_setting
from referrals.choices import BookingMode, ReminderKind
from referrals.documents.invitations import location
from referrals.models import Offer, Referral, VisitRecord
from referrals.queries.reminding import Watched
from referrals.reminders.recipients import Recipient, Whom, booking_of
from referrals.rules import clocks
from referrals.rules.reminder_kinds import MAY_DECLINE_STEP
from referrals.rules.reminders import Due
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days, london_date

Context = dict[str, object]


@dataclass(frozen=True)
class Told:
    """What a reminder is written from: what is due to whom, about which request, on which day."""

    due: Due
    watched: Watched
    to: Recipient
    standards: Standards
    days: Days
    today: date

    @property
    def referral(self) -> Referral:
        """The request's row."""
        return self.watched.referral

    def stage(self, due_on: date) -> str:
        """Whether a day is still to come ("soon"), "today" or "overdue"."""
        return "soon" if due_on > self.today else "today" if due_on == self.today else "overdue"


def context_of(told: Told) -> Context:
    """The fields of the message, of the kind's dataclass in `notifications.documents.reminders`.

    What the school or setting is to answer brings a link of its own, which is made here: call it in the transaction
    that queues the message.
    """
    referral = told.referral
    signs_in = told.to.whom != Whom.CONTACT
    about: Context = {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
        "address": reverse("referrals:referral_detail", args=[referral.reference]) if signs_in else "",
    }
    return about | WORDS[told.due.series.kind](told)


def _not_assigned(told: Told) -> Context:
    return {"placed_on": _day(told.watched.situation.placed_at)}


def _first_contact(told: Told) -> Context:
    progress = told.watched.situation.progress
    paused = progress.contact_paused_days
    due_on = told.days.add_working_days(progress.placed_on, told.standards.contact_working_days + paused)
    return {"due_on": due_on.isoformat(), "stage": told.stage(due_on), "teacher_name": _teacher(told)}


def _information(told: Told) -> Context:
    since = told.due.step.since
    return {
        "asked_on": _day(since),
        "may_decline": told.due.step.number == MAY_DECLINE_STEP,
        "to_adviser": told.to.whom == Whom.ADVISER,
    }


def _not_offered(told: Told) -> Context:
    return {"contact_on": _day(told.watched.situation.first_contact_at), "teacher_name": _teacher(told)}


def _not_chosen(told: Told) -> Context:
    offer = Offer.objects.get(pk=int(told.due.series.occasion))
    link = telling_setting.offer_link(offer, told.referral)
    return {"offered_on": _day(told.due.step.since), "link_id": link.pk} | _teacher_of(told)


def _visit_ahead(told: Told) -> Context:
    booking = booking_of(told.due, told.watched)
    return {
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "kind_label": booking.get_kind_display(),
        "remote": booking.mode == BookingMode.REMOTE,
        "location": location(booking, told.referral),
        "teachers": [{"name": row.teacher.full_name, "email": row.teacher.email} for row in booking.teachers.all()],
    }


def _outcome_missing(told: Told) -> Context:
    booking = booking_of(told.due, told.watched)
    return {"starts_at": booking.starts_at.isoformat(), "kind_label": booking.get_kind_display()}


def _record_overdue(told: Told) -> Context:
    held_on = london_date(booking_of(told.due, told.watched).starts_at)
    due_on = clocks.record_due(held_on, standards=told.standards, days=told.days)
    return {
        "held_on": held_on.isoformat(),
        "due_on": due_on.isoformat(),
        "stage": told.stage(due_on),
        "teacher_name": _teacher(told),
    }


def _review(told: Told) -> Context:
    due_on = clocks.review_due(told.watched.situation.progress, standards=told.standards, days=told.days)
    return {"held_on": _day(told.watched.situation.first_held_at), "due_on": due_on.isoformat()}


def _not_confirmed(told: Told) -> Context:
    said = {"finalised_on": _day(told.due.step.since)} | _teacher_of(told)
    if told.to.whom != Whom.CONTACT:
        return said
    record = VisitRecord.objects.get(pk=int(told.due.series.occasion))
    return said | {"link_id": telling_setting.record_link(record, told.referral).pk}


WORDS: dict[ReminderKind, Callable[[Told], Context]] = {
    ReminderKind.NOT_ASSIGNED: _not_assigned,
    ReminderKind.FIRST_CONTACT: _first_contact,
    ReminderKind.INFORMATION: _information,
    ReminderKind.NOT_OFFERED: _not_offered,
    ReminderKind.NOT_CHOSEN: _not_chosen,
    ReminderKind.VISIT_AHEAD: _visit_ahead,
    ReminderKind.OUTCOME_MISSING: _outcome_missing,
    ReminderKind.RECORD_OVERDUE: _record_overdue,
    ReminderKind.REVIEW_DUE: _review,
    ReminderKind.NOT_CONFIRMED: _not_confirmed,
}


def _day(at: datetime) -> str:
    return london_date(at).isoformat()


def _teacher(told: Told) -> str:
    teacher = told.referral.teacher
    return teacher.full_name if teacher else ""


def _teacher_of(told: Told) -> Context:
    teacher = told.referral.teacher
    return {"teacher_name": _teacher(told), "teacher_email": teacher.email if teacher else ""}
