"""Zones, establishments and people for tests: valid by default, numbered rather than random, no real names."""

from collections.abc import Iterable

import factory
from factory.django import DjangoModelFactory

from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, Role, Source
from s2s_portal.organisations.models import (
    ContactPerson,
    Establishment,
    EstablishmentKind,
    Membership,
    User,
    Zone,
)

PASSWORD = "a long and harmless test password"


class ZoneFactory(DjangoModelFactory):
    class Meta:
        model = Zone
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Zone {n:03d}")


class EstablishmentKindFactory(DjangoModelFactory):
    """An early years kind of the Ofsted register; `school=True` makes a mainstream kind of GIAS."""

    class Meta:
        model = EstablishmentKind
        django_get_or_create = ("source", "name")

    class Params:
        school = factory.Trait(source=Source.GIAS, name="Community school", eligibility=Eligibility.MAINSTREAM)

    source = Source.OFSTED
    name = "Childcare on non-domestic premises"
    eligibility = Eligibility.EARLY_YEARS


class EstablishmentFactory(DjangoModelFactory):
    """An open early years setting in a zone of its own; `school=True` makes an open mainstream school.

    `by_hand=True`: one that somebody added; `withheld=True`: one whose name and address its register withholds.
    """

    class Meta:
        model = Establishment

    class Params:
        school = factory.Trait(
            source=Source.GIAS,
            urn=factory.Sequence(lambda n: f"{900_000 + n}"),
            name=factory.Sequence(lambda n: f"Saltmarsh {n:04d} Primary School"),
            kind=factory.SubFactory(EstablishmentKindFactory, school=True),
            low_age=4,
            high_age=11,
        )
        closed = factory.Trait(status=EstablishmentStatus.CLOSED)
        by_hand = factory.Trait(source=Source.LOCAL, urn=factory.Sequence(lambda n: f"L-{n:08d}"))
        withheld = factory.Trait(name="", name_folded="", town="", town_folded="", street="")

    source = Source.OFSTED
    urn = factory.Sequence(lambda n: f"EY9{n:05d}")
    name = factory.Sequence(lambda n: f"Puddle Lane {n:04d} Pre-school")
    name_folded = factory.LazyAttribute(lambda made: folded(made.name))
    kind = factory.SubFactory(EstablishmentKindFactory)
    low_age = 2
    high_age = 4
    status = EstablishmentStatus.OPEN
    street = "1 Reedcutters Lane"
    town = "Market Staithe"
    town_folded = factory.LazyAttribute(lambda made: folded(made.town))
    county = "Norfolk"
    postcode = "NR29 9ZZ"
    telephone = "01603 496000"
    zone = factory.SubFactory(ZoneFactory)


class ContactPersonFactory(DjangoModelFactory):
    class Meta:
        model = ContactPerson

    establishment = factory.SubFactory(EstablishmentFactory)
    name = factory.Sequence(lambda n: f"Contact {n:03d}")
    job_title = "SENCo"
    email = factory.Sequence(lambda n: f"contact{n:03d}@setting.invalid")


class UserFactory(DjangoModelFactory):
    """An active person without roles, who can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n:03d}@s2s.invalid")
    full_name = factory.Sequence(lambda n: f"Person {n:03d}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    """One role of a person; `zones=[…]` where it holds (nowhere by default)."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    role = Role.EARLY_YEARS_ADVISER

    @factory.post_generation
    def zones(self, create: bool, given: Iterable[Zone] | None, **_: object) -> None:
        if create and given:
            self.zones.set(given)


def person(*roles: Role, zones: Iterable[Zone] = (), **fields: object) -> User:
    """A saved person with each of `roles`, in `zones`; other `fields` are the user's, such as `email`."""
    user = UserFactory(**fields)
    for role in roles:
        MembershipFactory(user=user, role=role, zones=zones)
    return user
