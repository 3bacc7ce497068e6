"""An administrator merges what was added by hand and names what its register withholds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, ReferenceChange
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory
from tests.factories.referrals import filled_draft, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST, NAMELESS = "/registers/by-hand/", "/registers/without-a-name/"


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def office(council, client_for):
    return client_for(council.people[Role.ADMINISTRATOR])


@pytest.fixture
def local(council):
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    made = {"name": "Reed Lane Nursery", "zone": council.zone, "added_by": adviser, "added_at": AT}
    return EstablishmentFactory(by_hand=True, **made)


@pytest.fixture
def target():
    return EstablishmentFactory(name="Reed Lane Day Nursery", zone=ZoneFactory(name="Quay"))


def pressed(office, url, step="preview", **told):
    return text_of(office.post(url, {"step": step, "reason": "The same door."} | told, follow=True))


def merge_url(local, target):
    return f"{LIST}{local.urn}/merge/{target.source}/{target.urn}/"


def test_the_registers_page_says_how_many_need_care(office, local):
    page = text_of(office.get("/registers/"))
    assert "1 setting added by hand" in page
    assert "0 without a name" in page
    assert LIST in page
    assert NAMELESS in page


def test_the_list_says_who_added_what_and_leads_to_merging(council, office, local):
    sent_request(local, by=council.people[Role.EARLY_YEARS_ADVISER])
    page = text_of(office.get(LIST))
    for words in ("Reed Lane Nursery", council.people[Role.EARLY_YEARS_ADVISER].full_name, "26 November 2024"):
        assert words in page
    assert f"{LIST}{local.urn}/merge/" in page


@pytest.mark.parametrize(("url", "fields"), [(LIST, {"by_hand": True}), (NAMELESS, {"withheld": True})])
def test_a_list_costs_the_same_for_one_row_and_for_three(office, url, fields):
    counts = []
    for more in (1, 2):
        EstablishmentFactory.create_batch(more, **fields)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_near_ones_are_offered_and_others_can_be_searched_for(office, local, target):
    school = EstablishmentFactory(school=True, name="Reed Lane Primary School")
    other = EstablishmentFactory(name="Staithe Puffins", postcode="NR1 1AA")
    page = text_of(office.get(f"{LIST}{local.urn}/merge/"))
    assert merge_url(local, target) in page
    assert merge_url(local, other) not in page
    assert merge_url(local, school) not in page
    assert merge_url(local, other) in text_of(office.get(f"{LIST}{local.urn}/merge/", {"q": "puffins"}))
    assert "Nothing open that uses" in text_of(office.get(f"{LIST}{local.urn}/merge/", {"q": "Reed Lane Primary"}))
    assert "Nothing in the registers has" in text_of(
        office.get(f"{LIST}{EstablishmentFactory(by_hand=True, name='Xyz', postcode='').urn}/merge/")
    )


def test_what_follows_is_shown_before_it_is_done(council, office, local, target):
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    request = sent_request(local, by=adviser)
    support.booked(request)
    filled_draft(local, by=adviser, at=AT)
    assert "See what follows" in text_of(office.get(merge_url(local, target)))
    page = pressed(office, merge_url(local, target))
    for words in (
        "It cannot be undone",
        "1 request (1 with S2S now), 1 planned visit, 1 draft, 1 contact",
        "Drafts go to the advisers of Quay",
        f"Stream, zone, place and fee of requests that were sent in {council.zone}, too",
        "The same door.",
    ):
        assert words in page
    assert Establishment.objects.get(pk=local.pk).is_open
    page = pressed(office, merge_url(local, target), "confirm")
    assert "Reed Lane Nursery has been merged into Reed Lane Day Nursery (URN" in page
    assert "No setting waits to be merged" in page
    request.refresh_from_db()
    assert request.establishment == target


def test_what_cannot_be_merged_is_said_before_anything_is_promised(office, local):
    school = EstablishmentFactory(school=True)
    page = pressed(office, merge_url(local, school))
    assert "They do not use the same places" in page
    assert "Merge them" not in page


def test_old_links_lead_to_the_page_that_says_what_it_is_now(office, local, target):
    target.zone = None
    target.save()
    assert "so it is put in" in pressed(office, merge_url(local, target))
    pressed(office, merge_url(local, target), "confirm")
    for url in (f"{LIST}{local.urn}/merge/", merge_url(local, target)):
        assert "was added by hand and is now" in text_of(office.get(url, follow=True))
    assert "has been merged into Reed Lane Day Nursery already" in pressed(office, merge_url(local, target), "confirm")


def test_a_name_is_given_with_a_reason(office):
    one = EstablishmentFactory(withheld=True)
    page = reverse("organisations:establishment_detail", args=[one.source, one.urn])
    url = f"{NAMELESS}{one.source}/{one.urn}/"
    assert url in text_of(office.get(page))
    assert url in text_of(office.get(NAMELESS, {"q": one.urn}))
    assert "None of these match" in text_of(office.get(NAMELESS, {"q": "EY000000"}))
    assert "Enter the name" in pressed(office, url, name="")
    assert "its next file does not take the name away" in pressed(office, url, name="Reed Cottage")
    assert "It is called Reed Cottage now" in pressed(office, url, "confirm", name="Reed Cottage")
    assert ReferenceChange.objects.get().reason == "The same door."
    assert "Given by hand" in text_of(office.get(page))
    assert "Every one has a name" in text_of(office.get(NAMELESS))
    assert "Press again to put yours in its place" in pressed(office, url, "confirm", name="Red", seen="")


def test_what_has_a_name_or_is_not_there_is_not_found(office, local):
    named = EstablishmentFactory()
    for url in (f"{NAMELESS}{named.source}/{named.urn}/", f"{LIST}L-1/merge/", merge_url(named, local)):
        assert office.get(url).status_code == 404
    plain = text_of(office.get(reverse("organisations:establishment_detail", args=[named.source, named.urn])))
    assert "Give it a name" not in plain


def test_the_page_of_one_that_was_added_leads_to_merging(office, local):
    page = text_of(office.get(reverse("organisations:establishment_detail", args=[local.source, local.urn])))
    assert "Merge it into one of a register" in page
    assert "by Early Years" in page or "Added" in page
