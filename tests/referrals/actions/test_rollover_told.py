"""Who is told when a request moves at a contract's end."""

import pytest

from referrals.choices import Status
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.models import Notification
from tests.factories import contract_ends as ends

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def told_to(teacher, *requests):
    """What this teacher is told of these requests: of which, and the sentence."""
    theirs = {"to_email": teacher.email, "reference__in": [one.reference for one in requests]}
    rows = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER, **theirs)
    return [(one.reference, one.context["sentence"]) for one in rows.order_by("pk")]


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED])
def test_the_teacher_is_told_that_another_provider_goes_on(scene, status):
    before = scene.of(status)
    rollover = scene.ran(ends.successor(scene.period.contract, same_provider=False))
    new = ends.line_of(rollover, before).successor
    sentence = f"The contract has ended. Another provider goes on with this request, as {new.reference}."
    assert told_to(before.teacher, before, new) == [(before.reference, sentence)]


def test_a_teacher_who_goes_on_with_it_is_told_once(scene):
    before = scene.of(Status.ASSIGNED)
    rollover = scene.ran(ends.successor(scene.period.contract))
    new = ends.line_of(rollover, before).successor
    assert [reference for reference, _ in told_to(before.teacher, before, new)] == [new.reference]


def test_a_moved_request_is_told_with_both_references_the_contract_and_its_dates(scene):
    before = scene.of(Status.ASSIGNED)
    rollover = scene.ran(ends.successor(scene.period.contract))
    new = ends.line_of(rollover, before).successor
    kinds = (Kind.REQUEST_STATUS_ADVISER, Kind.REQUEST_STATUS_CONTACT, Kind.REQUEST_STATUS_TEACHER)
    for kind in kinds:
        told = Notification.objects.get(kind=kind, reference=new.reference)
        words = written(told.kind, told.context, to_name=told.to_name)
        for fact in (before.reference, new.reference, rollover.target.name, "Its dates are kept", "uses no new place"):
            assert fact in words.text
        if kind != Kind.REQUEST_STATUS_TEACHER:
            assert f"moved to the next contract, was {before.reference}" in words.subject
            assert new.reference in words.subject
