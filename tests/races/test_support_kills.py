"""S2S's own actions, killed after each of their statements: all of what they did is there, or nothing, and once.

Afterwards the same press ends it, and ledger, history, diaries, records and files agree.
"""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from quotas.models import LedgerEntry
from referrals.actions import (
    assigning,
    attachments,
    correcting,
    ending,
    finalising,
    reinstating,
    retracting,
    visiting,
    withdrawing,
)
from referrals.choices import BookingState, DeclineReason, Section, Status, WithdrawReason
from referrals.models import Attachment, Booking, BookingTeacher, RecordDraft, Referral, Visit, VisitRecord
from s2s_portal.core import files
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories import records as made
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once, everything, killed_after

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GONE = (Status.WITHDRAWN, Status.DECLINED)


@pytest.fixture
def request_(transactional_db):
    zone = ZoneFactory(name="Reedham Reach")
    by = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    person(Role.S2S_COORDINATOR)
    for _ in range(2):
        person(Role.S2S_TEACHER)
    period_with_places(early_years=3, by=commissioner())
    return sent_request(EstablishmentFactory(zone=zone), by=by, at=AT - 3 * DAY)


def who(role: Role, number: int = 0) -> User:
    return User.objects.filter(memberships__role=role).order_by("pk")[number]


def now() -> Referral:
    return Referral.objects.select_related("teacher").get()


# --- What is pressed: each process reads for itself what there is ---
def assign(number: int = 0):
    act = assigning.assign if now().teacher is None else assigning.reassign
    given = {"reasons": []} if now().teacher is None else {}
    act(referral=now(), teacher=who(Role.S2S_TEACHER, number), note="", by=who(Role.S2S_COORDINATOR), at=AT, **given)


def withdraw():
    given = {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": "", "at": AT}
    withdrawing.withdraw(referral=now(), by=who(Role.EARLY_YEARS_ADVISER), **given)


def decline():
    ending.decline(referral=now(), reason=DeclineReason.ADVICE_ENOUGH, note="", by=who(Role.S2S_COORDINATOR), at=AT)


def reinstate():
    reinstating.reinstate(referral=now(), reason="The school asked", by=who(Role.COMMISSIONER), at=AT)


def tell():
    booking = Booking.objects.select_related("referral").get()
    visiting.tell_outcome(booking=booking, told=visiting.Told("HELD"), by=now().teacher, at=AT)


def correct():
    answers = {"contact_job_title": "Room leader"}
    given = {"section": Section.CONTACT, "answers": answers, "edition": now().edition, "reason": "Misheard", "at": AT}
    correcting.correct(referral=now(), by=who(Role.EARLY_YEARS_ADVISER), **given)


def finalise(checked: str):
    finalising.finalise(visit=made.fresh(Visit.objects.get()), checked=checked, by=now().teacher, at=AT)


def attach(key: uuid.UUID):
    visit = made.fresh(Visit.objects.get())
    attachments.attach(visit=visit, key=key, name="plan.pdf", data=made.PDF, by=now().teacher, at=AT)


def retract():
    record = VisitRecord.objects.select_related("visit__referral").get()
    retracting.retract(record=record, reason="His brother", breach_note="Nobody saw it", by=now().teacher, at=AT)


# --- What must hold ---
def check_exact():
    row = now()
    seqs = list(row.events.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert -sum(LedgerEntry.objects.filter(reference=row.reference).values_list("places", flat=True)) == bool(row.place)
    assert bool(row.place) == (row.status not in GONE)
    assert BookingState.PLANNED not in row.bookings.values_list("state", flat=True) or row.status not in GONE
    live = set(BookingTeacher.objects.filter(live=True).values_list("booking__state", flat=True))
    assert live <= {BookingState.PLANNED, BookingState.HELD}
    for visit in Visit.objects.all():
        standing = visit.records.filter(retraction=None).count()
        assert RecordDraft.objects.filter(visit=visit).count() + standing == 1
    for file in Attachment.objects.all():
        with files.open_stored(file.stored_as) as kept:
            assert kept.read() == made.PDF


def killed_everywhere(work) -> int:
    """Kill `work` after each of its statements; then let it end, and press again. Returns after how many it was."""
    before, number = everything(), 1
    while killed_after(number, work):
        assert everything() == before, f"something was left of work that was killed after statement {number}"
        check_exact()
        number += 1
    done = everything()
    assert done != before
    check_exact()
    at_once([work])
    assert everything() == done, "the second press did something more"
    return number


@pytest.mark.parametrize("work", [assign, correct, withdraw, decline])
def test_a_request_that_was_only_sent(request_, work):
    assert killed_everywhere(work) >= 10


@pytest.mark.parametrize("work", [withdraw, decline, partial(assign, 1)])
def test_a_request_with_a_visit_that_is_planned(request_, work):
    support.booked(request_, at=AT - 2 * DAY, starts_at=AT + DAY, teacher=who(Role.S2S_TEACHER))
    assert killed_everywhere(work) >= 20


def test_a_request_that_comes_back(request_):
    decline()
    assert killed_everywhere(reinstate) >= 10
    assert now().status == Status.SUBMITTED


def test_the_outcome_of_a_visit(request_):
    support.booked(request_, at=AT - 2 * DAY, starts_at=AT - HOUR)
    assert killed_everywhere(tell) >= 10


def test_a_record_its_files_and_its_retraction(request_):
    visit = support.held(support.booked(request_, at=AT - 2 * DAY, starts_at=AT - HOUR), at=AT)
    made.type_in(visit, made.WORDS | made.action(), at=AT)
    assert killed_everywhere(partial(attach, uuid.uuid4())) >= 5
    assert killed_everywhere(partial(finalise, made.edition(made.fresh(visit)))) >= 10
    assert killed_everywhere(retract) >= 8
    assert (VisitRecord.objects.count(), Attachment.objects.count()) == (1, 1)
