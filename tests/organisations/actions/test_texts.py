"""Texts: another wording from now or from a day to come; two people do not overwrite each other unseen."""

from datetime import date, datetime, timedelta

import pytest

from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.actions.texts import set_text
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.documents import DEFAULT_TEXTS, TEXTS
from s2s_portal.organisations.models import AuditEvent, EditableText
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.texts import history_of, newest, text, wordings
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = pytest.mark.django_db
KEY = "START_SCHOOLS_ROUTE"
APRIL = date(2025, 4, 1)
APRIL_BEGINS = datetime(2025, 4, 1, 0, 0, tzinfo=LONDON)
LATER = timedelta(minutes=3)


@pytest.fixture
def commissioner():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


def put(body, *, by, from_day=None, at=AT, seen=0, key=KEY):
    return set_text(key=key, body=body, from_day=from_day, reason="A new team.", seen=seen, by=by, at=at)


def reads(moment=AT):
    return text(KEY, moment)


def test_every_text_has_its_place():
    assert TEXTS.keys() == DEFAULT_TEXTS.keys()


def test_from_now(commissioner):
    row = put("Ring us.", by=commissioner)
    assert reads() == "Ring us."
    assert reads(AT - timedelta(seconds=1)) == DEFAULT_TEXTS[KEY]
    assert (row.set_by, row.written_at, row.in_force_from, row.reason) == (commissioner, AT, AT, "A new team.")
    assert AuditEvent.objects.filter(reference=f"text {KEY}", user_id=commissioner.pk).count() == 1


def test_from_the_beginning_of_a_day_in_london(commissioner):
    put("In April.", by=commissioner, from_day=APRIL)
    assert reads(APRIL_BEGINS - timedelta(microseconds=1)) == DEFAULT_TEXTS[KEY]
    assert reads(APRIL_BEGINS) == "In April."


def test_what_is_still_to_come_is_put_right(commissioner):
    wrong = put("In Aprl.", by=commissioner, from_day=APRIL)
    put("In April.", by=commissioner, from_day=APRIL, seen=wrong.pk, at=AT + LATER)
    assert reads(APRIL_BEGINS) == "In April."
    assert [row.body for row in history_of(KEY)] == ["In April.", "In Aprl."]
    wording = next(one for one in wordings(AT + LATER) if one.key == KEY)
    assert (wording.row, [row.body for row in wording.coming]) == (None, ["In April."])


def test_pressed_twice_is_one_wording(commissioner):
    assert put("Ring us.", by=commissioner).pk == put("Ring us.", by=commissioner, at=AT + LATER).pk
    seen = newest(KEY).pk
    first = put("In April.", by=commissioner, from_day=APRIL, seen=seen)
    assert put("In April.", by=commissioner, from_day=APRIL, seen=seen, at=AT + LATER) == first
    assert EditableText.objects.count() == 2


def test_of_two_people_the_second_is_told(commissioner):
    first = put("Ring us.", by=commissioner)
    with pytest.raises(ChangedMeanwhile, match="Merle Ketteringham has set another wording") as told:
        put("Write to us.", by=person(Role.ADMINISTRATOR), at=AT + LATER)
    assert told.value.now == str(first.pk)
    with pytest.raises(ChangedMeanwhile):
        put("Ring us.", by=person(Role.ADMINISTRATOR), at=AT + LATER)
    assert EditableText.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words", "field"),
    [
        ({"body": DEFAULT_TEXTS[KEY]}, "reads like this already", "body"),
        ({"body": "x", "from_day": AT.date()}, "later than today", "from_day"),
        ({"body": "x", "from_day": AT.date() - timedelta(days=9)}, "later than today", "from_day"),
        ({"body": "x", "key": "NO_TEXT"}, "no such text", ""),
    ],
)
def test_what_cannot_be(commissioner, typed, words, field):
    with pytest.raises(CannotChange, match=words) as wrong:
        put(**typed, by=commissioner)
    assert wrong.value.field == field
    assert not EditableText.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COMMISSIONER, Role.ADMINISTRATOR)])
def test_nobody_else(role):
    with pytest.raises(NotAllowed):
        put("Ring us.", by=person(role))


def test_wordings_are_one_query(commissioner, django_assert_num_queries):
    put("Ring us.", by=commissioner)
    put("In April.", by=commissioner, from_day=APRIL, seen=newest(KEY).pk)
    with django_assert_num_queries(1):
        found = {one.key: one for one in wordings(AT)}
        assert str(found[KEY].row.set_by)
    assert found.keys() == DEFAULT_TEXTS.keys()
    assert (found[KEY].body, [row.body for row in found[KEY].coming]) == ("Ring us.", ["In April."])
