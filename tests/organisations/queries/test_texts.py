"""Editable texts: the latest wording in force, else the portal's own."""

from datetime import timedelta

import pytest

from s2s_portal.organisations.documents import DEFAULT_TEXTS
from s2s_portal.organisations.models import EditableText
from s2s_portal.organisations.queries.texts import text, texts
from tests.factories.organisations import UserFactory
from tests.moments import AN_ORDINARY_TUESDAY as NOW

pytestmark = pytest.mark.django_db
KEY = "START_SCHOOLS_ROUTE"


def wording(body, after):
    return EditableText.objects.create(key=KEY, body=body, in_force_from=NOW + after, set_by=UserFactory())


def test_text_is_the_default_until_one_is_set():
    assert text(KEY, NOW) == DEFAULT_TEXTS[KEY]
    assert "csearlyyearsadviceline@norfolk.gov.uk" in text("START_EARLY_YEARS_ROUTE", NOW)
    assert "schoolandcommunity@norfolk.gov.uk" in text("REFUSAL_HELP_MAINSTREAM", NOW)
    assert "peech and language" in text("REFUSAL_HELP_EARLY_YEARS", NOW)


def test_text_is_the_latest_in_force():
    wording("third", timedelta(days=1))
    wording("first", timedelta(days=-2))
    wording("second", timedelta(0))
    assert text(KEY, NOW - timedelta(days=1)) == "first"
    assert text(KEY, NOW - timedelta(microseconds=1)) == "first"
    assert text(KEY, NOW) == "second"
    assert text(KEY, NOW + timedelta(days=1)) == "third"


def test_texts_are_one_query(django_assert_num_queries):
    wording("changed", timedelta(0))
    with django_assert_num_queries(1):
        found = texts(list(DEFAULT_TEXTS), NOW)
    assert found == DEFAULT_TEXTS | {KEY: "changed"}
