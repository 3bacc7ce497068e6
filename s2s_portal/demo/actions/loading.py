"""The demo's registers and people, brought in as a council would bring in its own."""

from collections.abc import Collection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from s2s_portal.demo import queries
from s2s_portal.demo.documents import registers as files
from s2s_portal.demo.documents.days import moment
from s2s_portal.demo.documents.people import Colleague, staff
from s2s_portal.organisations.actions.people import add_person, ensure_system_user
from s2s_portal.organisations.actions.teachers import set_home_school
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.importers import gias, ofsted
from s2s_portal.organisations.importers.upsert import Report, import_register
from s2s_portal.organisations.importers.zones import import_zones
from s2s_portal.organisations.models import User, Zone

IN_SPRING = moment(2024, 3, 11)
IN_AUTUMN = moment(2024, 11, 18, 7, 30)


def load_registers(found: files.Registers) -> list[Report]:
    """Import the schools, the settings and their zones from files in the registers' own layouts; in that order."""
    with TemporaryDirectory() as directory:
        schools, settings, zones = (Path(directory, name) for name in ("schools.csv", "settings.csv", "zones.csv"))
        files.write_schools(schools, found)
        files.write_settings(settings, found)
        files.write_zones(zones, found)
        return [
            import_register(register=gias.REGISTER, path=schools, la="926", dry_run=False, at=IN_SPRING),
            import_register(register=ofsted.REGISTER, path=settings, la="Norfolk", dry_run=False, at=IN_SPRING),
            import_zones(path=zones),
        ]


def load_autumn_release(found: files.Registers, *, resigned: Collection[str]) -> Report:
    """Import Ofsted's release of November: the settings with the URNs `resigned` close, and two new ones open."""
    with TemporaryDirectory() as directory:
        path = Path(directory, "settings.csv")
        files.write_settings(path, found, resigned=resigned, later=True)
        return import_register(register=ofsted.REGISTER, path=path, la="Norfolk", dry_run=False, at=IN_AUTUMN)


def load_people(rng: Random, zones: list[Zone]) -> dict[str, User]:
    """Everyone by e-mail address: the administrator first, who then adds the others. Nobody has a password."""
    colleagues = sorted(staff(rng), key=lambda colleague: colleague.role != Role.ADMINISTRATOR)
    schools, by = queries.provider_schools(), ensure_system_user()
    added: dict[str, User] = {}
    for number, colleague in enumerate(colleagues):
        user = _add(colleague, zones, by)
        added[colleague.email] = user
        by = user if number == 0 else by
        if colleague.role == Role.S2S_TEACHER:
            # The first zones have a special school each, in the zones' order; the others have none.
            near = [schools[zone] for zone in colleague.zones if zone < len(schools)] or schools
            set_home_school(teacher=user, school=near[number % len(near)], by=by)
    return added


def _add(colleague: Colleague, zones: list[Zone], by: User) -> User:
    return add_person(
        email=colleague.email,
        full_name=colleague.full_name,
        roles=[colleague.role],
        zones=[zones[number] for number in colleague.zones],
        password=None,
        by=by,
    ).person
