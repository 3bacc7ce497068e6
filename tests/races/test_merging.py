"""Merging a setting while others merge it, file for it and choose it: nothing is left behind, one of two is told."""

from functools import partial
from uuid import uuid4

import pytest

from referrals.actions import drafts, requests
from referrals.actions.merging import merge_setting
from referrals.models import DraftReferral, Referral
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once, killed_after

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 3


def merge(local, target, by):
    """Merge as soon as may be, as an administrator does who is told to try again; the last answer."""
    rows, who = Establishment.objects.in_bulk([local, target]), User.objects.get(pk=by)
    for _ in range(20):
        try:
            merge_setting(setting=rows[local], into=rows[target], reason="The same.", key=uuid4(), by=who, at=AT)
        except CannotChange as why:
            if "Somebody is filing" not in str(why):
                return str(why)
        else:
            return "merged"
    return "busy"


def submit(key, edition, by):
    """Send what was checked; what came of it."""
    try:
        sent = requests.submit(key=key, by=User.objects.get(pk=by), at=AT, checked=edition).referral
    except requests.ChangedSinceChecked:
        return "changed"
    return sent.reference


def start(local, by):
    """Begin another draft for it; what came of it."""
    row = Establishment.objects.select_related("kind").get(pk=local)
    try:
        return str(drafts.start(establishment=row, by=User.objects.get(pk=by), at=AT).key)
    except drafts.CannotChoose:
        return "closed"


def test_two_merge_one_sends_and_one_chooses_at_once(transactional_db):
    zone = ZoneFactory(name="Reedham Reach")
    adviser, colleague = (person(Role.EARLY_YEARS_ADVISER, zones=[zone]) for _ in range(2))
    one, other = (person(Role.ADMINISTRATOR) for _ in range(2))
    period_with_places(early_years=50)
    for _ in range(ROUNDS):
        local = EstablishmentFactory(by_hand=True, zone=zone)
        targets = [EstablishmentFactory(zone=zone) for _ in range(2)]
        draft = filled_draft(local, by=adviser, at=AT)
        *merged, sent, started = at_once(
            [
                partial(merge, local.pk, targets[0].pk, one.pk),
                partial(merge, local.pk, targets[1].pk, other.pk),
                partial(submit, draft.key, str(draft.edition), adviser.pk),
                partial(start, local.pk, colleague.pk),
            ]
        )
        [target] = [into for into, said in zip(targets, merged, strict=True) if said == "merged"]
        assert [said for said in merged if said != "merged"] == [f"It has been merged into {target} already"]
        assert not DraftReferral.objects.filter(establishment=local).exists()
        assert not Referral.objects.filter(establishment=local).exists()
        request = Referral.objects.filter(submission_key=draft.key).first()
        assert (request is None) == (sent == "changed")
        assert request is None or request.establishment == target
        assert (started == "closed") != DraftReferral.objects.filter(
            started_by=colleague, establishment=target
        ).exists()


def test_a_merge_that_is_killed_leaves_everything_as_it_was(transactional_db):
    zone = ZoneFactory(name="Reedham Reach")
    adviser, administrator = person(Role.EARLY_YEARS_ADVISER, zones=[zone]), person(Role.ADMINISTRATOR)
    period_with_places(early_years=5)
    local, target = EstablishmentFactory(by_hand=True, zone=zone), EstablishmentFactory(zone=zone)
    request, draft = sent_request(local, by=adviser), filled_draft(local, by=adviser, at=AT)
    work = partial(merge, local.pk, target.pk, administrator.pk)
    for statements in (10, 20, 30):
        assert killed_after(statements, work)
        assert {Referral.objects.get().establishment, DraftReferral.objects.get().establishment} == {local}
        assert request.events.count() == 1
    assert not killed_after(1_000, work)
    assert {Referral.objects.get().establishment, DraftReferral.objects.get().establishment} == {target}
    assert draft.pk == DraftReferral.objects.get().pk
