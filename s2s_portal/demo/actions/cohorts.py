"""The demo's cohorts, through the same actions that the pages use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from referrals.actions import cohort_schools, cohort_sending, cohorts
from referrals.choices import Plan, Section
from referrals.models import Cohort, Referral
from s2s_portal.demo import queries
from s2s_portal.demo.documents import cases
from s2s_portal.demo.documents.cohorts import CohortTale
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream

DESCRIBED_AFTER = timedelta(minutes=12)
_CONTACT = ("contact_name", "contact_job_title", "contact_email", "contact_telephone", "availability")


def describe(tale: CohortTale, schools: Sequence[Establishment], *, rng: Random, by: User) -> Cohort:
    """The cohort of `tale` with these schools, all of them ready to be sent."""
    codes = queries.codes()
    zones = queries.zones_of(zones_by_stream(by)[Stream.MAINSTREAM])
    cohort = cohorts.start(title=tale.title, zones=zones, by=by, at=tale.at)
    goals = {f"goal_{number}": goal for number, goal in enumerate(tale.goals, start=1)}
    answers = {
        "zones": zones,
        "why_now": tale.why_now,
        "year_groups": [year.value for year in tale.years],
        "children": sum(tale.children),
        "primary_need_id": codes.needs[tale.need],
        "further_needs": [codes.needs[code] for code in tale.further],
        "indes_section_id": codes.indes[tale.indes[0]],
        "indes_level": tale.indes[1],
        "need_description": tale.described,
        "strategies_tried": tale.tried,
        "strategies_outcome": tale.outcome,
        "support_wanted": [kind.value for kind in tale.support],
    }
    at = tale.at + DESCRIBED_AFTER
    cohorts.describe(cohort=cohort, answers=answers | goals, version=cohort.version, by=by, at=at)
    given = {school.pk: _school(rng, school, tale, number, at) for number, school in enumerate(schools)}
    cohort_schools.add(cohort=cohort, establishments=schools, given=given, by=by, at=at + DESCRIBED_AFTER)
    return queries.cohort_called(cohort.reference)


def _school(rng: Random, school: Establishment, tale: CohortTale, number: int, at: datetime) -> dict[str, object]:
    about = cases.subject(rng, Stream.MAINSTREAM, set(tale.years))
    answers = cases.answers(
        rng, about=about, stream=Stream.MAINSTREAM, urn=school.urn, on=at.date(), codes=queries.codes()
    )
    contact = {name: answers[Section.CONTACT][name] for name in _CONTACT}
    agreed = {"agreed_by": contact["contact_name"], "agreed_on": at.date() - timedelta(days=1)}
    return contact | agreed | {"children": tale.children[number], "priority": tale.priorities[number]}


def send(cohort: Cohort, plans: Sequence[Plan], *, by: User, at: datetime) -> list[Referral]:
    """Send the cohort: what becomes of each of its schools, in their order. Returns the requests, those sent first."""
    keys = [str(key) for key in queries.keys_of(cohort)]
    wanted = dict(zip(keys, plans, strict=True))
    planned = cohort_schools.plan(cohort=cohort, plans=wanted, order=keys, by=by, at=at)
    outcome = cohort_sending.send(cohort=cohort, checked=planned.edition, by=by, at=at)
    assert not outcome.changed, outcome.changed  # noqa: S101 - the dates and places are ours
    return [*outcome.sent, *outcome.waiting]
