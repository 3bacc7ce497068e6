"""Setting up and people: what two do at the same moment is done once, and the other reads why."""

from datetime import date
from functools import partial

import pytest

from quotas.actions import contracts
from quotas.models import Contract, Period
from s2s_portal.organisations.actions import access, invitations
from s2s_portal.organisations.choices import Role, Source, UploadState
from s2s_portal.organisations.importers import uploads
from s2s_portal.organisations.models import RegisterUpload, SignedLink, User
from s2s_portal.organisations.queries.registers import held_as
from tests.factories.organisations import person
from tests.factories.registers import RegisterUploadFactory
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
YEAR = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31), "run_off_ends_on": date(2026, 3, 31)}
DATES = {
    "opens_on": date(2025, 9, 1),
    "requests_close_on": date(2025, 12, 12),
    "allocation_deadline_on": date(2025, 12, 19),
    "delivery_ends_on": date(2026, 3, 31),
}


def make_contract(pk: int) -> str:
    told = {"name": "Next", "provider": "Heron Carr School", "successor_name": ""}
    try:
        contracts.create(**told, **YEAR, by=User.objects.get(pk=pk), at=AT)
    except contracts.NameTaken:
        return "taken"
    return "made"


def make_period(contract: int, pk: int) -> str:
    told = {"contract": Contract.objects.get(pk=contract), "name": "Autumn", "dates": DATES, "places": {}}
    try:
        contracts.set_up_period(**told, by=User.objects.get(pk=pk), at=AT)
    except contracts.NameTaken:
        return "taken"
    return "made"


def test_a_contract_and_its_period_are_made_once():
    by = person(Role.COMMISSIONER).pk
    assert sorted(at_once([partial(make_contract, by)] * 6)) == ["made", *["taken"] * 5]
    contract = Contract.objects.get(name="Next").pk
    assert sorted(at_once([partial(make_period, contract, by)] * 6)) == ["made", *["taken"] * 5]
    assert Period.objects.count() == 1


def approve(upload: int, pk: int) -> str:
    row, by = RegisterUpload.objects.get(pk=upload), User.objects.get(pk=pk)
    try:
        return uploads.approve(upload=row, seen=row.reviews, by=by, at=AT).state
    except uploads.NotNow:
        return "not now"


def test_of_two_files_of_one_register_one_is_imported():
    by = person(Role.ADMINISTRATOR).pk
    files = [RegisterUploadFactory(held=held_as(Source.GIAS)).pk for _ in range(2)]
    assert sorted(at_once([partial(approve, one, by) for one in files])) == [UploadState.IMPORTING, "not now"]


def choose(link: int) -> bool:
    return invitations.choose_password(link=SignedLink.objects.get(pk=link), password="marsh harrier reeds", at=AT)


def close(pk: int, by: int) -> bool:
    people = User.objects.in_bulk([pk, by])
    return access.deactivate(person=people[pk], reason="Left", by=people[by], at=AT)


def test_whoever_chooses_a_password_and_whoever_closes_the_account_wait_for_each_other():
    administrator = person(Role.ADMINISTRATOR)
    for _ in range(6):
        one = person(Role.AUDITOR)
        link = invitations.make_link(person=one, by=administrator, at=AT)
        _, closed = at_once([partial(choose, link.pk), partial(close, one.pk, administrator.pk)])
        assert closed
        one.refresh_from_db()
        assert not one.is_active
