"""What the levers' tests share."""

import pytest

from quotas.actions import moves
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import ProposedChange
from tests.factories.organisations import person
from tests.factories.quotas import quota_of
from tests.moments import AN_ORDINARY_TUESDAY as AT


@pytest.fixture
def proposed_change(quota) -> ProposedChange:
    """A move of one place to the test's early years `quota`, waiting for a second person."""
    mainstream = quota_of(quota.period, Stream.MAINSTREAM)
    by = person(Role.COMMISSIONER)
    return moves.propose(source=mainstream, target=quota, places=1, reason="More need", by=by, at=AT)
