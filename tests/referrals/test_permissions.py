"""DESIGN §2's "Sees" column as one table: role × whose request, who sees it, its child, its draft and its refusal."""

import pytest

from referrals import permissions
from referrals.actions import requests
from referrals.choices import Status, WithdrawReason
from referrals.models import Decision, DraftReferral, Referral
from referrals.permissions import Asking
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db

EY, SEND, COORD, TEACHER, COMM, ADMIN, AUDIT = (
    Role.EARLY_YEARS_ADVISER,
    Role.SEND_ADVISER,
    Role.S2S_COORDINATOR,
    Role.S2S_TEACHER,
    Role.COMMISSIONER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)

# (role, in the request's zone): sees the request, sees the child, may withdraw, sees the draft, sees the refusal
TABLE = {
    (EY, True): (True, True, True, True, True),
    (EY, False): (False, False, False, False, False),
    (SEND, True): (False, False, False, False, False),
    (SEND, False): (False, False, False, False, False),
    (COORD, True): (True, True, False, False, True),
    (COORD, False): (True, True, False, False, True),
    (TEACHER, True): (False, False, False, False, False),
    (TEACHER, False): (False, False, False, False, False),
    (COMM, True): (True, False, False, False, True),
    (COMM, False): (True, False, False, False, True),
    (ADMIN, True): (False, False, False, False, False),
    (ADMIN, False): (False, False, False, False, False),
    (AUDIT, True): (False, False, False, False, False),
    (AUDIT, False): (False, False, False, False, False),
}


@pytest.fixture
def case():
    """An early years request, a draft and a refusal in one zone."""
    period_with_places(early_years=1)
    setting = EstablishmentFactory()
    adviser = person(EY, zones=[setting.zone])
    referral = sent_request(setting, by=adviser)
    draft = filled_draft(setting, by=adviser)
    requests.submit(key=draft.key, by=adviser, at=AT)
    return referral


def test_the_table_names_every_role():
    assert {role for role, _ in TABLE} == set(Role)


@pytest.mark.parametrize(("role", "in_zone"), TABLE, ids=lambda value: str(value))
def test_who_sees_and_may_do_what(case, role, in_zone):
    user = person(role, zones=[case.zone if in_zone else ZoneFactory()])
    asking = Asking(user)
    assert (
        Referral.objects.filter(permissions.visible_requests(asking)).exists(),
        permissions.sees_child(asking, case),
        permissions.can_withdraw(user, case),
        DraftReferral.objects.filter(permissions.visible_drafts(user)).exists(),
        Decision.objects.filter(permissions.visible_decisions(user)).exists(),
    ) == TABLE[role, in_zone]


def test_two_roles_see_what_either_sees(case):
    user = person(COMM, EY, zones=[case.zone])
    assert permissions.sees_child(Asking(user), case)
    assert Referral.objects.filter(permissions.visible_requests(Asking(user))).exists()


def test_an_auditor_sees_a_case_only_under_a_reason(case):
    user = person(AUDIT)
    other = Asking(user, frozenset({"EY-2222-22"}))
    assert not Referral.objects.filter(permissions.visible_requests(other)).exists()
    assert not permissions.sees_child(other, case)

    asking = Asking(user, frozenset({case.reference}))
    assert Referral.objects.filter(permissions.visible_requests(asking)).get() == case
    assert permissions.sees_child(asking, case)


def test_a_reason_is_worth_nothing_to_another_role(case):
    asking = Asking(person(ADMIN), frozenset({case.reference}))
    assert not Referral.objects.filter(permissions.visible_requests(asking)).exists()
    assert not permissions.sees_child(asking, case)


def test_own_refusals_stay_visible_when_zones_change_and_drafts_go_with_their_zone(case):
    adviser = case.submitted_by
    adviser.memberships.get().zones.set([ZoneFactory()])
    del adviser.held_memberships
    assert not DraftReferral.objects.filter(permissions.visible_drafts(adviser)).exists()
    assert Decision.objects.filter(permissions.visible_decisions(adviser)).exists()
    assert not Referral.objects.filter(permissions.visible_requests(Asking(adviser))).exists()


def test_a_withdrawn_request_cannot_be_withdrawn_again(case):
    adviser = case.submitted_by
    done = requests.withdraw(referral=case, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
    assert done.status == Status.WITHDRAWN
    assert not permissions.can_withdraw(adviser, done)


@pytest.mark.parametrize(
    ("role", "stream", "files"),
    [
        (EY, Stream.EARLY_YEARS, True),
        (EY, Stream.MAINSTREAM, False),
        (SEND, Stream.EARLY_YEARS, False),
        (SEND, Stream.MAINSTREAM, True),
        *(
            (role, stream, False)
            for role in (COORD, TEACHER, COMM, ADMIN, AUDIT)
            for stream in ("EARLY_YEARS", "MAINSTREAM")
        ),
    ],
)
def test_each_stream_is_filed_by_its_own_advisers(role, stream, files):
    user = person(role)
    assert permissions.files_for(user, stream) == files
    if files:
        permissions.check_can_file(user, stream)
    else:
        with pytest.raises(NotAllowed):
            permissions.check_can_file(user, stream)
