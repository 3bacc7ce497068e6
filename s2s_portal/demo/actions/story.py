"""The year 2024, acted out: a summer that ran out of places, and an autumn term of drafts, requests and cohorts."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from quotas import queries as quota_queries
from quotas.actions import moves
from referrals.actions import drafts, ending, requests, withdrawing
from referrals.choices import DeclineReason, NotStartedReason, Plan, Section
from referrals.models import Cohort, DraftReferral, Referral
from s2s_portal.demo.actions import cohorts, loading
from s2s_portal.demo.actions.planning import Draft, Ended, Planner, Request
from s2s_portal.demo.actions.summer import Summer
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import days
from s2s_portal.demo.documents.cohorts import READY, SENT, CohortTale
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.demo.documents.registers import Registers
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User

SECTION_TAKES = timedelta(seconds=50)
"""From one Continue to the next."""


class Story:
    """What happens, and the requests that have been sent so far."""

    def __init__(self, rng: Random, people: Mapping[str, User], registers: Registers) -> None:
        planner = Planner(rng, people)
        self._rng, self._registers = rng, registers
        self._commissioner = people[persona_email(Persona.COMMISSIONER)]
        self._coordinator = people[persona_email(Persona.S2S_COORDINATOR)]
        self._send_adviser = people[persona_email(Persona.SEND_ADVISER)]
        self._cohort_schools = {
            tale.title: planner.schools(self._send_adviser, len(tale.children), tale.years) for tale in (SENT, READY)
        }
        self._summer = Summer(rng, people, planner)
        self._drafts = planner.drafts()
        self._requests = {stream: planner.requests(stream) for stream in Stream}
        self._endings = [end for stream in Stream for end in planner.endings(stream, self._requests[stream])]
        self._sent: dict[tuple[int, datetime], Referral | None] = {}

    def act(self) -> None:
        """Everything, in the order of time, through the same actions that the pages use."""
        for _at, act, what in sorted(self._steps(), key=lambda step: step[0]):
            act(what)

    def _steps(self) -> Iterator[tuple[datetime, Any, Any]]:
        for draft in self._drafts:
            yield draft.unsent.started_at, self._begin, draft
        for request in (request for stream in Stream for request in self._requests[stream]):
            yield request.at, self._send, request
        for end in self._endings:
            yield end.at, self._end, end
        resigned = [draft.establishment.urn for draft in self._drafts if draft.unsent.closes]
        yield loading.IN_AUTUMN, self._new_release, resigned
        yield days.PROPOSED_AT, self._propose_move, days.PROPOSED_AT
        yield SENT.at, self._send_cohort, SENT
        yield READY.at, self._describe_cohort, READY
        yield from self._summer.steps()

    def _begin(self, draft: Draft) -> None:
        _write(draft.establishment, draft.answers, by=draft.by, at=draft.unsent.started_at)

    def _send(self, request: Request) -> None:
        draft = _write(request.establishment, request.answers, by=request.by, at=request.started_at)
        outcome = requests.submit(key=draft.key, by=request.by, at=request.at)
        self._sent[request.by.pk, request.at] = outcome.referral

    def _end(self, end: Ended) -> None:
        told = {
            "referral": self._sent[end.request.by.pk, end.request.at],
            "reason": end.reason,
            "note": end.note,
            "at": end.at,
        }
        if isinstance(end.reason, DeclineReason):
            ending.decline(**told, by=self._coordinator)
        elif isinstance(end.reason, NotStartedReason):
            ending.close_not_started(**told, by=self._coordinator)
        else:
            withdrawing.withdraw(**told, by=end.request.by)

    def _propose_move(self, at: datetime) -> None:
        """Two early years places for schools: it waits for the second commissioner."""
        early_years, mainstream = quota_queries.quotas_at(at)
        why = "Early years requests have slowed, and SEND Advisers say that cohorts of schools are being prepared."
        moves.propose(source=early_years, target=mainstream, places=2, reason=why, by=self._commissioner, at=at)

    def _describe_cohort(self, tale: CohortTale) -> Cohort:
        return cohorts.describe(tale, self._cohort_schools[tale.title], rng=self._rng, by=self._send_adviser)

    def _send_cohort(self, tale: CohortTale) -> None:
        cohort = self._describe_cohort(tale)
        at = tale.at + 3 * cohorts.DESCRIBED_AFTER
        cohorts.send(cohort, [Plan.NOW] * len(tale.children), by=self._send_adviser, at=at)

    def _new_release(self, resigned: list[str]) -> None:
        loading.load_autumn_release(self._registers, resigned=resigned)


def _write(
    establishment: Establishment, answers: Mapping[Section, Mapping[str, Any]], *, by: User, at: datetime
) -> DraftReferral:
    """A draft begun at `at`, with a section saved every `SECTION_TAKES` after that."""
    draft = drafts.start(establishment=establishment, by=by, at=at)
    for number, (section, values) in enumerate(answers.items(), start=1):
        saved_at = at + number * SECTION_TAKES
        drafts.save_section(draft=draft, section=section, answers=values, version=0, by=by, at=saved_at)
    return draft
