"""`manage.py seed_demo` writes a whole demo into an empty database, or nothing."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from s2s_portal.core.models import RehearsalClock
from s2s_portal.demo.actions.seeding import seed
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def rows_of_every_table() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def a_practice_date():
    RehearsalClock.objects.create(practice_at=AN_ORDINARY_TUESDAY, beat_at=AN_ORDINARY_TUESDAY)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda: person(Role.COMMISSIONER), "people: 1"),
        (EstablishmentFactory, "schools and settings: 1; zones: 1"),
        (ZoneFactory, "zones: 1"),
        (a_practice_date, "practice dates: 1"),
    ],
)
def test_a_database_that_is_not_the_demos_is_refused(what, said):
    what()
    before = rows_of_every_table()
    with pytest.raises(CommandError, match=f"holds {said}.*nothing was written"):
        call_command("seed_demo")
    assert rows_of_every_table() == before


@pytest.mark.parametrize("missing", ["S2S_DEMO", "S2S_REHEARSAL_CLOCK"])
def test_it_runs_in_a_demo_only(settings, missing):
    setattr(settings, missing, False)
    before = rows_of_every_table()
    with pytest.raises(CommandError, match="S2S_DEMO=1"):
        call_command("seed_demo")
    assert rows_of_every_table() == before


def test_stopped_half_way_it_leaves_nothing_and_can_be_run_again():
    ensure_system_user()  # a command such as add_person may have made it
    before = rows_of_every_table()
    lines = []

    def stop_at_the_fifth(line: str) -> None:
        lines.append(line)
        if len(lines) == 5:
            raise Stopped

    with pytest.raises(Stopped):
        seed(tell=stop_at_the_fifth)
    assert lines[3] == "people: 53"
    assert rows_of_every_table() == before
