"""The schools of a cohort: added, filled in, put in order, taken off; and children named where there is a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from referrals.actions.cohorts import CannotChange, locked, touch
from referrals.choices import Plan
from referrals.models import Cohort, CohortChild, CohortSchool
from referrals.queries import cohort_plans
from referrals.rules.answers import Problem, setting_problem
from referrals.rules.cohorts import MOST_SCHOOLS, agreed_too_early, child_problems
from s2s_portal.core import calendar
from s2s_portal.core.text import folded
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.by_hand import all_standing
from s2s_portal.organisations.choices import AuditKind, Stream
from s2s_portal.organisations.models import ContactPerson, Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream

SCHOOL_FIELDS = (
    "children",
    "priority",
    "goal_1",
    "goal_2",
    "goal_3",
    "contact_name",
    "contact_job_title",
    "contact_email",
    "contact_telephone",
    "availability",
    "agreed_by",
    "agreed_on",
)
"""The columns that a school's page saves."""


class Incomplete(ValueError):
    """What was given may not be saved like this; `problems` says why. Forms ask the same rules before."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved this school first; nothing was written. `theirs` is what stands there now."""

    theirs: CohortSchool


@dataclass(frozen=True)
class Added:
    """What came of adding schools: the new lines, and a sentence for each that was not added."""

    schools: list[CohortSchool]
    refused: list[str]


@transaction.atomic
def add(
    *,
    cohort: Cohort,
    establishments: Sequence[Establishment],
    by: User,
    at: datetime,
    given: Mapping[int, Mapping[str, Any]] | None = None,
) -> Added:
    """Put these schools at the end of the cohort's list; those that are on it already stay as they are.

    `given` may say columns of `SCHOOL_FIELDS` for an establishment's id. A school that is closed, not mainstream or
    outside the person's zones is not added, nor one beyond `MOST_SCHOOLS`. The contact that is known is filled in.
    Raises as `cohorts.locked` does. The same number of statements for one school and for forty.
    """
    row = locked(cohort, by)
    establishments = all_standing(establishments)
    attempts = cohort_plans.attempts(row)
    last = CohortSchool.objects.filter(cohort=row).aggregate(last=Max("position"))["last"] or 0
    room = MOST_SCHOOLS - sum(1 for _, on_list in attempts.values() if on_list)
    contacts = _known_contacts(establishments)
    new: list[CohortSchool] = []
    refused = []
    for establishment in establishments:
        attempt, on_list = attempts.get(establishment.pk, (0, False))
        own = dict((given or {}).get(establishment.pk, {}))
        problem = "" if on_list else _why_not(establishment, by, room - len(new)) or _wrong_date(own, at)
        if problem:
            refused.append(f"{establishment.display_name}: {problem}")
        elif not on_list:
            attempts[establishment.pk] = (attempt + 1, True)
            facts = contacts.get(establishment.pk, {}) | own
            line = CohortSchool(cohort=row, establishment=establishment, attempt=attempt + 1, added_by=by, added_at=at)
            line.position = last + len(new) + 1
            for name, value in facts.items():
                setattr(line, name, value)
            new.append(line)
    CohortSchool.objects.bulk_create(new)
    if new:
        touch(row, at)
        what = "added a school" if len(new) == 1 else f"added {len(new)} schools"
        audit.record(kind=AuditKind.WRITE, what=what, reference=row.reference, by=by)
    return Added(new, refused)


