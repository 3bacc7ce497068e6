"""The gallery: every kind is there, says when, why and to whom, and reads as it goes out."""

import base64
import hashlib
import re

import pytest
from django.urls import reverse

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.reasons import REASONS
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def visitor(client_for):
    return client_for(person(Role.COMMISSIONER))


def page_of(kind, name="kind_detail") -> str:
    return reverse(f"notifications:{name}", args=[kind.lower().replace("_", "-")])


def test_every_kind_is_listed_once(visitor):
    page = text_of(visitor.get(reverse("notifications:kind_list")))
    assert sorted(re.findall(r'href="(/messages/kinds/[^"]+/)"', page)) == sorted(page_of(kind) for kind in Kind)
    assert all(reason.group in page for reason in REASONS.values())


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_says_when_why_to_whom_and_shows_an_example(visitor, kind):
    page = text_of(visitor.get(page_of(kind)))
    reason = REASONS[kind]
    for words in (kind.label, reason.when, reason.why, reason.who, "Dear Rowan Marsh,"):
        assert words in page
    assert "School to School (S2S) support for schools and early years settings" in page


@pytest.mark.parametrize("kind", Kind)
def test_the_html_is_drawn_with_its_own_styles_and_no_others(visitor, kind):
    answer = visitor.get(page_of(kind, "kind_html"))
    html = answer.content.decode()
    assert html.startswith("<!DOCTYPE html>")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["kind_detail", "kind_html"])
def test_there_are_no_other_kinds(visitor, name):
    assert visitor.get(reverse(f"notifications:{name}", args=["pigeon"])).status_code == 404


def test_visits_always_go_by_e_mail(visitor):
    assert "Always by e-mail, at once" in text_of(visitor.get(page_of(Kind.VISIT_BOOKED)))
    assert "As the person has chosen" in text_of(visitor.get(page_of(Kind.PLACE_FREE)))
