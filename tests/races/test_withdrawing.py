"""Withdrawing a request while somebody else changes it: whoever waited for its row sees it as it is by then."""

from functools import partial

import pytest
from django.db import transaction

from referrals.actions import withdrawing
from referrals.actions.steps import locked
from referrals.choices import Status
from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import Turn, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def change(referral, turn, **columns):
    """Change a request's row under its lock, as a correction or a hand-over does, and take a while."""
    with transaction.atomic():
        row = locked(Referral(pk=referral))
        Referral.objects.filter(pk=row.pk).update(**columns)
        turn.first()
    return ""


def withdraw(referral, turn, by):
    """Withdraw it meanwhile; where it stands, at which setting and with whom."""
    row, adviser = Referral.objects.get(pk=referral), User.objects.get(pk=by)
    turn.second()
    ended = withdrawing.withdraw(referral=row, reason="OTHER", note="", by=adviser, at=AT)
    return ended.status, str(ended.establishment.name), str(ended.teacher or "")


def test_one_whose_setting_and_teacher_change_meanwhile_is_withdrawn_as_it_is_then(transactional_db):
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    teacher = person(Role.S2S_TEACHER, full_name="Heron Acle")
    period_with_places(early_years=5)
    referral = sent_request(EstablishmentFactory(zone=zone, name="Staithe Nursery"), by=adviser)
    other = EstablishmentFactory(zone=zone, name="Bulrush Nursery")
    columns = {"establishment": other.pk, "teacher": teacher.pk, "status": Status.ASSIGNED}
    turn = Turn()
    works = [partial(change, referral.pk, turn, **columns), partial(withdraw, referral.pk, turn, adviser.pk)]
    _, found = at_once(works)
    assert found == (Status.WITHDRAWN, "Bulrush Nursery", "Heron Acle")
