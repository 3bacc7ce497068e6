"""What choosing, planning, sending and refusing a cohort read, beside the lines of queries.cohorts."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from referrals import documents
from referrals.choices import SupportKind, YearGroup
from referrals.documents.answers import Answer
from referrals.models import Cohort, CohortFileRow, CohortSchool, Decision, Referral, ReferralEvent
from referrals.permissions import visible_cohorts, visible_decisions
from referrals.rules.cohorts import MADE_ANEW
from s2s_portal.core.text import tidy
from s2s_portal.organisations.choices import Source, Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream

LONGEST_KEY = 40


def attempts(cohort: Cohort) -> dict[int, tuple[int, bool]]:
    """By establishment: how often it was added to the cohort, and whether it is on the list still. One query.

    It is no longer once its request has ended so that it may be made anew.
    """
    ended = Exists(Referral.objects.filter(submission_key=OuterRef("key"), status__in=MADE_ANEW))
    schools = CohortSchool.objects.filter(cohort=cohort).order_by("attempt", "pk")
    lines = schools.values_list("establishment", "attempt", ended)
    return {establishment: (attempt, not has_ended) for establishment, attempt, has_ended in lines}


def on_list(cohort: Cohort) -> set[int]:
    """The primary keys of the establishments on the cohort that adding again would not add. One query."""
    return {establishment for establishment, (_, is_on_list) in attempts(cohort).items() if is_on_list}


def establishments_named(keys: Iterable[str]) -> list[Establishment]:
    """The establishments with these keys (`establishments.key_of`), in the keys' order, open or not. One query.

    Whether the person may choose them is for the action to say, with the reason.
    """
    urns: dict[str, set[str]] = defaultdict(set)
    wanted = list(dict.fromkeys(tidy(key[:LONGEST_KEY]) for key in keys))
    for key in wanted:
        source, _, urn = key.partition(":")
        if source in Source.values and urn:
            urns[source].add(urn)
    if not urns:
        return []
    named = Q()
    for source, some in urns.items():
        named |= Q(source=source, urn__in=some)
    rows = Establishment.objects.filter(named).select_related("kind", "zone")
    found = {f"{one.source}:{one.urn}": one for one in rows}
    return [found[key] for key in wanted if key in found]


def rows_waiting(cohort: Cohort) -> int:
    """How many rows of the cohort's lists are still to be dealt with."""
    return CohortFileRow.objects.filter(cohort=cohort).count()


def has_zones_of_others(cohort: Cohort, user: User) -> bool:
    """Whether the cohort is for zones that are not the person's too: schools there are others' to send. No query."""
    own = zones_by_stream(user).get(Stream.MAINSTREAM, set())
    return any(zone.pk not in own for zone in cohort.zones.all())


def beginnings_of(
    requests: Collection[Referral],
) -> dict[int, documents.SubmittedFacts | documents.JoinedFacts]:
    """What was true when each request was accepted or joined the waiting list, by its primary key. One query."""
    events = ReferralEvent.objects.filter(referral__in=requests, seq=1)
    facts = events.values_list("referral", "kind", "version", "facts")
    return {pk: documents.EVENT_FACTS[kind, version](**values) for pk, kind, version, values in facts}


def refused_together(user: User, cohort: Cohort, decision: Decision) -> list[Decision]:
    """The refusals of one press for schools of the cohort, if `decision` is one of them, as far as one may see them.

    A school that was taken off the cohort since is still among them.
    """
    keys = set(CohortSchool.objects.filter(cohort=cohort).values_list("key", flat=True))
    same_press = Decision.objects.filter(
        visible_decisions(user), by=decision.by_id, at=decision.at, rule=decision.rule, stream=decision.stream
    )
    together = list(same_press.select_related("establishment__kind", "zone").order_by("pk"))
    return together if any(one.draft_key in keys for one in together) else []


def description_in_short(cohort: Cohort) -> list[Answer]:
    """What all requests of the cohort will say, in a few rows. Four queries at most."""
    goals = [goal for goal in (cohort.goal_1, cohort.goal_2, cohort.goal_3) if goal]
    needs = [need for need in (cohort.primary_need, *cohort.further_needs.all()) if need is not None]
    indes = f"{cohort.indes_section}, level {cohort.indes_level}" if cohort.indes_section else ""
    rows = [
        ("title", "Title", cohort.title),
        ("why_now", "Why now", cohort.why_now),
        ("year_groups", "Year groups", ", ".join(str(YearGroup(year).label) for year in cohort.year_groups)),
        ("children", "Number of children", str(cohort.children or "")),
        ("primary_need_id", "Types of need", "\n".join(str(need) for need in needs)),
        ("indes_section_id", "INDES", indes),
        ("support_wanted", "Support wanted", "\n".join(str(SupportKind(kind).label) for kind in cohort.support_wanted)),
        ("goal_1", "Goals", "\n".join(goals)),
    ]
    return [Answer(field, title, text) for field, title, text in rows]


def cohort_of(user: User, key: uuid.UUID) -> Cohort | None:
    """The cohort whose school has this key, if the person may see it: what a refusal without a draft leads back to."""
    own = Cohort.objects.filter(visible_cohorts(user))
    return own.filter(schools__key=key).first()
