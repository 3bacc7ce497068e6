"""A contract that ends, with one request in each open status and everybody around them, through the real actions."""

from datetime import timedelta

from referrals.actions import rollover_deciding
from referrals.choices import Fate, Status
from referrals.models import Referral, RolloverLine
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Scene:
    """A contract with one request in each open status, and everybody around them."""

    def __init__(self):
        self.zone = ZoneFactory(name="Reedham Reach")
        self.one, self.other = ends.commissioners()
        self.period = period_with_places(by=self.one)
        self.adviser = person(Role.EARLY_YEARS_ADVISER, zones=[self.zone], full_name="Rowan Marsh")
        self.portal = ensure_system_user()
        self.requests = {
            status: support.in_status(self.sent(), status)
            for status in (
                Status.SUBMITTED,
                Status.ASSIGNED,
                Status.IN_CONTACT,
                Status.SUPPORTING,
                Status.RETURNED,
            )
        }
        visited = self.requests[Status.SUPPORTING]
        support.recorded(visited.visits.get())
        booked = self.sent()
        self.visit = support.booked(booked, starts_at=LAST_DAY + 5 * HOUR)
        self.requests[Status.BOOKED] = Referral.objects.get(pk=booked.pk)

    def sent(self):
        setting = EstablishmentFactory(zone=self.zone)
        return sent_request(setting, by=self.adviser, at=AT)

    def visited(self, *, days=9):
        """One more request, whose visit so many days later has no record yet."""
        return support.held(support.booked(self.sent(), starts_at=AT + days * DAY)).referral

    def of(self, status):
        return Referral.objects.select_related("teacher", "place").get(pk=self.requests[status].pk)

    def ran(self, target):
        rollover = ends.begun(self.period, target)
        self.decide(ends.line_of(rollover, self.of(Status.BOOKED)), Fate.MOVE)
        return ends.ran(ends.approved(rollover))

    def decide(self, line, fate, *, at=LAST_DAY, note=""):
        """One commissioner's decision about one line."""
        return rollover_deciding.decide(line=line, fate=fate, note=note, by=self.one, at=at)

    def line(self, rollover, status) -> RolloverLine:
        """The line, as it is now, of the request that stood there at first."""
        return ends.line_of(rollover, self.requests[status])
