"""Sending a cohort: each chosen school gets its request with a place or a turn, or nothing happens at all (R5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from quotas.actions import places
from referrals.actions import filing, refusals, requests, telling
from referrals.actions.cohorts import locked as locked_cohort
from referrals.actions.cohorts import touch
from referrals.actions.filing import Filing
from referrals.choices import About, Agreement, Plan, YearGroup
from referrals.models import Cohort, CohortSchool, Decision, Referral
from referrals.permissions import check_can_file
from referrals.queries import cohorts as queries
from referrals.queries import waiting
from referrals.rules import cohorts as rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.actions.establishments import Contact, remember_contacts
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import zones_by_stream


@dataclass(frozen=True)
class Outcome:
    """What became of sending: requests with a place and requests that wait, or refusals, or why nothing happened.

    `edition` names the sending in the address of its confirmation. `changed` is a sentence: something moved since the
    person checked, nothing was written, and they are asked again.
    """

    edition: int
    sent: list[Referral] = field(default_factory=list)
    waiting: list[Referral] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    changed: str = ""


@transaction.atomic
def send(*, cohort: Cohort, checked: int, by: User, at: datetime) -> Outcome:
    """Make the requests that the cohort's plan says: all that go now with their places, and all that wait, or none.

    `checked` is the cohort's edition that the person saw; the same one again gives the first result. The number of
    statements does not depend on the number of schools. Raises `NotAllowed` and `Cohort.DoesNotExist`.
    """
    check_can_file(by, Stream.MAINSTREAM)
    locked = places.locked_for(stream=Stream.MAINSTREAM, at=at)
    row = locked_cohort(cohort, by)
    earlier = _sent_with(row, checked)
    if earlier is not None:
        return earlier
    if checked != row.edition:
        return Outcome(row.edition, changed="Somebody has changed this cohort since you checked it.")
    lines = _planned(row, by)
    problem = _problem(row, lines, by, at)
    if problem:
        return Outcome(row.edition, changed=problem)
    rule = requests.judge(locked, at, stream=Stream.MAINSTREAM, in_cohort=True)
    if locked is None or (rule is not None and rule not in lifecycle.MAY_JOIN):
        decisions = refusals.refuse_cohort(cohort=row, lines=lines, locked=locked, rule=rule, by=by, at=at)
        return Outcome(row.edition, decisions=decisions)
    return _send(row, lines, locked, by, at)


def _sent_with(cohort: Cohort, edition: int) -> Outcome | None:
    """What the same press made before; None if it is the first."""
    keys = CohortSchool.objects.filter(cohort=cohort, sent_edition=edition).values("key")
    made = list(Referral.objects.filter(submission_key__in=keys).order_by("turn", "pk"))
    if not made:
        return None
    return Outcome(edition, [one for one in made if one.turn is None], [one for one in made if one.turn is not None])


def _planned(cohort: Cohort, by: User) -> list[CohortSchool]:
    """What goes now or waits: schools of the person's own zones. Those of a colleague's are the colleague's to send."""
    own = zones_by_stream(by)[Stream.MAINSTREAM]
    unsent = queries.unsent(cohort).exclude(plan=Plan.NOT_YET)
    return list(unsent.filter(establishment__zone__in=own))


def _problem(cohort: Cohort, lines: Sequence[CohortSchool], by: User, at: datetime) -> str:
    """What keeps the plan from being sent, in a sentence; "" if nothing does."""
    if not lines:
        return rules.NOTHING_CHOSEN
    if queries.description_problems(cohort, calendar.london_date(at)):
        return "The description of the cohort is not complete."
    own = zones_by_stream(by)[Stream.MAINSTREAM]
    unready = [line for line in lines if queries.problems_of(line, cohort, own)]
    if unready:
        names = ", ".join(line.establishment.display_name for line in unready)
        return f"Something is missing or has changed for: {names}."
    return ""