def _known_contacts(establishments: Sequence[Establishment]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for contact in ContactPerson.objects.filter(establishment__in=establishments).order_by("is_deputy", "pk"):
        known = {
            "contact_name": contact.name,
            "contact_job_title": contact.job_title,
            "contact_email": contact.email,
            "contact_telephone": contact.telephone,
        }
        found.setdefault(contact.establishment_id, known)
    return found


def _why_not(establishment: Establishment, by: User, room: int) -> str:
    wrong = setting_problem(
        is_open=establishment.is_open,
        stream=establishment.kind.stream,
        wanted_stream=Stream.MAINSTREAM,
        zone_id=establishment.zone_id,
        own_zones=zones_by_stream(by)[Stream.MAINSTREAM],
    )
    return wrong or ("" if room > 0 else f"a cohort has at most {MOST_SCHOOLS} schools")


def saved_school(line: CohortSchool) -> str:
    """What the access log calls the saving of this school."""
    return f"saved its school {line.establishment.urn}"


def _wrong_date(answers: Mapping[str, Any], at: datetime) -> str:
    problem = agreed_too_early(answers.get("agreed_on"), calendar.london_date(at))
    return problem.sentence if problem else ""


@transaction.atomic
def save(
    *, school: CohortSchool, answers: Mapping[str, Any], version: int, by: User, at: datetime
) -> CohortSchool | Conflict:
    """Save what a school's page says, if nobody has saved it since `version` was shown.

    `answers` holds columns of `SCHOOL_FIELDS`. Raises as `cohorts.locked` does, `CohortSchool.DoesNotExist` once the
    school was taken off, `CannotChange` once its request was made, and `Incomplete` for an agreement of a future day.
    """
    cohort, line = _locked_line(school, by)
    wrong = agreed_too_early(answers.get("agreed_on"), calendar.london_date(at))
    if wrong:
        raise Incomplete([wrong])
    if line.version != version:
        return Conflict(line)
    for name in SCHOOL_FIELDS:
        if name in answers:
            setattr(line, name, answers[name])
    line.version += 1
    line.save()
    touch(cohort, at)
    audit.record(kind=AuditKind.WRITE, what=saved_school(line), reference=cohort.reference, by=by)
    return line


@transaction.atomic
def remove(*, school: CohortSchool, by: User, at: datetime) -> None:
    """Take a school without a request off the cohort. Raises as `save` does."""
    cohort, line = _locked_line(school, by)
    line.delete()
    touch(cohort, at)
    audit.record(kind=AuditKind.WRITE, what="took a school off it", reference=cohort.reference, by=by)


def _locked_line(school: CohortSchool, by: User) -> tuple[Cohort, CohortSchool]:
    cohort = locked(school.cohort, by)
    line = CohortSchool.objects.select_related("establishment").get(pk=school.pk, cohort=cohort)
    if line.establishment.zone_id not in zones_by_stream(by)[Stream.MAINSTREAM]:
        raise CohortSchool.DoesNotExist("There is no such school in your zones.")
    if line.sent_edition is not None:
        raise CannotChange("The request for this school has been sent: change the request, or withdraw it.")
    return cohort, line


@transaction.atomic
def plan(*, cohort: Cohort, plans: Mapping[str, Plan], order: Sequence[str], by: User, at: datetime) -> Cohort:
    """Keep what the adviser means to do with each school at the next sending, and in which order (R5).

    `plans` is by the schools' keys, `order` all keys from the first to the last; keys that are no school of it any
    more, have a request, or are in a colleague's zones, are passed over. Raises as `cohorts.locked` does.
    """
    row, own = locked(cohort, by), zones_by_stream(by)[Stream.MAINSTREAM]
    places = {key: number for number, key in enumerate(order, start=1)}
    changed = []
    for line in CohortSchool.objects.filter(cohort=row, sent_edition=None, establishment__zone__in=own):
        key = str(line.key)
        wanted = (plans.get(key, Plan(line.plan)), places.get(key, line.position))
        if wanted != (line.plan, line.position):
            line.plan, line.position = wanted
            changed.append(line)
    CohortSchool.objects.bulk_update(changed, ["plan", "position"])
    if changed:
        touch(row, at)
        audit.record(kind=AuditKind.WRITE, what="planned its sending", reference=row.reference, by=by)
    return row


@transaction.atomic
def name_child(*, school: CohortSchool, answers: Mapping[str, Any], by: User, at: datetime) -> CohortChild:
    """Name one child, with the parents' agreement; only where the cohort says why children have to be named.

    `answers` holds the columns of `CohortChild`. A child who is named already is not named twice. Raises as `save`
    does, `CannotChange` without a reason, and `Incomplete` without the parents' agreement.
    """
    cohort, line = _locked_line(school, by)
    if not cohort.names_reason.strip():
        raise CannotChange("Children are not named unless the cohort’s description says why.")
    problems = child_problems(answers, today=calendar.london_date(at))
    if problems:
        raise Incomplete(problems)
    for child in line.named_children.filter(date_of_birth=answers["date_of_birth"]):
        if _names(child.first_name, child.last_name) == _names(answers["first_name"], answers["last_name"]):
            return child
    child = CohortChild.objects.create(school=line, added_by=by, added_at=at, **answers)
    touch(cohort, at)
    audit.record(kind=AuditKind.WRITE, what="named a child", reference=cohort.reference, by=by)
    return child


def _names(first: str, last: str) -> tuple[str, str]:
    return folded(first), folded(last)


@transaction.atomic
def remove_child(*, child: CohortChild, by: User, at: datetime) -> None:
    """Take a child's name off a school that has no request yet. Raises as `save` does."""
    cohort, line = _locked_line(child.school, by)
    CohortChild.objects.filter(pk=child.pk, school=line).delete()
    touch(cohort, at)
    audit.record(kind=AuditKind.WRITE, what="took a child’s name off", reference=cohort.reference, by=by)
