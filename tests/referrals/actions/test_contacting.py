"""The contact log: what is written, once; what is refused. Reaching somebody is walked in test_transitions."""

from datetime import timedelta

import pytest

from referrals.actions import contacting, returning
from referrals.choices import Status
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_contact_of_the_future_is_no_contact(council):
    row = support.assigned(council.early_years)
    with pytest.raises(ValueError, match="future"):
        contacting.log_contact(
            referral=row, attempt=support.attempt(at=AT + timedelta(seconds=1)), by=row.teacher, at=AT
        )
    assert not row.contacts.exists()
    assert row.status == Status.ASSIGNED


def test_the_days_on_which_an_answer_was_awaited_count_for_nobody_who_is_reached_meanwhile(council):
    row = support.assigned(council.early_years)
    returning.ask(referral=row, question="Which days suit?", by=row.teacher, at=AT)
    row.refresh_from_db()
    reached_at = AT + timedelta(days=3)  # Tuesday to Friday
    contacting.log_contact(referral=row, attempt=support.attempt(at=reached_at), by=row.teacher, at=reached_at)
    row.refresh_from_db()
    assert (row.returned_from, row.contact_paused_days, row.observation_paused_days) == (Status.IN_CONTACT, 3, 0)
    returning.take_back(referral=row, note="Known now.", by=row.teacher, at=AT + timedelta(days=6))
    row.refresh_from_db()
    assert (row.contact_paused_days, row.observation_paused_days) == (3, 3)  # calendar days, early years
