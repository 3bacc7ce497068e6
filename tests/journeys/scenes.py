"""Where journeys begin: an adviser with a zone, a setting in it, and places bought."""

from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from quotas.models import Period, Quota
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import Establishment, User, Zone
from tests.factories.organisations import PASSWORD, EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import load_codes

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


def give_a_password(user: User) -> str:
    """Give `user` a password that the running site can check, and return it.

    Tests make passwords with a fast hash that the site, with its own settings, refuses to know.
    """
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    user.save(update_fields=["password"])
    return PASSWORD
