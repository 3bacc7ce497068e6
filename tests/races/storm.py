"""Everybody at once: a process that does one random thing after another with one quota of each stream.

    material = gathered()
    reports = at_once([partial(weather, seed, 100, material) for seed in range(8)])

What is random has a fixed seed for each process; who comes first has none, and that is the race.
"""

import random
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from quotas import queries as quota_queries
from quotas.actions import alerts, levers, moves
from quotas.choices import FILL_PLACES
from quotas.models import Quota
from referrals.actions import cohort_schools, cohort_sending, requests, waiting, withdrawing
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import Cohort, CohortSchool, DraftReferral, Referral
from referrals.queries.places import places_now
from referrals.queries.waiting import waiting_for
from s2s_portal.core import clock
from s2s_portal.jobs import actions as job_actions
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories.cohorts import ready_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE as BY_HAND

Row = TypeVar("Row", bound=Model)

FEWEST_BOUGHT, MOST_BOUGHT = 5, 16
LONG_LIST = 10
ASKED_AGAIN = (levers.LedgerMoved, levers.CannotAdjust, moves.CannotMove)
"""What an action may say instead of acting: the person is to look again. Anything else that is raised is a failure."""


@dataclass(frozen=True)
class Material:
    """What the processes work with: ids, and the keys of drafts by stream. All people may act for every request."""

    advisers: list[int]
    commissioners: list[int]
    portal: int
    quotas: dict[str, int]
    drafts: dict[str, list[uuid.UUID]]
    cohorts: list[int]


@dataclass
class Report:
    """What one process did: how often each thing came out how, and what failed, each with its traceback."""

    seen: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def gathered(*, drafts: int, cohorts: int) -> Material:
    """A small council with this many drafts in each stream and this many cohorts of two to six schools, all ready.

    One draft and one cohort are written through the actions, the others are copies of their rows.
    """
    zone, by, second = ZoneFactory(name="Reedham Reach"), commissioner(), person(Role.COMMISSIONER)
    advisers = [person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[zone]) for _ in range(4)]
    period = period_with_places(early_years=8, mainstream=12, by=by)
    schools = [EstablishmentFactory(school=True, zone=zone) for _ in range(12)]
    settings = [EstablishmentFactory(zone=zone) for _ in range(8)]
    return Material(
        advisers=[one.pk for one in advisers],
        commissioners=[by.pk, second.pk],
        portal=ensure_system_user().pk,
        quotas={stream: quota_of(period, stream).pk for stream in Stream},
        drafts={
            Stream.EARLY_YEARS: _drafts(settings, advisers[0], drafts),
            Stream.MAINSTREAM: _drafts(schools, advisers[0], drafts),
        },
        cohorts=_cohorts(schools, advisers[0], cohorts),
    )


def _drafts(establishments: Sequence, by: User, count: int) -> list[uuid.UUID]:
    first = filled_draft(establishments[0], by=by)
    keys = [uuid.uuid4() for _ in range(count)]
    DraftReferral.objects.bulk_create(
        _copy(first, key=key, establishment_id=one.pk) for key, one in zip(keys, cycle(establishments), strict=False)
    )
    first.delete()
    return keys


def _cohorts(schools: Sequence, by: User, count: int) -> list[int]:
    first = ready_cohort(schools[:6], by=by)
    lines = list(CohortSchool.objects.filter(cohort=first).order_by("position"))
    made = Cohort.objects.bulk_create(_copy(first, reference=f"CO-{number:04d}") for number in range(count))
    for through, column in ((Cohort.zones.through, "zone_id"), (Cohort.further_needs.through, "needtype_id")):
        named = through.objects.filter(cohort=first).values_list(column, flat=True)
        through.objects.bulk_create(through(cohort=one, **{column: pk}) for one in made for pk in named)
    CohortSchool.objects.bulk_create(
        _copy(line, cohort_id=one.pk, key=uuid.uuid4(), establishment_id=schools[(number + place) % len(schools)].pk)
        for number, one in enumerate(made)
        for place, line in enumerate(lines[: 2 + number % 5])
    )
    return [one.pk for one in made]


def _copy(row: Row, **changes: Any) -> Row:
    columns = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    return type(row)(**columns | {"id": None} | changes)


def weather(seed: int, of: int, operations: int, material: Material) -> Report:
    """Do `operations` random things as the process with this number of so many, one after another."""
    return Storm(seed, of, material).blow(operations)


