"""Settings that several people change at once: one change counts, the others are told who was first."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from s2s_portal.organisations.actions.levers import ChangedMeanwhile
from s2s_portal.organisations.actions.texts import set_text
from s2s_portal.organisations.actions.zones import rename_zone
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import EditableText, ReferenceChange, User, Zone
from tests.factories.organisations import ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = "START_SCHOOLS_ROUTE"


def reworded(who, number):
    """Whether the text, which nobody had changed when they looked, now reads as this person wants."""
    by = User.objects.get(pk=who)
    told = {"body": f"Wording {number}", "from_day": None, "reason": "So.", "seen": 0}
    try:
        set_text(key=TEXT, **told, by=by, at=AT + timedelta(seconds=number))
    except ChangedMeanwhile:
        return False
    return True


def renamed(who, number, zone):
    """Whether the zone, which was called Broad when they looked, now has this person's name for it."""
    by, told = User.objects.get(pk=who), {"seen": "Broad", "reason": "So.", "key": uuid.uuid4()}
    try:
        rename_zone(zone=Zone.objects.get(pk=zone), name=f"Zone {number}", **told, by=by, at=AT)
    except ChangedMeanwhile:
        return False
    return True


def administrators(count):
    return [person(Role.ADMINISTRATOR).pk for _ in range(count)]


def test_of_many_first_wordings_at_once_one_is_set(transactional_db):
    works = [partial(reworded, pk, number) for number, pk in enumerate(administrators(6))]
    assert sorted(at_once(works)) == [False] * 5 + [True]
    assert EditableText.objects.filter(key=TEXT).count() == 1


def test_of_many_names_for_a_zone_at_once_one_is_kept(transactional_db):
    zone = ZoneFactory(name="Broad").pk
    works = [partial(renamed, pk, number, zone) for number, pk in enumerate(administrators(6))]
    kept = at_once(works)
    assert sorted(kept) == [False] * 5 + [True]
    assert Zone.objects.get().name == f"Zone {kept.index(True)}"
    assert ReferenceChange.objects.count() == 1
