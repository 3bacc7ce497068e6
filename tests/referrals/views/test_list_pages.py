"""The lists of requests and drafts: empty ones, pages of 25, and the queries they take."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import sent_request, start_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import desk, listed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
REQUESTS = reverse("referrals:referral_list")
DRAFTS = reverse("referrals:draft_list")


def test_pages_of_25_keep_the_filters():
    who = desk()
    sent = [sent_request(who.setting, by=who.user, at=AT - timedelta(minutes=minute)) for minute in range(27)]
    first = who.get(REQUESTS, status="SUBMITTED", text="puddle lane")
    assert listed(first) == [one.reference for one in sent[:25]]
    assert "27 requests" in text_of(first)
    [onward] = set(re.findall(r'href="(\?[^"]*page=2)"', text_of(first)))
    assert "status=SUBMITTED" in onward
    assert listed(who.client.get(REQUESTS + onward)) == [one.reference for one in sent[25:]]


def test_an_empty_list_says_what_to_do():
    who = desk()
    assert "No requests yet" in text_of(who.get(REQUESTS))
    assert reverse("referrals:draft_start") in text_of(who.get(REQUESTS))
    assert "No drafts" in text_of(who.get(DRAFTS))


@pytest.mark.parametrize("count", [1, 3])
def test_requests_take_the_same_queries(django_assert_num_queries, count):
    who = desk()
    for _ in range(count):
        sent_request(EstablishmentFactory(zone=who.zone), by=who.user)
    with django_assert_num_queries(10):
        assert len(listed(who.get(REQUESTS))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_drafts_take_the_same_queries(django_assert_num_queries, count):
    who = desk()
    for _ in range(count):
        start_draft(EstablishmentFactory(zone=who.zone), by=who.user)
    with django_assert_num_queries(14):
        assert f"{count} draft" in text_of(who.get(DRAFTS))
