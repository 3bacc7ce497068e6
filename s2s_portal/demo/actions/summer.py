"""The summer term of 2024, acted out: its places run out, some wait, and a place comes free for some of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any

from quotas import queries as quota_queries
from quotas.actions import contracts, places, reference
from quotas.models import Quota
from referrals.actions import drafts, requests, waiting, withdrawing
from referrals.choices import Plan, Status
from referrals.models import Referral
from s2s_portal.demo.actions import cohorts
from s2s_portal.demo.actions.planning import Planner, Request
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import summer
from s2s_portal.demo.documents.cohorts import SUMMER
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import system_user

Step = tuple[datetime, Any, Any]


def commission(*, by: User) -> None:
    """The contract before this one, its summer term and its few places."""
    at = summer.COMMISSIONED_AT
    reference.load_fees(by=by, at=at)
    contract = contracts.create(
        name=summer.CONTRACT,
        provider="Norfolk complex needs schools",
        starts_on=summer.DATES["opens_on"].replace(day=1),
        ends_on=summer.DATES["delivery_ends_on"],
        run_off_ends_on=summer.DATES["delivery_ends_on"],
        successor_name=reference.CONTRACT,
        by=by,
        at=at,
    )
    period = contracts.add_period(contract=contract, name=summer.PERIOD, **summer.DATES, by=by, at=at)
    for stream, bought in summer.PLACES.items():
        quota = contracts.open_quota(period=period, stream=stream, by=by)
        places.grant(quota=quota, places=bought, reason="Commissioned for the summer term", by=by, at=at)


def _quota(stream: Stream, at: datetime) -> Quota:
    """The quota of `stream` that counts at `at`, with its period."""
    [quota] = [one for one in quota_queries.quotas_at(at) if one.stream == stream]
    return quota


class Summer:
    """What happened then; `planner` hands out the schools and settings, each once."""

    def __init__(self, rng: Random, people: Mapping[str, User], planner: Planner) -> None:
        self._rng, self._people = rng, people
        self._requests = {
            stream: planner.group_requests(stream, moments) for stream, moments in summer.REQUESTS.items()
        }
        self._adviser = people[persona_email(Persona.SEND_ADVISER)]
        self._schools = planner.schools(self._adviser, len(SUMMER.children), SUMMER.years)
        self._made: dict[tuple[str, int], Referral] = {}

    def steps(self) -> Iterator[Step]:
        """Each with its moment, to be taken in the order of time with everything else that happens."""
        for stream, some in self._requests.items():
            for number, request in enumerate(some):
                yield request.at, self._send, (stream, number, request)
            for number, at, reason, note in summer.WITHDRAWN[stream]:
                yield at, self._withdraw, (stream, number, at, {"reason": reason, "note": note})
        yield SUMMER.at, self._send_cohort, None
        yield summer.GIVEN_BY_HAND_AT, self._give, None
        yield summer.LAPSED_AT, self._lapse, None

    def _send(self, what: tuple[Stream, int, Request]) -> None:
        stream, number, request = what
        draft = drafts.start(establishment=request.establishment, by=request.by, at=request.started_at)
        for section, values in request.answers.items():
            drafts.save_section(
                draft=draft, section=section, answers=values, version=0, by=request.by, at=request.started_at
            )
        made = requests.submit(key=draft.key, by=request.by, at=request.at, or_wait=True).referral
        assert made is not None  # noqa: S101 - the dates are ours: nothing is refused
        self._made[stream, number] = made

    def _withdraw(self, what: tuple[Stream, int, datetime, dict[str, str]]) -> None:
        stream, number, at, why = what
        referral = self._made[stream, number]
        withdrawing.withdraw(referral=referral, **why, by=referral.submitted_by, at=at)
        waiting.fill(quota=_quota(stream, at), by=system_user(), at=at)

    def _send_cohort(self, _: None) -> None:
        cohort = cohorts.describe(SUMMER, self._schools, rng=self._rng, by=self._adviser)
        at = SUMMER.at + 3 * cohorts.DESCRIBED_AFTER
        cohorts.send(cohort, [*[Plan.NOW] * 4, Plan.WAIT], by=self._adviser, at=at)

    def _give(self, _: None) -> None:
        at = summer.GIVEN_BY_HAND_AT
        first = Referral.objects.filter(stream=Stream.MAINSTREAM, status=Status.WAITING).order_by("turn")[0]
        by = self._people[persona_email(Persona.COMMISSIONER)]
        waiting.give(quota=_quota(Stream.MAINSTREAM, at), reference=first.reference, by=by, at=at)

    def _lapse(self, _: None) -> None:
        for quota in quota_queries.quotas_at(summer.LAPSED_AT):
            waiting.lapse(quota=quota, by=system_user(), at=summer.LAPSED_AT)
