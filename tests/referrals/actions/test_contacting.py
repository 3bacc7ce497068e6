"""The contact log: what is written, once; what is refused. Reaching somebody is walked in test_transitions."""

from datetime import timedelta

import pytest

from referrals.actions import contacting
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
