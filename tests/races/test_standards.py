"""The very first settings of R10, set by many commissioners at once: one set is in force, the others are told."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from referrals.actions.standards import set_standards
from referrals.models import ServiceStandards
from referrals.rules.standards import DEFAULTS
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def put(commissioner, weeks, at):
    """What a commissioner sets who saw the defaults; whether somebody else was first."""
    by, wanted = User.objects.get(pk=commissioner), replace(DEFAULTS, review_weeks=weeks)
    return set_standards(standards=wanted, reason="Winter.", seen=0, by=by, at=at).moved


def test_of_many_first_settings_at_once_one_comes_into_force(transactional_db):
    people = [person(Role.COMMISSIONER).pk for _ in range(8)]
    works = [partial(put, pk, 7 + index, AT + timedelta(seconds=index)) for index, pk in enumerate(people)]
    assert sorted(at_once(works)) == [False] + [True] * 7
    assert ServiceStandards.objects.count() == 1
