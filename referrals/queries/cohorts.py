"""Cohorts: which a person may see, their schools with what became of each, and what keeps them from being sent."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quotas import queries as quota_queries
from quotas.models import Period
from referrals import documents
from referrals.choices import Plan, Priority, Status
from referrals.models import Cohort, CohortChild, CohortFileRow, CohortSchool, NeedType, Referral, ReferralEvent
from referrals.permissions import Asking, visible_cohorts, visible_requests
from referrals.queries import drafts as draft_queries
from referrals.queries import waiting
from referrals.queries.support_given import was_taken_on
from referrals.rules import cohorts as rules
from referrals.rules import lifecycle
from referrals.rules.answers import Problem, setting_problem
from s2s_portal.organisations.choices import AuditKind, Stream
from s2s_portal.organisations.models import AuditEvent, User, Zone
from s2s_portal.organisations.permissions import zones_by_stream


@dataclass
class Line:
    """One school of a cohort: its request if it has one, else what keeps it from being sent.

    `others` are this period's other requests for the school, and `earlier` how many of earlier periods were taken on,
    as far as the person may see them.
    """

    school: CohortSchool
    request: Referral | None = None
    problems: list[Problem] = field(default_factory=list)
    others: list[Referral] = field(default_factory=list)
    earlier: int = 0
    ahead: int | None = None

    @property
    def key(self) -> str:
        """How forms name the line."""
        return str(self.school.key)

    @property
    def candidate(self) -> rules.Candidate:
        """The line as the rules weigh it."""
        school = self.school
        priority, plan = Priority(school.priority), Plan(school.plan)
        return rules.Candidate(self.key, priority, school.position, plan, ready=not self.problems)


def listed(user: User) -> QuerySet[Cohort]:
    """The cohorts the person may see, newest change first, with how many schools and how many requests each has."""
    counted = Cohort.objects.filter(visible_cohorts(user)).annotate(
        school_count=_count_of(CohortSchool.objects.all()), request_count=_count_of(Referral.objects.all())
    )
    return counted.select_related("started_by").prefetch_related("zones").order_by("-changed_at", "-pk")


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many of `rows` belong to each cohort, counted apart so that one count does not multiply another."""
    of_one = rows.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_one.values("count")), 0)


def find(user: User, reference: str) -> Cohort | None:
    """The cohort with this reference, if the person may see it, with all that its pages show of the description.

    `school_count` says how many schools it has, whoever may see them; one that was added again counts again.
    `rows_waiting` says how many rows of its lists are still to be dealt with.
    """
    return (
        Cohort.objects.filter(visible_cohorts(user), reference=reference)
        .select_related("primary_need", "indes_section", "started_by", "copied_from")
        .prefetch_related("zones", "further_needs")
        .annotate(
            school_count=_count_of(CohortSchool.objects.all()), rows_waiting=_count_of(CohortFileRow.objects.all())
        )
        .first()
    )


REQUEST_SHOWN = (
    *("reference", "stream", "status", "turn", "period", "place", "cohort", "establishment", "submission_key"),
    *("submitted_at", "end_state", "zone__name", "submitted_by__full_name"),
)
"""The columns of a cohort's requests that its pages show. What was written stays in the database."""


def lines_of(cohort: Cohort, asking: Asking, at: datetime) -> list[Line]:
    """The cohort's schools in the adviser's order, each with its request or its problems: three or four queries.

    Schools without a request outside the zones of the person who asks are left out, and requests they may not see.
    """
    return _lines(_schools(cohort), cohort, asking, at)


def line_of(cohort: Cohort, key: uuid.UUID, asking: Asking, at: datetime) -> Line | None:
    """One school of the cohort, as `lines_of` has it; None if the person may not see it."""
    return next(iter(_lines(_schools(cohort).filter(key=key), cohort, asking, at)), None)


