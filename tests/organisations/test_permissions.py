"""Who may do what and sees what: DESIGN §2, written out once more and compared."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from s2s_portal.organisations.choices import Permission, Role, Sees, Stream
from s2s_portal.organisations.permissions import (
    NotAllowed,
    can,
    check,
    requires,
    roles_of,
    sees,
    zones_by_stream,
)
from tests.factories.organisations import MembershipFactory, UserFactory, ZoneFactory, person

COLUMNS = [
    Permission.USE_PORTAL,
    Permission.SEE_REQUESTS,
    Permission.FILE_REQUESTS,
    Permission.SEE_QUOTAS,
    Permission.SET_UP_QUOTAS,
    Permission.SEE_PEOPLE,
    Permission.MANAGE_PEOPLE,
    Permission.SEE_REGISTERS,
    Permission.MOVE_PRACTICE_DATE,
    Permission.SEE_ACCESS_LOG,
    Permission.FILE_COHORTS,
    Permission.GIVE_PLACES,
    Permission.END_CONTRACTS,
    Permission.SEE_JOBS,
    Permission.MANAGE_CALENDAR,
    Permission.MANAGE_AVAILABILITY,
    Permission.SET_OWN_LEAVE,
    Permission.SET_JOURNEY_TIMES,
    Permission.OWN_CASELOAD,
    Permission.SEE_CASELOADS,
    Permission.SEE_VISITS,
    Permission.RUN_DESK,
    Permission.MEND_MESSAGES,
    Permission.SEE_MESSAGE_KINDS,
    Permission.SEE_REMINDERS,
    Permission.SEE_CONTRACT_ENDS,
    Permission.SEE_RECONCILIATION,
    Permission.SEE_HAND_OVER,
    Permission.SEE_DASHBOARDS,
    Permission.CHANGE_SETTINGS,
    Permission.SEE_SET_UP,
    Permission.MANAGE_REGISTERS,
    Permission.EXPORT_CHILDREN,
    Permission.ISSUE_REPORTS,
    Permission.REPAIR,
    Permission.MANAGE_REFERENCE,
]
# One line for each role of DESIGN §2, one sign for each of COLUMNS, then its "Sees" column.
MATRIX = {
    Role.EARLY_YEARS_ADVISER: ("yyy---------------------------------", Sees.OWN_ZONES_FULL),
    Role.SEND_ADVISER:        ("yyy-------y-------------------------", Sees.OWN_ZONES_FULL),
    Role.S2S_COORDINATOR:     ("yy-------------y-y-yyyyyyy-yy---y---", Sees.SENT_FULL),
    Role.S2S_TEACHER:         ("yy--------------y-y-y------y--------", Sees.ASSIGNED_FULL),
    Role.COMMISSIONER:        ("yy-yy------yy----------yyyyyyyy--y--", Sees.SENT_WITHOUT_CHILD),
    Role.ADMINISTRATOR:       ("y----yyyy----yy-------yyy-y--yyy--yy", Sees.NOTHING),
    Role.AUDITOR:             ("y--------y--------------------------", Sees.UNDER_REASON),
}  # fmt: skip
SEES_COLUMN = {
    Sees.OWN_ZONES_FULL: "own stream, own zones: full case; drafts of the zone",
    Sees.SENT_FULL: "every sent request: full case",
    Sees.ASSIGNED_FULL: "assigned to them, or covering: full case",
    Sees.SENT_WITHOUT_CHILD: "every request without child identity or narrative",
    Sees.NOTHING: "no child data",
    Sees.UNDER_REASON: "access log; case content only under a recorded reason",
}
CELLS = [
    pytest.param(role, permission, sign == "y", id=f"{role}-{permission}")
    for role, (signs, _) in MATRIX.items()
    for permission, sign in zip(COLUMNS, signs, strict=True)
]

pytestmark = pytest.mark.django_db


def test_matrix_has_every_role_and_every_permission():
    assert list(MATRIX) == list(Role)
    assert set(COLUMNS) == set(Permission)


def test_sees_column_says_what_the_design_says():
    assert {kind: kind.label for kind in Sees} == SEES_COLUMN


@pytest.mark.parametrize(("role", "permission", "may"), CELLS)
def test_can(role, permission, may):
    user = person(role)
    assert can(user, permission) is may
    if may:
        check(user, permission)
    else:
        with pytest.raises(NotAllowed, match=permission.label):
            check(user, permission)


@pytest.mark.parametrize("role", Role)
def test_sees(role):
    assert sees(person(role)) == {MATRIX[role][1]}


def test_several_roles_add_up():
    user = person(Role.COMMISSIONER, Role.AUDITOR)
    assert sees(user) == {Sees.SENT_WITHOUT_CHILD, Sees.UNDER_REASON}
    assert can(user, Permission.SEE_QUOTAS)
    assert can(user, Permission.SEE_ACCESS_LOG)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_else_may_anything(permission):
    gone = person(*Role, is_active=False)
    for user in (AnonymousUser(), gone):
        assert not can(user, permission)
        assert roles_of(user) == set()
    assert can(UserFactory(), permission) is (permission == Permission.USE_PORTAL)


def test_zones_by_stream():
    north, south = ZoneFactory(), ZoneFactory()
    user = person(Role.S2S_TEACHER, zones=[north])
    MembershipFactory(user=user, role=Role.EARLY_YEARS_ADVISER, zones=[north, south])
    MembershipFactory(user=user, role=Role.SEND_ADVISER, zones=[south])
    assert zones_by_stream(user) == {
        Stream.EARLY_YEARS: {north.pk, south.pk},
        Stream.MAINSTREAM: {south.pk},
    }
    assert zones_by_stream(person(Role.COMMISSIONER, zones=[north])) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_roles_and_zones_are_read_once(django_assert_num_queries, count):
    user = UserFactory()
    for role in list(Role)[:count]:
        MembershipFactory(user=user, role=role, zones=[ZoneFactory()])
    with django_assert_num_queries(2):
        roles_of(user), sees(user), zones_by_stream(user), can(user, Permission.SEE_QUOTAS)


def test_requires_marks_the_view_and_refuses():
    @requires(Permission.SEE_QUOTAS)
    def view(request, word):
        return HttpResponse(word)

    assert view.required_permission == Permission.SEE_QUOTAS
    request = RequestFactory().get("/")
    request.user = person(Role.COMMISSIONER)
    assert view(request, word="shown").content == b"shown"
    request.user = person(Role.S2S_TEACHER)
    with pytest.raises(NotAllowed, match="Your role does not let you see quotas"):
        view(request, word="hidden")
