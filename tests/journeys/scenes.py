"""Where journeys begin: an adviser with a zone, a setting in it, and places bought."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from quotas.models import Period, Quota
from referrals.models import Referral
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import Establishment, Membership, User, Zone
from tests.factories import support
from tests.factories.organisations import PASSWORD, EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import load_codes, sent_request
from tests.moments import AN_ORDINARY_TUESDAY

BOUGHT = 50


@dataclass(frozen=True)
class Scene:
    """An Early Years Adviser and what they work with."""

    adviser: User
    zone: Zone
    setting: Establishment
    period: Period

    @property
    def quota(self) -> Quota:
        """The places that this adviser's requests draw from."""
        return quota_of(self.period, Stream.EARLY_YEARS)

    def colleague(self) -> User:
        """Another adviser of the same zone."""
        return person(Role.EARLY_YEARS_ADVISER, zones=[self.zone], full_name="Ida Mautby")


def an_adviser(*, places_left: int = 6) -> Scene:
    """An adviser whose service bought 50 early years places and has `places_left` of them."""
    load_codes()
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(
        Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Sorrel Khan", email="sorrel.khan@council.invalid"
    )
    buyer = commissioner()
    scene = Scene(
        adviser=adviser,
        zone=zone,
        setting=EstablishmentFactory(zone=zone, name="Bulrush Nursery", town="Market Staithe"),
        period=period_with_places(early_years=BOUGHT, by=buyer),
    )
    EstablishmentFactory(zone=zone, name="Bulrush Lane Pre-school", town="Great Thurlbourne")
    use_places(scene.quota, BOUGHT - places_left, by=buyer)
    return scene


@dataclass(frozen=True)
class SchoolScene:
    """A SEND Adviser, five schools of theirs, and mainstream places of which few are left."""

    adviser: User
    commissioner: User
    zone: Zone
    schools: list[Establishment]
    period: Period

    @property
    def quota(self) -> Quota:
        """The places that this adviser's requests draw from."""
        return quota_of(self.period, Stream.MAINSTREAM)


def a_send_adviser(*, places_left: int) -> SchoolScene:
    """A SEND Adviser whose council bought 85 mainstream places and has `places_left` of them."""
    load_codes()
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.SEND_ADVISER, zones=[zone], full_name="Bryony Catton", email="bryony@council.invalid")
    buyer = commissioner()
    names = ("Harnser Primary School", "Staithe Primary School", "Puddingmoor Academy", "St Fursey’s VA Primary School")
    schools = [
        EstablishmentFactory(school=True, zone=zone, name=name, town="Market Staithe")
        for name in (*names, "The Great Thurlbourne and Little Thurlbourne Federation Church of England Academy")
    ]
    period = period_with_places(mainstream=85, by=buyer)
    use_places(quota_of(period, Stream.MAINSTREAM), 85 - places_left, by=buyer)
    return SchoolScene(adviser, buyer, zone, schools, period)


@dataclass(frozen=True)
class SupportScene:
    """A request that S2S has just got, and those whom it concerns."""

    adviser: User
    coordinator: User
    teacher: User
    further_teacher: User
    auditor: User
    request: Referral


def a_new_request() -> SupportScene:
    """A request of an ordinary Tuesday, and two teachers: the nearer one has a visit elsewhere on Thursday at 09:30."""
    scene = an_adviser()
    load_norfolk_calendar(by=person(Role.ADMINISTRATOR, full_name="Hedda Blofield"), at=AN_ORDINARY_TUESDAY)
    Establishment.objects.filter(pk=scene.setting.pk).update(easting=600_000, northing=300_000)
    elsewhere = EstablishmentFactory(
        zone=scene.zone, name="Marram Pre-school", town="Eelcatchers Green", easting=620_000, northing=300_000
    )
    teachers = []
    for name, home, easting in (
        ("Edda Rushmere", "Alder Carr School", 590_000),
        ("Ivo Cawston", "Samphire School", 570_000),
    ):
        teachers.append(person(Role.S2S_TEACHER, full_name=name, email=f"{name.split()[0].lower()}@s2s.invalid"))
        school = EstablishmentFactory(school=True, name=home, easting=easting, northing=300_000)
        Membership.objects.filter(user=teachers[-1]).update(home_school=school)
    coordinator = person(Role.S2S_COORDINATOR, full_name="Maud Hickling")
    other_child = {"child_first_name": "Ottilie", "child_last_name": "Wensum", "date_of_birth": date(2021, 7, 8)}
    support.booked(sent_request(elsewhere, by=scene.adviser, **other_child), teacher=teachers[0])
    auditor = person(Role.AUDITOR, full_name="Ned Salhouse")
    return SupportScene(scene.adviser, coordinator, *teachers, auditor, sent_request(scene.setting, by=scene.adviser))


def give_a_password(user: User) -> str:
    """Give `user` a password that the running site can check, and return it.

    Tests make passwords with a fast hash that the site, with its own settings, refuses to know.
    """
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    user.save(update_fields=["password"])
    return PASSWORD
