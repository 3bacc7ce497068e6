"""Where the generated history takes place: three contracts one after the other, their calendar, zones and people."""

from datetime import date, datetime, timedelta
from random import Random

from quotas.actions import places
from quotas.models import Period
from referrals.models import NeedType
from s2s_portal.organisations.actions.norfolk import BANK_HOLIDAYS, load_norfolk_calendar
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import Establishment, Membership, User
from tests.factories import contract_ends as ends
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import load_codes
from tests.moments import LONDON

ZONES = ("Breckside", "Heronsea", "Marram", "Reedham Reach", "Saltings", "Thornsea")
SCHOOLS = ("Alder Carr School", "Birch Covert School", "Cley Sluice School")
NOW = datetime(2025, 12, 2, 10, 0, tzinfo=LONDON)
"""Nothing has happened after this moment; requests close ten days later."""
HOLIDAYS = frozenset(day for day, _ in BANK_HOLIDAYS)
ENOUGH = 200
"""Places bought for the lives that are made one by one, so that only who should wait does."""


class Council:
    """A council with two contracts that have requests, one after the other, and a third that follows.

    `before` is the period of the first contract, `period` that of the second, in which most happens. The third takes
    mainstream requests only.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        load_codes()
        self.portal = ensure_system_user()
        self.one, self.other = ends.commissioners()
        load_norfolk_calendar(by=person(Role.ADMINISTRATOR), at=NOW)
        self.zones = [ZoneFactory(name=name) for name in ZONES]
        self.quiet = ZoneFactory(name="Quay")
        self.adviser = person(Role.EARLY_YEARS_ADVISER, zones=self.zones)
        self.send_adviser = person(Role.SEND_ADVISER, zones=self.zones)
        self.coordinator = person(Role.S2S_COORDINATOR)
        self.schools = [EstablishmentFactory(school=True, name=name, zone=None) for name in SCHOOLS]
        self.teachers = [
            self._teacher(f"Teacher {name}", at) for at, name in enumerate(("Ash", "Beck", "Carr", "Dyke"))
        ]
        self.places_of_zones = {
            (zone.pk, stream): EstablishmentFactory.create_batch(5 + at, zone=zone, school=stream == Stream.MAINSTREAM)
            for at, zone in enumerate([*self.zones, self.quiet])
            for stream in Stream
        }
        self.needs = list(NeedType.objects.order_by("pk"))
        self.before = period_with_places(by=self.one, early_years=ENOUGH, mainstream=ENOUGH)
        self.period = self._successor(self.before)
        self.after = self._successor(self.period, streams=(Stream.MAINSTREAM,))

    def _teacher(self, name: str, at: int) -> User:
        """The last of them has no school of their own."""
        teacher = person(Role.S2S_TEACHER, full_name=name)
        if at < len(self.schools):
            Membership.objects.filter(user=teacher).update(home_school=self.schools[at])
        return teacher

    def _successor(self, period: Period, **differs: tuple[Stream, ...]) -> Period:
        following = ends.successor(period.contract, **differs).periods.get()
        for quota in following.quotas.all():
            places.grant(quota=quota, places=ENOUGH, reason="More bought", by=self.one, at=ends.LAST_DAY)
        return following

    def adviser_of(self, stream: str) -> User:
        """Who files requests of this stream."""
        return self.adviser if stream == Stream.EARLY_YEARS else self.send_adviser

    def somewhere(self, stream: str) -> Establishment:
        """A school or setting of any zone but the quiet one."""
        return self.rng.choice(self.places_of_zones[self.rng.choice(self.zones).pk, stream])

    def quota(self, stream: str):
        """The later period's quota."""
        return quota_of(self.period, Stream(stream))


def works(day: date) -> bool:
    """Whether anybody works that day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def some_hour(rng: Random, day: date, *, first: int = 9, last: int = 15) -> datetime:
    """A moment of the first working day from `day` on."""
    while not works(day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, rng.randint(first, last), 5 * rng.randrange(12), tzinfo=LONDON)
