"""DESIGN §2's "Sees" column as one table: role × whose request, who sees it, its child, its draft and its refusal."""

from datetime import timedelta

import pytest

from referrals import permissions
from referrals.actions import assigning, covering, moving, requests, waiting, withdrawing
from referrals.choices import Action, Doer, Status, WhoAsked, WithdrawReason
from referrals.models import Decision, DraftReferral, Referral
from referrals.permissions import Asking
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, MembershipFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals import life_table

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
# of an early years setting, then of a school.
NOTHING = (False, False, False, False, False)
TABLE = {
    (EY, True): ((True, True, True, True, True), NOTHING),
    (EY, False): (NOTHING, NOTHING),
    (SEND, True): (NOTHING, (True, True, True, True, True)),
    (SEND, False): (NOTHING, NOTHING),
    (COORD, True): ((True, True, False, False, True),) * 2,
    (COORD, False): ((True, True, False, False, True),) * 2,
    (TEACHER, True): (NOTHING, NOTHING),
    (TEACHER, False): (NOTHING, NOTHING),
    (COMM, True): ((True, False, False, False, True),) * 2,
    (COMM, False): ((True, False, False, False, True),) * 2,
    (ADMIN, True): (NOTHING, NOTHING),
    (ADMIN, False): (NOTHING, NOTHING),
    (AUDIT, True): (NOTHING, NOTHING),
    (AUDIT, False): (NOTHING, NOTHING),
}
CELLS = [
    (stream, role, in_zone, cells[place])
    for (role, in_zone), cells in TABLE.items()
    for place, stream in enumerate(Stream)
]


def case_of(stream: Stream) -> Referral:
    """A request, a draft and a refusal of one stream in one zone; the request."""
    period_with_places(early_years=1, mainstream=1)
    establishment = EstablishmentFactory(school=stream == Stream.MAINSTREAM)
    adviser = person(EY if stream == Stream.EARLY_YEARS else SEND, zones=[establishment.zone])
    referral = sent_request(establishment, by=adviser)
    draft = filled_draft(establishment, by=adviser)
    requests.submit(key=draft.key, by=adviser, at=AT)
    return referral


@pytest.fixture
def case():
    """An early years request, a draft and a refusal in one zone."""
    return case_of(Stream.EARLY_YEARS)


def test_the_table_names_every_role():
    assert {role for role, _ in TABLE} == set(Role)


def seen_by(user, case) -> tuple[bool, ...]:
    """The five answers of `TABLE`, asked while there is one row of each kind."""
    asking = Asking(user)
    return (
        Referral.objects.filter(permissions.visible_requests(asking)).exists(),
        permissions.sees_child(asking, case),
        permissions.can_withdraw(user, case),
        DraftReferral.objects.filter(permissions.visible_drafts(user)).exists(),
        Decision.objects.filter(permissions.visible_decisions(user)).exists(),
    )


@pytest.mark.parametrize(("stream", "role", "in_zone", "expected"), CELLS, ids=str)
def test_who_sees_and_may_do_what(stream, role, in_zone, expected):
    case = case_of(stream)
    user = person(role, zones=[case.zone if in_zone else ZoneFactory()])
    assert seen_by(user, case) == expected


@pytest.mark.parametrize("stream", Stream)
def test_zones_of_one_stream_open_nothing_of_the_other(stream):
    """Both roles, but the request's zone only in the other stream's."""
    case = case_of(stream)
    own, other = (EY, SEND) if stream == Stream.EARLY_YEARS else (SEND, EY)
    user = person(own, zones=[ZoneFactory()])
    MembershipFactory(user=user, role=other, zones=[case.zone])
    assert seen_by(user, case) == NOTHING


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


