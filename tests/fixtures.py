"""A small council in which a leak would show: two zones, both streams, requests and drafts of several advisers.

tests/conftest.py makes the fixtures here known to every test.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from quotas.models import Period
from referrals.actions import requests, withdrawing
from referrals.choices import WithdrawReason
from referrals.models import Decision, DraftReferral, Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, User, Zone
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE


@dataclass(frozen=True)
class Council:
    """One person for each role (advisers in `zone`), and what they and a colleague in `far_zone` have done."""

    zone: Zone
    far_zone: Zone
    people: dict[Role, User]
    far_adviser: User
    period: Period
    setting: Establishment
    school: Establishment
    far_setting: Establishment
    early_years: Referral
    mainstream: Referral
    withdrawn: Referral
    far: Referral
    draft: DraftReferral
    far_draft: DraftReferral

    @property
    def requests(self) -> set[str]:
        """The references of every request there is."""
        return {one.reference for one in (self.early_years, self.mainstream, self.withdrawn, self.far)}


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser in which somebody is signed in: `client_for(council.people[Role.AUDITOR])`."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def council(db) -> Council:
    """The council on an ordinary Tuesday: four requests, one of them withdrawn, and two drafts."""
    return founded()


@pytest.fixture(scope="module")
def council_of_the_module(django_db_setup, django_db_blocker) -> Iterator[Council]:
    """The council, founded once for all tests of a module, in a transaction that is never committed.

    For a module whose tests all begin with the council and in which none is transactional: a fixture of its own that
    is called `council` and returns `shared_council` takes the place of the one above.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield founded()
        transaction.set_rollback(True)


@pytest.fixture
def shared_council(council_of_the_module: Council, db) -> Council:
    """A copy of the module's council: what a test does to its rows or to these objects, no other test sees."""
    return deepcopy(council_of_the_module)


def founded() -> Council:
    """Found the council, through the real actions."""
    zone, far_zone = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
    people = {role: person(role, zones=[zone], full_name=f"{role.label} Person") for role in Role}
    adviser, send = people[Role.EARLY_YEARS_ADVISER], people[Role.SEND_ADVISER]
    far_adviser = person(Role.EARLY_YEARS_ADVISER, zones=[far_zone], full_name="Far Adviser")
    period = period_with_places(by=people[Role.COMMISSIONER])
    setting = EstablishmentFactory(zone=zone, name="Bulrush Nursery")
    far_setting = EstablishmentFactory(zone=far_zone, name="Marram Pre-school")
    school = EstablishmentFactory(school=True, zone=zone, name="Staithe Primary School")
    withdrawn = sent_request(setting, by=adviser, at=AT)
    moved = {"reason": WithdrawReason.CHILD_MOVED, "note": "Gone to live by the Waveney."}
    return Council(
        zone=zone,
        far_zone=far_zone,
        people=people,
        far_adviser=far_adviser,
        period=period,
        setting=setting,
        school=school,
        far_setting=far_setting,
        early_years=sent_request(setting, by=adviser, at=AT),
        mainstream=sent_request(school, by=send, at=AT),
        withdrawn=withdrawing.withdraw(referral=withdrawn, **moved, by=adviser, at=AT),
        far=sent_request(far_setting, by=far_adviser, at=AT),
        draft=filled_draft(setting, by=adviser, at=AT, goal_1=""),
        far_draft=filled_draft(far_setting, by=far_adviser, at=AT),
    )


@pytest.fixture
def refusal(council: Council) -> Decision:
    """A refusal of the early years adviser, who sent a request one moment too late."""
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    draft = filled_draft(council.setting, by=adviser, at=AT)
    decision = requests.submit(key=draft.key, by=adviser, at=FIRST_MOMENT_TOO_LATE).decision
    assert decision is not None
    return decision