def _send(cohort: Cohort, lines: Sequence[CohortSchool], locked: places.LockedQuota, by: User, at: datetime) -> Outcome:
    now = [line for line in lines if line.plan == Plan.NOW]
    later = [line for line in lines if line.plan == Plan.WAIT]
    free = lifecycle.free_for_newcomers(left=locked.left, waiting=waiting.how_many_wait(locked.quota))
    changed = rules.mismatch(now=len(now), wait=len(later), free=free)
    if changed:
        return Outcome(cohort.edition, changed=changed)
    remember_contacts([_contact(line) for line in lines])  # before the counter: its lock is the last anyone takes
    details = _details(cohort)
    filings = {line.pk: _filing(line, cohort, details) for line in lines}
    sent = filing.send(filings=[filings[line.pk] for line in now], locked=locked, by=by, at=at)
    joined = filing.wait(filings=[filings[line.pk] for line in later], locked=locked, by=by, at=at)
    edition = cohort.edition
    CohortSchool.objects.filter(pk__in=filings).update(sent_edition=edition)
    telling.cohort_sent(cohort=cohort, sent=sent, waiting=joined, by=by, at=at)
    if cohort.sent_at is None:
        Cohort.objects.filter(pk=cohort.pk).update(sent_at=at)
    touch(cohort, at)
    return Outcome(edition, [one for one, _ in sent], [one for one, _ in joined])


def _contact(line: CohortSchool) -> Contact:
    return Contact(
        establishment=line.establishment,
        name=line.contact_name,
        job_title=line.contact_job_title,
        email=line.contact_email,
        telephone=line.contact_telephone,
    )


def _details(cohort: Cohort) -> dict[str, Any]:
    """The answers that all requests of the cohort share, as columns of a request."""
    further = list(cohort.further_needs.all())
    years = [YearGroup(year) for year in cohort.year_groups]
    about = [cohort.why_now, cohort.need_description]
    if len(further) > 1:
        about.append(f"Further types of need: {queries.needs_named(further[1:])}.")
    return {
        "conversation_on": None,
        "conversation_with": "",
        "conversation_agreed": "",
        "about": About.GROUP,
        "child_first_name": "",
        "child_last_name": "",
        "date_of_birth": None,
        "group_description": f"{cohort.title}: {', '.join(year.label for year in years)}"[:500],
        "year_group": years[0] if len(years) == 1 else "",
        "sen_status": "",
        "primary_need_id": cohort.primary_need_id,
        "secondary_need_id": further[0].pk if further else None,
        "indes_section_id": cohort.indes_section_id,
        "indes_level": cohort.indes_level,
        "need_description": "\n\n".join(text for text in about if text.strip()),
        "strategies_tried": cohort.strategies_tried,
        "strategies_outcome": cohort.strategies_outcome,
    }


def _filing(line: CohortSchool, cohort: Cohort, shared: dict[str, Any]) -> Filing:
    own = [goal for goal in (line.goal_1, line.goal_2, line.goal_3) if goal]
    goals = own or [goal for goal in (cohort.goal_1, cohort.goal_2, cohort.goal_3) if goal]
    contact = ("contact_name", "contact_job_title", "contact_email", "contact_telephone", "availability")
    agreement = {
        "agreement": Agreement.YES if line.named else Agreement.NOT_NEEDED,
        "agreement_by": "Recorded for each child who is named" if line.named else "",
        "agreement_on": line.named_agreed_on if line.named else None,
        "agreement_how": "",
        "agreement_held": "",
    }
    each = {"establishment_id": line.establishment_id, "group_size": line.children}
    return Filing(
        key=line.key,
        stream=Stream.MAINSTREAM,
        establishment=line.establishment,
        details=shared | agreement | each | {name: getattr(line, name) for name in contact},
        goals=goals,
        support_wanted=cohort.support_wanted,
        became=cohort.reference,
        cohort=cohort,
    )
