"""The pages on which what was added by hand is corrected; requests sent before keep what was true then."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, EstablishmentKind
from tests.factories.cohorts import ready_cohort
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = "/registers/by-hand/"
MOST_QUERIES = 26
"""Of them ten hold still, twice looked at, what hangs on the setting: checking carries the change out."""


@pytest.fixture
def adviser(shared_council):
    return shared_council.people[Role.EARLY_YEARS_ADVISER]


@pytest.fixture
def office(shared_council, client_for):
    return client_for(shared_council.people[Role.ADMINISTRATOR])


@pytest.fixture
def local(shared_council, adviser):
    made = {"name": "Reed Lan Nursery", "zone": shared_council.zone, "added_by": adviser, "added_at": AT}
    return EstablishmentFactory(by_hand=True, street="2 Reed Lane", town="Market Staithe", postcode="NR29 9ZZ", **made)


def page_of(one):
    return f"{LIST}{one.urn}/correct/"


def typed(one, asked, **changes):
    """What the form of this page holds, with changes."""
    names = ("name", "street", "locality", "town", "postcode", "telephone")
    facts = {name: getattr(one, name) for name in names} | {"kind": one.kind_id, "zone": one.zone_id}
    return facts | {"reason": "A slip.", "seen": re.search(r'name="seen"[^>]*value="([^"]*)"', asked)[1]} | changes


def test_from_the_list_to_the_corrected_setting_and_its_history(office, local):
    assert page_of(local) in text_of(office.get(LIST))
    asked = text_of(office.get(page_of(local)))
    assert 'value="Reed Lan Nursery"' in asked
    wanted = typed(local, asked, name="Reed Lane Nursery")
    page = text_of(office.post(page_of(local), wanted))
    for words in ("Correct it like this?", "Reed Lan Nursery", "Reed Lane Nursery", "A slip.", "Lists, searches and"):
        assert words in page
    assert Establishment.objects.get(pk=local.pk).name == "Reed Lan Nursery"
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    for _ in range(2):
        page = text_of(office.post(page_of(local), wanted | {"step": "confirm", "key": key}, follow=True))
    assert "Reed Lane Nursery has been corrected." in page
    assert page.count("Name: Reed Lan Nursery") == 1


def test_requests_keep_what_was_true_when_they_were_sent_and_drafts_follow(shared_council, office, adviser, local):
    sent = sent_request(local, by=adviser)
    filled_draft(local, by=adviser)
    before = Referral.objects.filter(pk=sent.pk).values("stream", "zone", "fee_pence", "fee_basis").get()
    quay = ZoneFactory(name="Quay")
    wanted = typed(local, text_of(office.get(page_of(local))), zone=quay.pk, postcode="NR2 4AA")
    page = text_of(office.post(page_of(local), wanted))
    for words in (
        "Stream, zone, place and fee of 1 request that were sent.",
        "New requests for it are those of the advisers of Quay.",
        "1 draft for it has to be checked again before it is sent.",
        "1 draft for it goes to the advisers of Quay.",
        "Journeys to visits that are planned there are reckoned again.",
    ):
        assert words in page
    assert "can no longer be sent" not in page
    assert "cohort" not in page
    assert office.post(page_of(local), wanted | {"step": "confirm"}).status_code == 302
    assert Establishment.objects.get(pk=local.pk).zone == quay
    assert Referral.objects.filter(pk=sent.pk).values("stream", "zone", "fee_pence", "fee_basis").get() == before


def test_a_kind_of_another_stream_is_refused_at_its_question_while_requests_have_not_ended(office, adviser, local):
    sent_request(local, by=adviser)
    wanted = typed(local, text_of(office.get(page_of(local))), kind=EstablishmentKindFactory(school=True).pk)
    page = text_of(office.post(page_of(local), wanted))
    assert "1 request that has not ended uses other places than" in page
    assert 'href="#id_kind"' in page
    assert Establishment.objects.get(pk=local.pk).kind == local.kind


def test_what_can_no_longer_be_sent_is_counted(shared_council, office, adviser, local):
    filled_draft(local, by=adviser)
    wanted = typed(local, text_of(office.get(page_of(local))), kind=EstablishmentKindFactory(school=True).pk)
    page = text_of(office.post(page_of(local), wanted))
    assert "New requests for it use mainstream places." in page
    assert "1 draft for it can no longer be sent, and says so." in page
    assert "checked again" not in page
    schools = [
        EstablishmentFactory(school=True, by_hand=True, zone=shared_council.zone, town="Staithe", street="2 Lane")
        for _ in range(2)
    ]
    ready_cohort(schools, by=shared_council.people[Role.SEND_ADVISER])
    ready_cohort(schools[:1], by=shared_council.people[Role.SEND_ADVISER])
    asked = text_of(office.get(page_of(schools[0])))
    page = text_of(office.post(page_of(schools[0]), typed(schools[0], asked, name="Staithe School")))
    assert "2 lines of cohorts for it have to be checked again before they are sent." in page
    asked = text_of(office.get(page_of(schools[1])))
    page = text_of(office.post(page_of(schools[1]), typed(schools[1], asked, kind=local.kind_id)))
    assert "1 line of a cohort for it can no longer be sent, and says so." in page


def test_the_adviser_who_has_checked_a_draft_looks_again(client_for, office, adviser, local):
    draft, theirs = filled_draft(local, by=adviser), client_for(adviser)
    wanted = typed(local, text_of(office.get(page_of(local))), name="Quite Another Nursery")
    assert office.post(page_of(local), wanted | {"step": "confirm"}).status_code == 302
    answer = theirs.post(f"/drafts/{draft.key}/submit/", {"edition": str(draft.edition)}, follow=True)
    assert "Quite Another Nursery" in text_of(answer)
    assert not Referral.objects.filter(submission_key=draft.key).exists()


def test_a_typing_error_is_put_right_where_its_kind_has_no_requests_any_more(office, local):
    EstablishmentKind.objects.filter(pk=local.kind_id).update(eligibility="NOT_ELIGIBLE")
    asked = text_of(office.get(page_of(local)))
    assert f'<option value="{local.kind_id}" selected>' in asked
    quay = ZoneFactory(name="Quay")
    wanted = typed(local, asked, name="Reed Lane Nursery", zone=quay.pk)
    page = text_of(office.post(page_of(local), wanted))
    assert "Correct it like this?" in page
    assert "New requests for it" not in page
    assert office.post(page_of(local), wanted | {"step": "confirm"}).status_code == 302
    assert Establishment.objects.get(pk=local.pk).name == "Reed Lane Nursery"


@pytest.mark.parametrize(
    ("changes", "words", "where"),
    [
        ({"name": "…"}, "Name must have letters in it", "name"),
        ({"postcode": "NR"}, "Postcode must be a full UK postcode", "postcode"),
        ({"zone": ""}, "the zone", "zone"),
        ({"reason": ""}, "Enter the reason", "reason"),
    ],
)
def test_what_cannot_be_is_said_at_its_question(office, local, changes, words, where):
    page = text_of(office.post(page_of(local), typed(local, text_of(office.get(page_of(local))), **changes)))
    assert words in page
    assert f'href="#id_{where}"' in page


def test_who_was_first_is_named_and_nothing_typed_is_lost(office, local):
    asked = text_of(office.get(page_of(local)))
    Establishment.objects.filter(pk=local.pk).update(town="Fen End")
    page = text_of(office.post(page_of(local), typed(local, asked, name="Reed Lane Nursery")))
    assert "Somebody has changed it while you were writing. It is now: Name: Reed Lan Nursery" in page
    assert 'value="Reed Lane Nursery"' in page


def test_what_is_merged_is_corrected_no_more(office, local, shared_council):
    asked = text_of(office.get(page_of(local)))
    Establishment.objects.filter(pk=local.pk).update(merged_into=shared_council.setting, status="CLOSED")
    assert office.get(page_of(local)).url.endswith(f"/LOCAL/{local.urn}/")
    assert "It has been merged into Bulrush Nursery" in text_of(office.post(page_of(local), typed(local, asked)))
    assert office.get(f"{LIST}L-1/correct/").status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_checking_takes_few_statements(office, adviser, local, times):
    for _ in range(times):
        sent_request(local, by=adviser)
    wanted = typed(local, text_of(office.get(page_of(local))), name="Reed Lane Nursery")
    with CaptureQueriesContext(connection) as found:
        assert "Correct it like this?" in text_of(office.post(page_of(local), wanted))
    counted = [one for one in found if "SAVEPOINT" not in one["sql"]]
    assert len(counted) == MOST_QUERIES