def test_s2s_sees_a_case_once_it_has_a_place_and_then_for_good(case):
    """Who sees the case of every *sent* request does not see it while the request waits; its advisers do."""
    waits = waiting_request(case.establishment, by=case.submitted_by)
    coordinator = Asking(person(COORD))
    assert Referral.objects.filter(permissions.visible_requests(coordinator), pk=waits.pk).exists()
    assert (permissions.was_sent(waits), permissions.sees_child(coordinator, waits)) == (False, False)
    assert permissions.sees_child(Asking(case.submitted_by), waits)
    assert permissions.can_withdraw(case.submitted_by, waits)

    ended = {"reason": WithdrawReason.OTHER, "note": "", "by": case.submitted_by, "at": AT}
    withdrawing.withdraw(referral=case, **ended)
    waiting.fill(quota=quota_of(case.period), by=ensure_system_user(), at=AT)
    waits.refresh_from_db()
    assert (permissions.was_sent(waits), permissions.sees_child(coordinator, waits)) == (True, True)
    given_back = withdrawing.withdraw(referral=waits, **ended)
    assert given_back.place is None
    assert (permissions.was_sent(given_back), permissions.sees_child(coordinator, given_back)) == (True, True)


def test_s2s_never_sees_the_case_of_one_that_left_the_waiting_list(case):
    waits = waiting_request(case.establishment, by=case.submitted_by)
    left = withdrawing.withdraw(referral=waits, reason=WithdrawReason.OTHER, note="", by=case.submitted_by, at=AT)
    assert (permissions.was_sent(left), permissions.sees_child(Asking(person(COORD)), left)) == (False, False)


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
    done = withdrawing.withdraw(referral=case, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
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


# --- S2S teachers: the requests they have, cover today, or go along to -------------------------------------------
TODAY = london_date(AT)


def sees(user, referral, today=TODAY) -> bool:
    """What the list says; a single request's page says the same."""
    asking = Asking(user, today=today)
    listed = Referral.objects.filter(permissions.visible_requests(asking), pk=referral.pk).exists()
    assert listed == permissions.sees_child(asking, referral), "List and page differ."
    return listed


@pytest.fixture
def assigned(case):
    """The request, given to a teacher of its own."""
    return support.assigned(case, teacher=person(TEACHER))


def test_a_teacher_sees_what_was_given_to_them_and_for_good(assigned):
    assert sees(assigned.teacher, assigned)
    assert not sees(person(TEACHER), assigned)
    ended = support.in_status(assigned, Status.CLOSED)
    assert sees(assigned.teacher, ended)


def test_whoever_handed_a_request_over_sees_it_no_more(assigned):
    new = person(TEACHER)
    now = assigning.reassign(referral=assigned, teacher=new, note="", by=person(COORD), at=AT).referral
    assert (sees(new, now), sees(assigned.teacher, now)) == (True, False)


def test_whoever_held_a_visit_and_handed_the_request_over_sees_it_no_more(case):
    old, new, guest = person(TEACHER), person(TEACHER), person(TEACHER)
    row = support.in_contact(case, teacher=old)
    first = support.book(row, AT + timedelta(days=1), teachers=[old])
    support.held(first)
    now = {"by": person(COORD), "at": AT + timedelta(days=2)}
    row = assigning.reassign(referral=row, teacher=new, note="", **now).referral
    assert (sees(new, row), sees(old, row)) == (True, False)
    support.book(row, AT + timedelta(days=3), teachers=[new, guest, old], at=now["at"])
    assert sees(old, row), "They come along to a visit that is planned."
    assert sees(guest, row)


@pytest.mark.parametrize(("day", "seen"), [(-1, False), (0, True), (1, True), (2, True), (3, False)])
def test_cover_opens_a_request_on_its_days_and_no_others(assigned, day, seen):
    teacher = person(TEACHER)
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=2)}
    covering.cover(referral=assigned, teacher=teacher, **days, by=person(COORD), at=AT)
    today = TODAY + timedelta(days=day)
    assert sees(teacher, assigned, today) == seen
    assert sees(assigned.teacher, assigned, today)
    doers = permissions.doers_of(teacher, assigned, today=today)
    assert doers == ({Doer.TEACHER} if seen else set())
    assert permissions.may(teacher, assigned, Action.LOG_CONTACT, today=today) == seen


