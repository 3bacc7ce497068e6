"""A teacher leaves: the co-ordinators hear once, in the same transaction, of what is with nobody then."""

from datetime import timedelta

import pytest
from django.core import mail

from referrals.actions import leaving
from referrals.models import Referral
from referrals.queries.people import LeftAlone
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.actions.access import Held
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.accounts import held_in_words
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = timedelta(days=1)


@pytest.fixture
def jo():
    return person(Role.S2S_TEACHER, full_name="Jo Reeve")


def leave(one, by, at=AT):
    return leaving.deactivate(person=one, reason="Left the school", by=by, at=at)


def given(one, *held, by):
    """`one` with these roles and no others."""
    seen = held_in_words(one.memberships.all())
    return leaving.set_roles(person=one, held=held, seen=seen, reason="Another post", by=by, at=AT)


def told():
    return list(Notification.objects.filter(kind=Kind.WORK_LEFT).order_by("pk"))


def test_every_coordinator_is_told_once_how_much_is_with_nobody(shared_council, jo):
    administrator, first = (shared_council.people[role] for role in (Role.ADMINISTRATOR, Role.S2S_COORDINATOR))
    second = person(Role.S2S_COORDINATOR)
    person(Role.S2S_COORDINATOR, is_active=False)
    support.booked(shared_council.early_years, teacher=jo)
    support.assigned(shared_council.far, teacher=jo)
    assert leave(jo, administrator)
    assert not leave(jo, administrator)
    assert {one.person for one in told()} == {first, second}
    [context] = {tuple(one.context.items()) for one in told()}
    counts = {"requests": 2, "visits": 1, "begun": 0}
    assert dict(context) == {"teacher": "Jo Reeve", "closed": True, **counts, "address": "/hand-over/"}
    deliver_waiting()
    sent = [one for one in mail.outbox if one.subject.startswith("Jo Reeve has left")]
    assert [one.subject for one in sent] == [
        "Jo Reeve has left: 2 open requests and 1 planned visit are with nobody"
    ] * 2
    assert Referral.objects.get(pk=shared_council.far.pk).teacher == jo


def test_a_visit_to_which_somebody_else_goes_is_not_left_alone(shared_council, jo):
    lead = person(Role.S2S_TEACHER)
    row = support.in_contact(shared_council.early_years, teacher=lead)
    support.book(row, AT + 2 * DAY, teachers=[lead, jo])
    assert leave(jo, shared_council.people[Role.ADMINISTRATOR])
    assert told() == []
    assert leave(lead, shared_council.people[Role.ADMINISTRATOR])  # now neither of the two is there
    assert {(one.context["requests"], one.context["visits"]) for one in told()} == {(1, 1)}


@pytest.mark.parametrize(
    ("seconds", "planned", "begun", "subject"),
    [
        (0, 1, 0, "1 open request and 1 planned visit are with nobody"),
        (1, 0, 1, "1 open request is with nobody; 1 visit that was to be held has no record"),
    ],
)
def test_a_visit_that_has_begun_is_not_named_as_planned_so_that_nobody_cancels_one_that_was_held(
    shared_council, jo, seconds, planned, begun, subject
):
    visit = support.booked(shared_council.early_years, teacher=jo)
    leave(jo, shared_council.people[Role.ADMINISTRATOR], at=visit.starts_at + timedelta(seconds=seconds))
    [context] = [one.context for one in told()]
    assert (context["visits"], context["begun"]) == (planned, begun)
    deliver_waiting()
    [sent] = [one for one in mail.outbox if "has left" in one.subject]
    assert sent.subject == f"Jo Reeve has left: {subject}"
    assert ("do not cancel it" in sent.body) == bool(begun)


def test_begun_visits_alone_are_told_too(shared_council, jo):
    lead = person(Role.S2S_TEACHER)
    row = support.in_contact(shared_council.early_years, teacher=lead)
    visit = support.book(row, AT + 2 * DAY, teachers=[jo])
    leave(jo, shared_council.people[Role.ADMINISTRATOR], at=visit.ends_at)
    deliver_waiting()
    subjects = [one.subject for one in mail.outbox]
    assert "Jo Reeve has left: 1 visit that was to be held has no record" in subjects


