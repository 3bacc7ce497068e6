"""What somebody else did between the moment a page looked and the moment it wrote (races/ does the same at random)."""

import pytest

from referrals.actions import drafts, requests, withdrawing
from referrals.choices import Section
from referrals.models import DraftReferral, Referral
from tests.factories import support
from tests.factories.referrals import filled_draft, sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import desk, section_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
TYPED = {"version": "1", "strategies_tried": "Typed late.", "strategies_outcome": "Calmer."}
#: The first statement of an action's transaction, and the lock that a submission takes before it reads the draft.
WRITING, QUOTA = "SAVEPOINT", "quotas_quota"


@pytest.fixture
def here():
    return desk()


@pytest.fixture
def draft(here):
    return filled_draft(here.setting, by=here.user)


@pytest.fixture
def deletes(here, draft):
    """A colleague deletes the draft."""
    other = here.colleague().user
    return lambda: drafts.delete(draft=DraftReferral.objects.get(pk=draft.pk), by=other, at=AT)


@pytest.fixture
def sends(here, draft):
    """A colleague sends the draft."""
    other = here.colleague().user
    return lambda: requests.submit(key=draft.key, by=other, at=AT)


def test_a_draft_sent_meanwhile_is_sent_once_and_leads_to_its_confirmation(here, draft, sends):
    with meanwhile(QUOTA, sends):
        answer = here.post(f"/drafts/{draft.key}/submit/", edition=str(draft.edition))
    assert answer.url == f"/requests/{Referral.objects.get().reference}/sent/"
    assert here.quota.entries.filter(kind="DRAWN").count() == 1


def test_a_draft_deleted_meanwhile_is_not_sent(here, draft, deletes):
    with meanwhile(QUOTA, deletes):
        answer = here.post(f"/drafts/{draft.key}/submit/", edition=str(draft.edition))
    assert answer.status_code == 404
    assert not Referral.objects.exists()
    assert not here.quota.entries.filter(kind="DRAWN").exists()


def test_a_section_of_a_draft_deleted_meanwhile_is_shown_back(here, draft, deletes):
    with meanwhile(WRITING, deletes):
        answer = here.post(section_url(draft, Section.TRIED), **TYPED)
    assert answer.status_code == 404
    assert "Typed late." in text_of(answer)


def test_a_section_of_a_draft_sent_meanwhile_is_shown_back_with_the_request(here, draft, sends):
    with meanwhile(WRITING, sends):
        answer = here.post(section_url(draft, Section.TRIED), **TYPED)
    sent = Referral.objects.get()
    assert answer.status_code == 409
    assert "Typed late." in text_of(answer)
    assert sent.reference in text_of(answer)
    assert sent.strategies_tried != "Typed late."


# --- Withdrawing ------------------------------------------------------------------------------------------------
WITHDRAWAL = {"reason": "OTHER", "note": ""}


def test_a_request_withdrawn_meanwhile_says_by_whom(here):
    sent = sent_request(here.setting, by=here.user)
    other = here.colleague().user
    with meanwhile(WRITING, lambda: withdrawing.withdraw(referral=sent, **WITHDRAWAL, by=other, at=AT)):
        answer = here.post(f"/requests/{sent.reference}/withdraw/", **WITHDRAWAL)
    assert answer.url == f"/requests/{sent.reference}/"
    assert f"{sent.reference} had just been withdrawn by Ida Mautby." in text_of(here.get(answer.url))
    assert here.quota.entries.filter(kind="RELEASED").count() == 1


def test_a_request_that_was_visited_meanwhile_is_not_withdrawn_and_says_so(here):
    sent = sent_request(here.setting, by=here.user)
    booking = support.booked(sent)
    with meanwhile(WRITING, lambda: support.held(booking)):
        answer = here.post(f"/requests/{sent.reference}/withdraw/", **WITHDRAWAL)
    page = text_of(here.get(answer.url))
    assert f"{sent.reference} can no longer be withdrawn: Support under way." in page
    assert "has been withdrawn" not in page
    assert not here.quota.entries.filter(kind="RELEASED").exists()