def test_without_a_day_nobody_covers(assigned):
    teacher = person(TEACHER)
    assigned.covers.create(teacher=teacher, starts_on=TODAY, ends_on=TODAY, by=person(COORD), at=AT)
    assert not sees(teacher, assigned, today=None)
    assert sees(teacher, assigned)


def test_who_comes_along_to_a_visit_sees_the_request_while_it_is_planned_or_held_and_does_nothing_to_it(case):
    row, guest = support.in_contact(case, teacher=person(TEACHER)), person(TEACHER)
    booking = support.book(row, AT + timedelta(days=2), teachers=[row.teacher, guest])
    assert sees(guest, row)
    assert permissions.allowed_actions(guest, Referral.objects.get(pk=row.pk), today=TODAY) == set()
    told = {"sequence": booking.sequence, "asked_by": WhoAsked.S2S, "note": ""}
    moving.cancel(booking=booking, **told, by=row.teacher, at=AT)
    assert not sees(guest, row)
    again = support.book(row, AT + timedelta(days=3), teachers=[row.teacher, guest])
    support.held(again)
    assert sees(guest, row)


def test_a_person_who_is_no_teacher_any_more_sees_nothing(assigned):
    teacher = assigned.teacher
    teacher.memberships.all().delete()
    assert not sees(type(teacher).objects.get(pk=teacher.pk), assigned)


def test_a_deactivated_teacher_sees_nothing(assigned):
    assigned.teacher.is_active = False
    assert not sees(assigned.teacher, assigned)


@pytest.mark.parametrize("action", Action)
def test_what_may_be_done_to_it_is_what_the_table_says_where_it_stands(assigned, action):
    """`may`, the buttons (`allowed_actions`) and the sentence of a refusal (`check_may`) agree."""
    for user in (assigned.teacher, person(COORD), assigned.submitted_by, person(COMM), person(ADMIN)):
        doers = permissions.doers_of(user, assigned, today=TODAY)
        step = life_table.TABLE.get((Status.ASSIGNED, action))
        allowed = step is not None and bool(step.by & doers)
        assert permissions.may(user, assigned, action, today=TODAY) == allowed
        assert (action in permissions.allowed_actions(user, assigned, today=TODAY)) == allowed
        if doers & life_table.who_may(action):
            permissions.check_may(user, assigned, action, today=TODAY)
        else:
            with pytest.raises(NotAllowed, match=f"This request can only be {action.label} by"):
                permissions.check_may(user, assigned, action, today=TODAY)


def test_files_name_exactly_the_children_whom_pages_name(case):
    """`visible_children` is `sees_child` as a filter: for every role, and wherever a request may stand."""
    adviser, establishment = case.submitted_by, case.establishment
    waits, left = (waiting_request(establishment, by=adviser) for _ in range(2))
    withdrawing.withdraw(referral=left, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
    case = support.assigned(case)
    covers, reason = person(TEACHER), frozenset({waits.reference})
    covering.cover(
        referral=case,
        teacher=covers,
        starts_on=london_date(AT),
        ends_on=london_date(AT),
        note="",
        by=person(COORD),
        at=AT,
    )
    everybody = [person(role, zones=[case.zone]) for role in Role]
    everybody += [
        case.teacher,
        covers,
        adviser,
        person(COORD, EY, zones=[case.zone]),
        person(EY, zones=[ZoneFactory()]),
    ]
    told = []
    for user in everybody:
        asking = Asking(user, reason, london_date(AT))
        visible = Referral.objects.filter(permissions.visible_requests(asking))
        named = set(visible.filter(permissions.visible_children(asking)))
        assert named == {one for one in visible if permissions.sees_child(asking, one)}, user
        told.append(len(named))
    assert set(told) == {0, 1, 3}
