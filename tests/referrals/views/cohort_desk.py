"""A SEND Adviser at their desk with a cohort: a zone, schools in it, places bought, and the cohort's pages."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from quotas.models import Period, Quota
from referrals.models import Cohort, CohortSchool
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import Establishment, User, Zone
from s2s_portal.organisations.queries.establishments import key_of
from tests.factories.cohorts import described_cohort, ready_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.referrals.views.desk import signed_in


@dataclass
class CohortDesk:
    """Somebody's browser and their cohort; `schools` are open mainstream schools of their zone, by name."""

    client: Client
    user: User
    zone: Zone
    schools: list[Establishment]
    cohort: Cohort
    period: Period | None

    @property
    def quota(self) -> Quota:
        """The mainstream quota."""
        return quota_of(self.period, Stream.MAINSTREAM)

    @property
    def lines(self) -> list[CohortSchool]:
        """The cohort's schools, in their order."""
        return list(CohortSchool.objects.filter(cohort=self.cohort).order_by("position", "pk"))

    @property
    def edition(self) -> int:
        """The cohort's edition as it is now."""
        return Cohort.objects.get(pk=self.cohort.pk).edition

    def url(self, page: str) -> str:
        """The address of one of the cohort's pages, such as "plan/"."""
        return f"/cohorts/{self.cohort.reference}/{page}"

    def get(self, page: str, **params: str) -> HttpResponse:
        """One of the cohort's pages."""
        return self.client.get(self.url(page), params)

    def post(self, page: str, follow: bool = False, **data: object) -> HttpResponse:
        """What a form sends to one of the cohort's pages; `-` in a name is written `__`."""
        sent = {name.replace("__", "-"): value for name, value in data.items()}
        return self.client.post(self.url(page), sent, follow=follow)

    def plan(self, *plans: str, order: tuple[object, ...] = ()) -> HttpResponse:
        """Send the plan's page: what for each school, and perhaps which number."""
        lines = [line for line in self.lines if line.sent_edition is None]
        data = {f"plan-{line.key}": plan for line, plan in zip(lines, plans, strict=True)}
        data |= {f"order-{line.key}": str(number) for line, number in zip(lines, order, strict=False)}
        return self.client.post(self.url("plan/"), data)

    def send(self, follow: bool = False) -> HttpResponse:
        """Press the button of the check, as it is now."""
        return self.post("send/", follow=follow, edition=str(self.edition))


def cohort_desk(count: int = 5, *, ready: bool = True, with_places: bool = True, **places: int) -> CohortDesk:
    """A SEND Adviser with `count` schools, on the cohort and ready to be sent, or not `ready` and only in the zone."""
    zone = ZoneFactory(name="Coastal zone")
    user = person(Role.SEND_ADVISER, zones=[zone], full_name="Sorrel Khan")
    period = period_with_places(**places) if with_places else None
    schools = [EstablishmentFactory(school=True, zone=zone, name=f"School {number:02d}") for number in range(count)]
    cohort = ready_cohort(schools, by=user) if ready else described_cohort(by=user)
    return CohortDesk(signed_in(user), user, zone, schools, cohort, period)


def key(school: Establishment) -> str:
    """How forms name a school."""
    return key_of(school)
