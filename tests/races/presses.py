"""What people press in the processes of a race: each reads for itself what the test has committed, then acts."""

from referrals.actions import cohort_sending
from referrals.models import Cohort
from referrals.queries.places import places_now
from referrals.rules import cohorts as rules
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from tests.factories.cohorts import CohortSchool, Plan, planned
from tests.moments import AN_ORDINARY_TUESDAY as AT

Sending = tuple[list[str], list[str], str]
"""What came of sending a cohort: references with a place, references that wait, and why nothing happened."""


def send_cohort(cohort: int, edition: int, by: int) -> Sending:
    """Send the cohort with this id in the edition that was checked."""
    who = User.objects.get(pk=by)
    outcome = cohort_sending.send(cohort=Cohort.objects.get(pk=cohort), checked=edition, by=who, at=AT)
    sent = [one.reference for one in outcome.sent]
    return sent, [one.reference for one in outcome.waiting], outcome.changed


def plan_and_send_cohort(cohort: int, by: int) -> Sending:
    """Look at the places, plan what fits, and send: what an adviser does who was told that something had changed."""
    who, row = User.objects.get(pk=by), Cohort.objects.get(pk=cohort)
    places = places_now(stream=Stream.MAINSTREAM, at=AT)
    unsent = CohortSchool.objects.filter(cohort=row, sent_edition=None).count()
    now = min(unsent, places.free if places else 0)
    assert rules.mismatch(now=now, wait=unsent - now, free=now) is None
    row = planned(row, *[Plan.NOW] * now, *[Plan.WAIT] * (unsent - now), by=who)
    return send_cohort(cohort, row.edition, by)
