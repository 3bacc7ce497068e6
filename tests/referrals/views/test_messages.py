"""What was told about one request: everything to those who see the full case, without people to the others."""

import pytest
from django.urls import reverse

from referrals.queries import messages as queries
from s2s_portal.core import clock
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import ready_cohort, send
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def page_of(reference) -> str:
    return reverse("referrals:referral_messages", args=[reference])


def told(reference, **changes):
    """The message to the contact about this request, with these columns changed."""
    rows = Notification.objects.filter(reference=reference, kind=Kind.REQUEST_SENT_CONTACT)
    rows.update(**changes)
    return rows.get()


def test_the_request_leads_to_its_messages_with_people_and_what_became_of_them(council, client_for):
    browser = client_for(council.people[Role.S2S_COORDINATOR])
    reference = council.early_years.reference
    to_contact = told(reference, failed_at=clock.real_now(), last_error="The mail server refused x@y.invalid: 550 no")
    address = page_of(reference)
    assert f'href="{address}"' in text_of(browser.get(reverse("referrals:referral_detail", args=[reference])))
    page = text_of(browser.get(address))
    for words in (
        "Request sent, to its adviser",
        "Request sent, to the school or setting",
        council.people[Role.EARLY_YEARS_ADVISER].full_name,
        council.people[Role.EARLY_YEARS_ADVISER].email,
        to_contact.to_email,
        "Waiting",
        "Not delivered",
        "The mail server there says that it takes no mail for this address.",
    ):
        assert words in page
    assert council.mainstream.reference not in page


def test_who_does_not_see_the_child_does_not_see_the_people(council, client_for):
    reference = council.early_years.reference
    row = told(
        reference, failed_at=clock.real_now(), last_error="The mail server refused office@puddle.invalid: 550 no"
    )
    page = text_of(client_for(council.people[Role.COMMISSIONER]).get(page_of(reference)))
    assert "Request sent, to the school or setting" in page
    assert "Not delivered" in page
    for words in (row.to_email, row.to_name, council.people[Role.EARLY_YEARS_ADVISER].email, "takes no mail"):
        assert words not in page


def test_looking_is_recorded(council, client_for):
    who = council.people[Role.S2S_COORDINATOR]
    client_for(who).get(page_of(council.early_years.reference))
    row = AuditEvent.objects.latest("pk")
    assert (row.user_id, row.kind, row.what) == (who.pk, AuditKind.READ, "messages about the request")
    assert row.reference == council.early_years.reference


def test_nothing_of_this_leaves_the_zone(council, client_for):
    browser = client_for(council.people[Role.EARLY_YEARS_ADVISER])
    assert browser.get(page_of(council.far.reference)).status_code == 404


def test_a_request_without_messages_says_so(council, client_for):
    Notification.objects.all().delete()
    page = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(page_of(council.early_years.reference)))
    assert "Nothing has been told yet" in page


@pytest.mark.parametrize("role", [Role.S2S_COORDINATOR, Role.COMMISSIONER])
def test_one_and_three_messages_take_the_same_queries(council, client_for, role, django_assert_num_queries):
    browser, reference = client_for(council.people[role]), council.early_years.reference
    rows = list(Notification.objects.filter(reference=reference))
    for number in (1, 2):
        rows[0].pk, rows[0].key = None, f"more:{number}"
        rows[0].save(force_insert=True)
    with django_assert_num_queries(8):  # clock, session, person, roles, zones, request, messages, audit
        browser.get(page_of(reference))
    Notification.objects.filter(reference=reference).exclude(key="more:1").delete()
    with django_assert_num_queries(8):
        browser.get(page_of(reference))


def test_the_message_about_a_cohort_is_told_of_the_requests_it_names(council):
    adviser = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=adviser)
    outcome = send(cohort, by=adviser)
    [referral] = outcome.sent
    kinds = [one.what for one in queries.told_about(referral, with_people=True)]
    assert Kind.COHORT_SENT.label in kinds
    Notification.objects.filter(kind=Kind.COHORT_SENT).update(
        context={"sent": [{"reference": "MS-2A3B-4C", "establishment": "Another"}], "waiting": []}
    )
    kinds = [one.what for one in queries.told_about(referral, with_people=True)]
    assert Kind.COHORT_SENT.label not in kinds
    assert Kind.REQUEST_SENT_CONTACT.label in kinds