def _lines(rows: QuerySet[CohortSchool], cohort: Cohort, asking: Asking, at: datetime) -> list[Line]:
    period = quota_queries.period_at(at)
    schools = list(rows.annotate(earlier=_earlier(asking, period)))
    requests = _requests_about(schools, asking, period)
    made = {one.submission_key: one for one in requests}
    own = zones_by_stream(asking.user).get(Stream.MAINSTREAM, set())
    lines = []
    for school in schools:
        request = made.get(school.key)
        if request is not None:
            lines.append(Line(school, request, earlier=school.earlier))
        elif school.sent_edition is None and school.establishment.zone_id in own:
            lines.append(Line(school, None, problems_of(school, cohort, own), earlier=school.earlier))
    _add_others(lines, requests, period)
    _add_turns(lines)
    return lines


def _earlier(asking: Asking, period: Period | None) -> Coalesce:
    """How many requests of other periods were taken on, besides the line's own: counted, as a school may have many."""
    other_periods = Referral.objects.exclude(period=period) if period else Referral.objects.all()
    taken_on = other_periods.filter(was_taken_on()).exclude(submission_key=OuterRef("key"))
    of_it = taken_on.filter(visible_requests(asking), establishment=OuterRef("establishment"))
    return Coalesce(Subquery(of_it.order_by().values("establishment").annotate(n=Count("pk")).values("n")), 0)


def _requests_about(schools: Sequence[CohortSchool], asking: Asking, period: Period | None) -> list[Referral]:
    """The lines' own requests and this period's others of the same schools, the newest first, that one may see."""
    wanted = Q(submission_key__in=[school.key for school in schools])
    if period is not None:
        wanted |= Q(establishment__in={school.establishment_id for school in schools}, period=period)
    shown = Referral.objects.filter(visible_requests(asking), wanted).select_related("zone", "submitted_by")
    return list(shown.only(*REQUEST_SHOWN).order_by("-submitted_at", "-pk"))


def _schools(cohort: Cohort) -> QuerySet[CohortSchool]:
    schools = CohortSchool.objects.filter(cohort=cohort).select_related("establishment__kind", "establishment__zone")
    named = schools.annotate(named=Count("named_children"), named_agreed_on=Max("named_children__agreement_on"))
    return named.order_by("position", "pk")


def problems_of(school: CohortSchool, cohort: Cohort, own_zones: set[int]) -> list[Problem]:
    """What keeps one school from being sent by somebody with these zones; it is a row of `unsent` or `lines_of`."""
    establishment = school.establishment
    answers: dict[str, Any] = {
        name: getattr(school, name) for name in ("children", "contact_name", "contact_email", "agreed_by", "agreed_on")
    }
    answers |= {
        "setting_problem": setting_problem(
            is_open=establishment.is_open,
            stream=establishment.kind.stream,
            wanted_stream=Stream.MAINSTREAM,
            zone_id=establishment.zone_id,
            own_zones=own_zones,
        ),
        "named": school.named,
        "names_allowed": bool(cohort.names_reason.strip()),
    }
    return rules.school_problems(answers)


def _add_others(lines: Sequence[Line], requests: Iterable[Referral], period: Period | None) -> None:
    """This period's requests of each school besides the line's own, so that nobody asks twice without knowing."""
    by_school: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_school[line.school.establishment_id].append(line)
    for one in requests:
        if period is None or one.period_id != period.pk or lifecycle.came_to_nothing(one.status, one.end_state):
            continue
        for line in by_school[one.establishment_id]:
            if one.submission_key != line.school.key:
                line.others.append(one)


def _add_turns(lines: Sequence[Line]) -> None:
    """How many get a place before each line that waits: one query, for all lists they stand on."""
    waits = [(line, line.request) for line in lines if line.request and line.request.status == Status.WAITING]
    ahead = waiting.ahead_of_each([one for _, one in waits]) if waits else {}
    for line, one in waits:
        line.ahead = ahead[one.pk]


def unsent(cohort: Cohort) -> QuerySet[CohortSchool]:
    """The cohort's schools that have no request yet, in the adviser's order, as `problems_of` reads them."""
    return _schools(cohort).filter(sent_edition=None)