def test_where_no_coordinator_is_active_the_administrator_hears_it(shared_council, jo):
    administrator, first = (shared_council.people[role] for role in (Role.ADMINISTRATOR, Role.S2S_COORDINATOR))
    support.booked(shared_council.early_years, teacher=jo)
    support.assigned(shared_council.far, teacher=jo)
    leave(first, administrator)
    closed = leave(jo, administrator, at=AT + DAY)
    assert told() == []
    assert "nobody could be told of what is left: 2 open requests and 1 planned visit. Tell S2S" in closed.nobody_told


def test_what_is_left_in_words():
    assert LeftAlone(requests=2, visits=1, begun=2).in_words == (
        "2 open requests, 1 planned visit and 2 visits that were to be held"
    )
    assert LeftAlone(requests=0, visits=0, begun=1).in_words == "1 visit that was to be held"
    assert LeftAlone(requests=0, visits=0, begun=0).in_words == ""


def test_coming_back_and_leaving_again_is_told_again(shared_council, jo):
    administrator = shared_council.people[Role.ADMINISTRATOR]
    support.assigned(shared_council.early_years, teacher=jo)
    leave(jo, administrator)
    access.reactivate(person=jo, reason="Came back", by=administrator)
    leave(jo, administrator, at=AT + DAY)
    assert len(told()) == 2


def test_of_nothing_in_hand_nobody_is_told(shared_council, jo):
    closed = leave(jo, shared_council.people[Role.ADMINISTRATOR])
    assert (closed.told, closed.nobody_told) == (0, "")
    assert leave(shared_council.people[Role.EARLY_YEARS_ADVISER], shared_council.people[Role.ADMINISTRATOR])
    assert told() == []


def test_who_is_to_be_no_teacher_any_more_leaves_work_too(shared_council, jo):
    administrator, first = (shared_council.people[role] for role in (Role.ADMINISTRATOR, Role.S2S_COORDINATOR))
    support.booked(shared_council.early_years, teacher=jo)
    changes, gone = given(jo, Held(Role.COMMISSIONER), by=administrator)
    assert changes == ["took away the role S2S teacher", "gave the role Commissioner"]
    assert (gone.left, gone.told, gone.nobody_told) == (LeftAlone(requests=1, visits=1, begun=0), 1, "")
    deliver_waiting()
    [sent] = [one for one in mail.outbox if one.to == [first.email] and "no longer an S2S teacher" in one.subject]
    assert sent.subject == "Jo Reeve is no longer an S2S teacher: 1 open request and 1 planned visit are with nobody"
    assert "An administrator changed their roles." in sent.body
    assert "has been closed" not in sent.body
    assert given(jo, Held(Role.COMMISSIONER), by=administrator) == ([], None)
    assert given(jo, by=administrator) == (["took away the role Commissioner"], None)
    assert len(told()) == 1


def test_a_visit_to_which_only_a_former_teacher_goes_as_well_is_left_alone(shared_council, jo):
    administrator, lead = shared_council.people[Role.ADMINISTRATOR], person(Role.S2S_TEACHER)
    row = support.in_contact(shared_council.early_years, teacher=lead)
    support.book(row, AT + 2 * DAY, teachers=[lead, jo])
    _, gone = given(jo, Held(Role.SEND_ADVISER), by=administrator)
    assert gone.left == LeftAlone(requests=0, visits=0, begun=0)
    assert leave(lead, administrator).left == LeftAlone(requests=1, visits=1, begun=0)


def test_whoever_may_not_give_roles_tells_nobody(shared_council, jo):
    support.assigned(shared_council.early_years, teacher=jo)
    with pytest.raises(NotAllowed):
        given(jo, by=shared_council.people[Role.S2S_COORDINATOR])
    assert jo.memberships.exists()
    assert told() == []


def test_only_administrators(shared_council, jo):
    support.assigned(shared_council.early_years, teacher=jo)
    with pytest.raises(NotAllowed):
        leave(jo, shared_council.people[Role.S2S_COORDINATOR])
    assert User.objects.get(pk=jo.pk).is_active
    assert told() == []
