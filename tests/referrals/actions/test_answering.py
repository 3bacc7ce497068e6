"""What a contact answers by a link, where the pages have already let them in: taken back, handed over, gone."""

import pytest

from referrals.actions import confirming, retracting, telling_setting
from referrals.models import RecordConfirmation, Referral, Rollover
from referrals.queries import setting
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose
from s2s_portal.organisations.models import SignedLink
from tests.factories import contract_ends, records, support
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(council):
    booking = support.booked(council.early_years, at=AT - support.DAY, starts_at=AT - 2 * support.HOUR)
    visit = support.held(booking, at=AT)
    return records.recorded(records.fresh(visit))


@pytest.fixture
def link(record):
    message = Notification.objects.get(kind=Kind.RECORD_READY_CONTACT)
    return SignedLink.objects.get(pk=message.context["link_id"])


def test_a_record_is_confirmed_once(link):
    assert confirming.answer(link=link, view="", at=AT).refusal == ""
    assert confirming.answer(link=link, view="Something else.", at=AT).refusal == confirming.ANSWERED
    assert RecordConfirmation.objects.get().view == ""


def test_a_record_that_was_retracted_is_not_confirmed(record, link):
    by = Referral.objects.get(pk=record.visit.referral_id).teacher
    retracting.retract(record=record, reason="About his brother", breach_note="Nobody opened it.", by=by, at=AT)
    assert confirming.answer(link=link, view="", at=AT).refusal == confirming.GONE
    assert not RecordConfirmation.objects.exists()


def test_a_former_contact_does_not_confirm(record, link):
    Referral.objects.filter(pk=record.visit.referral_id).update(contact_email="new@setting.invalid")
    assert confirming.answer(link=link, view="", at=AT).refusal == confirming.NOT_YOURS
    assert not RecordConfirmation.objects.exists()


def moved_on(referral, times, **contact):
    """The request as which it goes on after so many moves, each to the contract that follows; corrected there."""
    for _ in range(times):
        referral = contract_ends.moved(referral, referral.period)
    Referral.objects.filter(pk=referral.pk).update(**contact)
    return referral


def test_after_a_move_the_contact_of_the_new_request_counts(record, link):
    old = record.visit.referral
    new = moved_on(old, 1, contact_email="new@setting.invalid")
    assert not setting.is_contact(link, Referral.objects.get(pk=old.pk))
    assert confirming.answer(link=link, view="", at=AT).refusal == confirming.NOT_YOURS
    Referral.objects.filter(pk=new.pk).update(contact_email=old.contact_email, contact_name="Tove Reeve")
    assert confirming.answer(link=link, view="", at=AT).refusal == ""
    assert RecordConfirmation.objects.get().contact_name == "Tove Reeve"


def test_after_a_move_that_was_undone_the_contact_of_the_old_request_counts(record, link):
    old = record.visit.referral
    new = moved_on(old, 1)
    contract_ends.undone(Rollover.objects.get())
    Referral.objects.filter(pk=new.pk).update(contact_email="new@setting.invalid")
    assert setting.is_contact(link, Referral.objects.get(pk=old.pk))


@pytest.mark.parametrize(("moves", "queries"), [(0, 0), (1, 1), (3, 1)])
def test_as_many_queries_however_often_it_moved(record, link, django_assert_num_queries, moves, queries):
    old = record.visit.referral
    moved_on(old, moves, contact_email="new@setting.invalid")
    old = Referral.objects.get(pk=old.pk)
    with django_assert_num_queries(queries):
        assert not setting.is_contact(link, old)


def test_a_link_to_nothing_is_an_error(council):
    lost = links.issue(purpose=LinkPurpose.READ_RECORD, subject="record EY-0000-00/1", email="a@setting.invalid")
    with pytest.raises(Referral.DoesNotExist):
        setting.request_behind(lost)


def test_where_nobody_has_the_request_nobody_is_told(council):
    referral = council.early_years
    assert referral.teacher is None
    telling_setting.answered(referral=referral, key="one", sentence="They answered.", at=AT)
    assert not Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER).exists()


def test_a_link_is_used_once(council):
    link = links.issue(purpose=LinkPurpose.SEE_VISIT, subject="visit 1", email="a@setting.invalid")
    beside = links.issue(purpose=LinkPurpose.SEE_VISIT, subject="visit 1", email="a@setting.invalid")
    assert links.use(link, at=AT)
    assert not links.use(link, at=AT)
    assert not links.use(beside, at=AT)