class Storm:
    """One process: what it takes next, and what it has in its own hands."""

    def __init__(self, seed: int, of: int, material: Material) -> None:
        self.random = random.Random(seed)
        self.material, self.report = material, Report()
        self.drafts = {stream: keys[seed::of] for stream, keys in material.drafts.items()}
        self.cohorts, self.planned = material.cohorts[seed::of], list[int]()
        self.pressed: tuple[Cohort, int] | None = None
        people = User.objects.in_bulk([*material.advisers, *material.commissioners, material.portal])
        self.advisers = [people[pk] for pk in material.advisers]
        self.commissioners = [people[pk] for pk in material.commissioners]
        self.portal = people[material.portal]

    def blow(self, operations: int) -> Report:
        """Do so many things and report."""
        for _ in range(operations):
            [what] = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))
            try:
                outcome = what(self)
            except ASKED_AGAIN as asked:
                outcome = type(asked).__name__
            except Exception as error:
                outcome = type(error).__name__
                self.report.failures.append(traceback.format_exc())
            self.report.seen[f"{what.__name__}: {outcome}"] += 1
        return self.report

    def adviser(self) -> User:
        return self.random.choice(self.advisers)

    def quota(self, stream: str | None = None) -> Quota:
        pk = self.material.quotas[stream or self.random.choice(list(Stream))]
        return Quota.objects.select_related("period__contract").get(pk=pk)

    def submit_early_years(self) -> str:
        return self._submit(Stream.EARLY_YEARS, or_wait=False)

    def submit_mainstream(self) -> str:
        return self._submit(Stream.MAINSTREAM, or_wait=False)

    def join(self) -> str:
        stream = self.random.choice(list(Stream))
        return self._submit(stream, or_wait=self._short(stream))

    def _short(self, stream: str) -> bool:
        """Whether so few wait that somebody would still join: lists get long, and empty again."""
        places = places_now(stream=stream, at=AT)
        return places is not None and places.waiting < LONG_LIST

    def _submit(self, stream: str, *, or_wait: bool) -> str:
        own = self.drafts[stream]
        again = not own or self.random.random() < 0.1
        # Any draft there is or was: somebody else may be sending it at this moment, or it has been a request for long.
        key = self.random.choice(self.material.drafts[stream]) if again else own[-1]
        by = User.objects.get(pk=self.material.advisers[0]) if again else self.advisers[0]
        outcome = requests.submit(key=key, by=by, at=AT, or_wait=or_wait)
        if outcome.referral is None:
            return "refused"
        if not again:
            own.pop()
        return f"again {outcome.referral.status}" if again else outcome.referral.status

    def plan_cohort(self) -> str:
        """Plan one of the own cohorts for what is free now or, now and then, as if everything were."""
        if not self.cohorts:
            return "none left"
        cohort = Cohort.objects.get(pk=self.random.choice(self.cohorts))
        keys = [str(key) for key in self._unsent(cohort).values_list("key", flat=True)]
        places = places_now(stream=Stream.MAINSTREAM, at=AT)
        free = places.free if places and self.random.random() < 0.8 else len(keys)
        others = Plan.WAIT if self._short(Stream.MAINSTREAM) else Plan.NOT_YET
        plans = {key: Plan.NOW if number < free else others for number, key in enumerate(keys)}
        cohort_schools.plan(cohort=cohort, plans=plans, order=keys, by=self.adviser(), at=AT)
        self.planned.append(cohort.pk)
        return "planned"

    def _unsent(self, cohort: Cohort) -> QuerySet[CohortSchool]:
        return CohortSchool.objects.filter(cohort=cohort, sent_edition=None).order_by("position", "pk")

    def send_cohort(self) -> str:
        """The own cohort that was planned last, or a press once more, or a cohort that somebody else has in hand."""
        own = self.planned.pop() if self.planned else None
        cohort = Cohort.objects.get(pk=own or self.random.choice(self.material.cohorts))
        press = (cohort, cohort.edition)
        again = self.pressed is not None and self.random.random() < 0.25
        if self.pressed is not None and again:
            press = self.pressed
        outcome = cohort_sending.send(cohort=press[0], checked=press[1], by=self.adviser(), at=AT)
        if outcome.changed:
            return "changed"
        self.pressed = press
        if cohort.pk in self.cohorts and not self._unsent(cohort).exists():
            self.cohorts.remove(cohort.pk)
        return "again" if again else "later" if outcome.waiting else "now"

    def withdraw(self) -> str:
        return self._withdraw(1)

    def withdraw_all(self) -> str:
        return self._withdraw(self.random.randint(2, 5))

    def _withdraw(self, count: int) -> str:
        """Requests of either stream, in any order: somebody else may be withdrawing one of them."""
        open_ones = Referral.objects.filter(status__in=[Status.SUBMITTED, Status.WAITING])
        found = list(open_ones.order_by("pk").values_list("pk", flat=True))
        chosen = self.random.sample(found, min(count, len(found)))
        if not chosen:
            return "none"
        rows = Referral.objects.in_bulk(chosen)
        reason, leaving = WithdrawReason.NO_LONGER_NEEDED, self.random.random() < 0.2
        given = {"reason": reason, "note": "", "by": self.adviser(), "at": AT, "leaving": leaving}
        ended = withdrawing.withdraw_all(referrals=[rows[pk] for pk in chosen], **given)
        return f"{sum(one.status == Status.WITHDRAWN for one in ended)}"

    def fill(self) -> str:
        """Promotion as the job does it; after the cut-off the commissioners are told instead."""
        at = AT if self.random.random() < 0.9 else BY_HAND
        return "gave some" if self.looked_after(self.quota(), at) else "gave none"

    def looked_after(self, quota: Quota, at: datetime) -> list[Referral]:
        """What the tick does with all that was asked for this quota: until then no free place of it is moved."""
        claim = job_actions.claim_requests(job=FILL_PLACES, subject=str(quota.pk), real=clock.real_now())
        given = waiting.fill(quota=quota, by=self.portal, at=at)
        if claim is not None:
            job_actions.done(claim, line="", real=clock.real_now())
        return given

    def give(self) -> str:
        quota = self.quota()
        first = waiting_for(quota).first()
        reference = first.reference if first else "MS-0000-00"
        gift = waiting.give(quota=quota, reference=reference, by=self.commissioners[0], at=BY_HAND)
        return "not given" if gift.refusal else "given"

    def lapse(self) -> str:
        return f"{waiting.lapse(quota=self.quota(), by=self.portal, at=AT)}"

    def raise_or_lower(self) -> str:
        quota = self.quota()
        line, bought = quota_queries.last_line(quota), quota_queries.places_bought(quota)
        up = bought < FEWEST_BOUGHT or (bought < MOST_BOUGHT and self.random.random() < 0.5)
        number = self.random.randint(1, 4) * (1 if up else -1)
        seen = line.seq if self.random.random() < 0.5 else None
        by = self.random.choice(self.commissioners)
        levers.adjust(quota=quota, places=number, reason="As needed", by=by, at=AT, seen=seen)
        return "raised" if up else "lowered"

    def propose(self) -> str:
        source, target = self.random.sample([self.quota(stream) for stream in Stream], 2)
        by, number = self.random.choice(self.commissioners), self.random.randint(1, 3)
        moves.propose(source=source, target=target, places=number, reason="As needed", by=by, at=AT)
        return "proposed"

    def decide(self) -> str:
        """A move that waits, by its second person; another process may be deciding it too."""
        found = quota_queries.moves_waiting()
        if not found:
            return "none"
        change = self.random.choice(found[:3]).change
        first, second = sorted(self.commissioners, key=lambda one: one.pk != change.proposed_by_id)
        way = self.random.random()
        if way < 0.1:
            return str(moves.cancel(change=change, by=first, at=AT).outcome)
        if way < 0.2:
            return str(moves.refuse(change=change, note="", by=second, at=AT).outcome)
        if way < 0.8:
            self.looked_after(Quota.objects.select_related("period__contract").get(pk=change.facts["source"]), AT)
        outcome = moves.approve(change=change, by=second, at=AT)
        return "hindered" if outcome.problem else str(outcome.change.outcome)

    def watch(self) -> str:
        return f"{alerts.watch(quota=self.quota(), at=AT)}"


WEIGHTS: dict[Callable[[Storm], str], int] = {
    Storm.submit_early_years: 12,
    Storm.submit_mainstream: 8,
    Storm.join: 10,
    Storm.plan_cohort: 8,
    Storm.send_cohort: 8,
    Storm.withdraw: 14,
    Storm.withdraw_all: 5,
    Storm.fill: 14,
    Storm.give: 6,
    Storm.lapse: 2,
    Storm.raise_or_lower: 5,
    Storm.propose: 3,
    Storm.decide: 5,
    Storm.watch: 4,
}
"""What happens how often. More is asked for than there is: lists are short and long, quotas full and over."""
