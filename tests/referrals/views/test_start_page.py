"""The public start page, and a home page on which nothing has happened yet."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import EditableText
from tests import moments
from tests.factories.organisations import person
from tests.factories.quotas import period_with_places, quota_of, use_places
from tests.referrals.views.desk import desk, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
START, HOME = reverse("start"), reverse("home")


def test_anybody_reads_what_s2s_is_and_the_route_to_it(client):
    page = text_of(client.get(START))
    for words in (
        "Teachers from complex needs schools visit mainstream schools and early years settings",
        "Schools and settings do not make requests here themselves.",
        "Talk to the council’s Early Years Team first",
        'href="mailto:csearlyyearsadviceline@norfolk.gov.uk"',
        "Talk to your SEND Adviser",
        "No places have been bought for this time.",
        reverse("account_login"),
    ):
        assert words in page


def test_the_route_reads_as_the_council_has_set_it(client, at):
    by = person(Role.ADMINISTRATOR)
    texts = {"key": "START_SCHOOLS_ROUTE", "set_by": by}
    EditableText.objects.create(body="Ring <b>us</b> at any time.", in_force_from=at - timedelta(days=1), **texts)
    EditableText.objects.create(body="Not yet in force.", in_force_from=at + timedelta(days=1), **texts)
    page = client.get(START).content.decode()
    assert "Ring &lt;b&gt;us&lt;/b&gt; at any time." in page
    assert "Not yet in force." not in page
    assert "Talk to your SEND Adviser" not in page


def test_places_left_and_the_cut_off_are_public(client):
    period = period_with_places(early_years=3, mainstream=85)
    use_places(quota_of(period, Stream.EARLY_YEARS), 2, by=person(Role.COMMISSIONER))
    page = text_of(client.get(START))
    assert "1 of 3 early years places is left." in page
    assert "85 of 85 mainstream places are left." in page
    assert "up to and including <strong>Friday 13 December 2024</strong>" in page
    assert 'datetime="2024-12-14T00:00:00+00:00"' in page


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        pytest.param(moments.LAST_SECOND, "Requests are taken up to and including", id="the last second"),
        pytest.param(moments.FIRST_MOMENT_TOO_LATE, "Requests closed at the end of", id="too late"),
        pytest.param(moments.TERM_STARTS - timedelta(hours=10), "Requests open on", id="not yet"),
    ],
)
def test_the_start_page_says_whether_requests_are_taken(client, when, sentence):
    period_with_places()
    with time_machine.travel(when, tick=False):
        assert sentence in text_of(client.get(START))


def test_the_start_page_does_the_same_work_for_everybody(client, django_assert_num_queries):
    period_with_places()
    with django_assert_num_queries(5):
        client.get(START)


def test_an_adviser_who_has_done_nothing_yet_reads_what_will_appear():
    page = text_of(desk().get(HOME))
    assert "No drafts" in page
    assert "You have not sent a request yet" in page


def test_somebody_without_a_role_reads_what_is_missing(client_for):
    assert "You have no role yet" in text_of(client_for(person()).get(HOME))
