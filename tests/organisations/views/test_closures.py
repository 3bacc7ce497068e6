"""Schools' closed days, as a co-ordinator enters them."""

from datetime import date

import pytest
from django.urls import reverse

from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.choices import CHECK_BOOKINGS, ClosureKind, Role
from s2s_portal.organisations.models import Closure, ReferenceChange
from tests.factories.calendar import ClosureFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.organisations.views.test_calendar import press, typed
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("organisations:school_closure_list")
TRAINING = {"kind": ClosureKind.STAFF_ONLY, "note": "Phonics"}


def address(place, route="school_closures", *more):
    return reverse(f"organisations:{route}", args=[place.source, place.urn, *more])


@pytest.fixture
def school():
    return EstablishmentFactory(school=True, name="Staithe Primary School", town="Acle")


@pytest.fixture
def viewer(client_for):
    return client_for(person(Role.S2S_COORDINATOR))


def test_a_school_is_found_and_its_training_day_entered(viewer, school):
    page = text_of(viewer.get(LIST, {"q": "staithe"}))
    assert f'href="{address(school)}"' in page
    page = text_of(viewer.get(address(school)))
    assert "No closed days are entered" in page
    add = address(school, "school_closure_add")
    assert add in page
    given = TRAINING | typed(starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 10))
    page = text_of(press(viewer, add, given, follow=True))
    assert "The closed days have been added." in page
    assert "9 to 10 December 2024" in page
    assert "Training day: staff only" in page
    assert Closure.objects.get().establishment == school
    assert "What was changed, the newest first" in page
    row = ReferenceChange.objects.get()
    assert (row.kind, row.subject, row.what) == ("CLOSURE", f"GIAS {school.urn}", "added closure")
    assert row.now == "Training day: staff only: 9 to 10 December 2024 (Phonics)"
    assert is_asked(job=CHECK_BOOKINGS, subject="all")


def test_closed_days_are_changed_and_removed(viewer, school):
    closure = ClosureFactory(establishment=school)
    change, remove = (address(school, f"school_closure_{verb}", closure.pk) for verb in ("change", "remove"))
    assert remove in text_of(viewer.get(change))
    press(viewer, change, TRAINING | typed(starts_on=date(2024, 12, 16)))
    closure.refresh_from_db()
    assert (closure.starts_on, closure.ends_on, closure.kind) == (
        date(2024, 12, 16),
        date(2024, 12, 16),
        ClosureKind.STAFF_ONLY,
    )
    assert "16 December 2024" in text_of(viewer.get(remove))
    assert "The closed days have been removed." in text_of(press(viewer, remove, follow=True))
    assert not Closure.objects.exists()


def test_the_list_is_what_is_to_come_and_not_the_countys(viewer, school):
    ClosureFactory(establishment=school, starts_on=date(2024, 11, 20), ends_on=date(2024, 11, 25), note="Long gone")
    ClosureFactory(establishment=school, starts_on=date(2024, 11, 26), note="On this day")
    ClosureFactory(note="Of the county")
    page = text_of(viewer.get(LIST))
    assert "On this day" in page
    assert "Long gone" not in page
    assert "Of the county" not in page
    assert "Long gone" in text_of(viewer.get(address(school)))


def test_an_empty_list_and_a_search_that_finds_nothing_say_so(viewer):
    page = text_of(viewer.get(LIST, {"q": "nowhere at all"}))
    assert "No open school or setting matches" in page
    assert "No school or setting has closed days to come" in page
    assert "No open school" not in text_of(viewer.get(LIST))


def test_another_schools_closure_is_not_found(viewer, school):
    closure = ClosureFactory(establishment=EstablishmentFactory())
    for verb in ("change", "remove"):
        assert viewer.get(address(school, f"school_closure_{verb}", closure.pk)).status_code == 404
        assert press(viewer, address(school, f"school_closure_{verb}", closure.pk)).status_code == 404
    assert Closure.objects.exists()


def test_a_school_that_is_not_there_is_not_found(viewer):
    for path in ("/school-closures/GIAS/000001/", "/school-closures/GIAS/000001/add/"):
        assert viewer.get(path).status_code == 404


def test_days_that_overlap_are_refused_at_the_question(viewer, school):
    ClosureFactory(establishment=school)
    page = text_of(press(viewer, address(school, "school_closure_add"), TRAINING | typed(starts_on=date(2024, 12, 9))))
    assert "9 December 2024 is entered already." in page
    assert Closure.objects.count() == 1


def test_what_happens_has_to_be_said(viewer, school):
    page = text_of(press(viewer, address(school, "school_closure_add"), {"note": "Kept"}))
    assert "Select what happens" in page
    assert "Enter first day" in page
    assert 'value="Kept"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(viewer, django_assert_num_queries, count):
    for _ in range(count):
        ClosureFactory(establishment=EstablishmentFactory(name="Marram"))
    with django_assert_num_queries(8):
        viewer.get(LIST, {"q": "marram"})
