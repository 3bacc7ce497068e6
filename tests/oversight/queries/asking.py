"""Questions to the dashboards, as tests ask them."""

from datetime import datetime

from quotas.models import Period
from referrals.permissions import Asking
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.queries.waits import waited
from tests.factories.support import somebody
from tests.moments import AN_ORDINARY_TUESDAY


def readings(
    period: Period, *, at: datetime = AN_ORDINARY_TUESDAY, stream: str = "", by: User | None = None
) -> Readings:
    """What a commissioner asks, unless `by` says who."""
    return Readings(Scope(Asking(by or somebody(Role.COMMISSIONER)), period, at, stream))


def each_wait(asked, measure):
    """Every request that waited for this with its wait, once for each time it did."""
    return [(case, wait) for wait, cases in waited(asked, measure).items() for case in cases]