def description_problems(cohort: Cohort, today: date) -> list[Problem]:
    """What the description still lacks on `today`, in the order of its pages. One query at most besides `find`."""
    return rules.description_problems(description_answers(cohort, today))


def description_answers(cohort: Cohort, today: date) -> dict[str, Any]:
    """The cohort's description as the rules read it on `today`."""
    answers = {name: getattr(cohort, name) for name in rules.REQUIRED}
    needs = [need for need in (cohort.primary_need, *cohort.further_needs.all()) if need is not None]
    section = cohort.indes_section
    # A section that is valid says without a query that a version is in force.
    in_force = section is not None and draft_queries.valid_on(section, today)
    answers |= {
        "further_need_ids": [need.pk for need in cohort.further_needs.all()],
        "needs_valid": all(draft_queries.valid_on(need, today) for need in needs),
        "indes_in_force": in_force or draft_queries.indes_sections_on(today).exists(),
        "indes_section_valid": draft_queries.valid_on(section, today),
        "indes_top_level": section.top_level if section else None,
    }
    return answers


def sent_with(cohort: Cohort, edition: int, asking: Asking) -> list[Referral]:
    """The requests that were made when the cohort was sent in `edition`, in their order, as far as one may see them."""
    keys = CohortSchool.objects.filter(cohort=cohort, sent_edition=edition).order_by("position", "pk")
    order = {key: number for number, key in enumerate(keys.values_list("key", flat=True))}
    made = Referral.objects.filter(visible_requests(asking), submission_key__in=order).select_related("establishment")
    return sorted(made, key=lambda one: order[one.submission_key])


@dataclass(frozen=True)
class TimelineLine:
    """One event of one of the cohort's requests in plain words; the names are those of the timeline component."""

    at: datetime
    by: str
    title: str
    text: str
    reference: str


def timeline_of(cohort: Cohort, asking: Asking, *, most: int = 100) -> list[TimelineLine]:
    """What happened to all the cohort's requests that the person may see, the newest first."""
    visible = Referral.objects.filter(visible_requests(asking), cohort=cohort)
    events = ReferralEvent.objects.filter(referral__in=visible).select_related("by", "referral", "establishment__kind")
    return [
        TimelineLine(
            at=event.at,
            by=str(event.by),
            title=f"{event.get_kind_display()}: {event.establishment.display_name}",
            text=documents.event_sentence(
                event.kind, event.version, event.facts, stream_label=event.get_stream_display()
            ),
            reference=event.referral.reference,
        )
        for event in events.order_by("-at", "-pk")[:most]
    ]


def has_school(cohort: Cohort, key: uuid.UUID) -> bool:
    """Whether the cohort has this school, whoever may see it."""
    return CohortSchool.objects.filter(cohort=cohort, key=key).exists()


def children_at(school: CohortSchool) -> QuerySet[CohortChild]:
    """The children that a school of a cohort names; none by default."""
    return CohortChild.objects.filter(school=school).order_by("last_name", "first_name", "pk")


def named_children_of(referral: Referral) -> QuerySet[CohortChild]:
    """The children that a cohort's request names; none by default."""
    children = CohortChild.objects.filter(school__key=referral.submission_key)
    return children.order_by("last_name", "first_name", "pk")


def who_saved(cohort: Cohort, what: str) -> User | None:
    """Who made the last change to the cohort that the access log calls `what`."""
    rows = AuditEvent.objects.filter(reference=cohort.reference, kind=AuditKind.WRITE, what=what)
    last = rows.order_by("-at", "-pk").first()
    return User.objects.filter(pk=last.user_id).first() if last else None


def own_mainstream_zones(user: User) -> QuerySet[Zone]:
    """The zones in which the person files for schools, by name."""
    return Zone.objects.filter(pk__in=zones_by_stream(user).get(Stream.MAINSTREAM, set())).order_by("name", "pk")


def needs_named(needs: Iterable[NeedType]) -> str:
    """Types of need in one line."""
    return ", ".join(str(need) for need in needs)
