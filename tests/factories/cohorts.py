"""Cohorts for tests, through the real actions: described, with schools that are ready to be sent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from referrals.actions import cohort_schools, cohort_sending, cohorts
from referrals.choices import AgreementHow, Plan, SupportKind, YearGroup
from referrals.models import Cohort, CohortSchool, IndesSection, NeedType
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream
from tests.factories.referrals import load_codes
from tests.moments import AN_ORDINARY_TUESDAY


def description(**changes: Any) -> dict[str, Any]:
    """A complete description by column, without its zones; `changes` replace some."""
    load_codes()
    answers = {
        "title": "Language groups in Years 1 and 2",
        "why_now": "Four schools report the same need since September.",
        "year_groups": [YearGroup.Y1, YearGroup.Y2],
        "children": 24,
        "primary_need_id": NeedType.objects.get(code="SLCN").pk,
        "further_needs": [NeedType.objects.get(code="SEMH")],
        "indes_section_id": IndesSection.objects.get(number=4).pk,
        "indes_level": 4,
        "need_description": "Short sentences, few words for feelings.",
        "strategies_tried": "Small groups twice a week for a term.",
        "strategies_outcome": "More words in the group, few in class.",
        "support_wanted": [SupportKind.TRAINING_STAFF, SupportKind.OBSERVATION],
        "goal_1": "Staff use the same signs in every room.",
        "goal_2": "",
        "goal_3": "",
        "names_reason": "",
    }
    assert set(changes) <= {*answers, "zones"}
    return answers | changes


def school_answers(**changes: Any) -> dict[str, Any]:
    """Everything a school of a cohort needs before it can be sent."""
    return {
        "children": 6,
        "contact_name": "Perran Oxnead",
        "contact_job_title": "SENCO",
        "contact_email": "perran@school.invalid",
        "contact_telephone": "01603 496001",
        "agreed_by": "The head teacher",
        "agreed_on": date(2024, 11, 21),
    } | changes


def child_answers(**changes: Any) -> dict[str, Any]:
    """A named child with the parents' agreement."""
    return {
        "first_name": "Wilf",
        "last_name": "O’Tasburgh",
        "date_of_birth": date(2017, 5, 6),
        "year_group": YearGroup.Y2,
        "agreement_by": "Mother",
        "agreement_on": date(2024, 11, 21),
        "agreement_how": AgreementHow.SIGNED_FORM,
        "agreement_held": "The child’s file at the school",
    } | changes


def described_cohort(*, by: User, at: datetime = AN_ORDINARY_TUESDAY, **changes: Any) -> Cohort:
    """A cohort for all zones of its adviser, described in full, without schools."""
    answers = description(**changes)
    zones = answers.pop("zones", None) or list(
        cohorts.Zone.objects.filter(pk__in=zones_by_stream(by)[Stream.MAINSTREAM])
    )
    cohort = cohorts.start(title=answers["title"], zones=zones, by=by, at=at)
    described = cohorts.describe(cohort=cohort, answers=answers | {"zones": zones}, version=1, by=by, at=at)
    assert isinstance(described, Cohort)
    return described


def ready_cohort(
    schools: Sequence[Establishment], *, by: User, at: datetime = AN_ORDINARY_TUESDAY, **changes: Any
) -> Cohort:
    """A described cohort with these schools, each of which could be sent now."""
    cohort = described_cohort(by=by, at=at, **changes)
    given = {school.pk: school_answers() for school in schools}
    added = cohort_schools.add(cohort=cohort, establishments=schools, given=given, by=by, at=at)
    assert not added.refused
    return Cohort.objects.get(pk=cohort.pk)


def planned(cohort: Cohort, *plans: Plan, by: User, at: datetime = AN_ORDINARY_TUESDAY) -> Cohort:
    """The cohort with a plan for each of its schools without a request, in their order."""
    lines = list(CohortSchool.objects.filter(cohort=cohort, sent_edition=None).order_by("position", "pk"))
    keys = [str(line.key) for line in lines]
    return cohort_schools.plan(cohort=cohort, plans=dict(zip(keys, plans, strict=True)), order=keys, by=by, at=at)


def send(cohort: Cohort, *, by: User, at: datetime = AN_ORDINARY_TUESDAY) -> cohort_sending.Outcome:
    """Send the cohort as it is planned and as it is now."""
    edition = Cohort.objects.get(pk=cohort.pk).edition
    return cohort_sending.send(cohort=cohort, checked=edition, by=by, at=at)
