"""Correcting a setting while an adviser sends what they have checked: either goes through, never both."""

from functools import partial
from uuid import uuid4

import pytest

from referrals.actions import requests
from referrals.actions.correcting_settings import correct_setting
from referrals.models import Referral
from s2s_portal.organisations.actions.by_hand import NewSetting
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, EstablishmentKind, User
from s2s_portal.organisations.queries.by_hand import seen_as
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def correct(local, kind, by):
    """Say that it is a school; what came of it."""
    row = Establishment.objects.select_related("kind", "zone").get(pk=local)
    told = NewSetting(
        name=row.name, kind=EstablishmentKind.objects.get(pk=kind), zone=row.zone, postcode=row.postcode, town="Quay"
    )
    given = {"seen": seen_as(row), "reason": "It is a school.", "key": uuid4(), "by": User.objects.get(pk=by)}
    try:
        correct_setting(setting=row, told=told, **given, at=AT)
    except CannotChange as why:
        return str(why)
    return "corrected"


def submit(key, edition, by):
    """Send what was checked; what came of it."""
    try:
        requests.submit(key=key, by=User.objects.get(pk=by), at=AT, checked=edition)
    except requests.ChangedSinceChecked:
        return "changed"
    return "sent"


def test_one_corrects_the_kind_and_one_sends_at_once(transactional_db):
    zone, school = ZoneFactory(name="Reedham Reach"), EstablishmentKindFactory(school=True)
    adviser, administrator = person(Role.EARLY_YEARS_ADVISER, zones=[zone]), person(Role.ADMINISTRATOR)
    period_with_places(early_years=50)
    for _ in range(ROUNDS):
        local = EstablishmentFactory(by_hand=True, zone=zone)
        draft = filled_draft(local, by=adviser, at=AT)
        corrected, sent = at_once(
            [
                partial(correct, local.pk, school.pk, administrator.pk),
                partial(submit, draft.key, str(draft.edition), adviser.pk),
            ]
        )
        local.refresh_from_db()
        assert (corrected == "corrected") == (sent == "changed") == (local.kind == school)
        request = Referral.objects.filter(establishment=local).first()
        assert (request is None) == (sent == "changed")
        assert request is None or request.stream == local.kind.stream
