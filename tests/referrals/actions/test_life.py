"""One request from being sent to being closed, through every action: what its life looks like when all goes well."""

from datetime import timedelta

import pytest

from quotas.models import LedgerEntry
from referrals.actions import returning
from referrals.choices import EventKind, Status
from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize(
    "status",
    [
        Status.RETURNED,
        Status.ASSIGNED,
        Status.IN_CONTACT,
        Status.BOOKED,
        Status.SUPPORTING,
        Status.CLOSED,
        Status.DECLINED,
    ],
)
def test_the_actions_lead_to_each_status(council, status):
    assert support.in_status(council.early_years, status).status == status


def test_a_visit_is_moved_cancelled_and_the_request_withdrawn(council):
    booking = support.booked(council.early_years)
    referral = Referral.objects.get(pk=booking.referral_id)
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    asked = returning.ask(referral=referral, question="Which room?", by=council.people[Role.S2S_TEACHER], at=AT)
    assert (asked.referral.status, asked.referral.returned_from) == (Status.RETURNED, Status.BOOKED)
    back = returning.send_back(referral=asked.referral, answer="The blue one.", by=adviser, at=AT + timedelta(days=1))
    assert back.referral.status == Status.BOOKED
    kinds = list(back.referral.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        *(EventKind.SUBMITTED, EventKind.ASSIGNED, EventKind.CONTACTED, EventKind.BOOKED),
        *(EventKind.ASKED, EventKind.SENT_BACK),
    ]
    assert LedgerEntry.objects.filter(reference=referral.reference).count() == 1
