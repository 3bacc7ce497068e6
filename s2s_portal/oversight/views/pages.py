"""The dashboards: what each answers, for whom, and what it is made of. A new one is a line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s2s_portal.organisations.choices import Permission
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.documents.contract_end import contract_end_answer
from s2s_portal.oversight.documents.contract_end_figures import contract_end_figures
from s2s_portal.oversight.documents.facts import NO_FACTS, Facts
from s2s_portal.oversight.documents.figures import Answer, Figure
from s2s_portal.oversight.documents.flow import flow_figures
from s2s_portal.oversight.documents.needs import needs_figures
from s2s_portal.oversight.documents.outcomes import outcomes_figures
from s2s_portal.oversight.documents.quotas import pace_answer, quota_figures, used_answer
from s2s_portal.oversight.documents.stuck import stuck_figures
from s2s_portal.oversight.documents.team import team_figures
from s2s_portal.oversight.documents.unmet import unmet_figures
from s2s_portal.oversight.documents.waiting import waiting_answer, waiting_figures
from s2s_portal.oversight.documents.waits import waits_figures
from s2s_portal.oversight.documents.zones import zones_answer, zones_figures
from s2s_portal.oversight.queries import facts, flow, needs, outcomes, stuck, team, unmet, waits, zones
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.contract_end import contract_end_of, contract_end_requests
from s2s_portal.oversight.queries.quotas import places_of
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.wait_facts import waits_facts
from s2s_portal.oversight.queries.waiting import waiting_of, waiting_requests


def no_requests(readings: Readings, figure: str, line: str) -> None:
    """For a page whose figures count no requests of their own: its lines lead nowhere."""


def no_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """For a page whose lists say who and where, in the order in which the requests were sent."""
    return NO_FACTS


@dataclass(frozen=True)
class Page:
    """One dashboard.

    `answers` are its lines on the overview, `figures` what the page shows, `requests` those behind one line of a
    figure, by their keys (None: there is no such figure or line, or R16 does not let this person see its requests).
    They are asked for part by part where there are very many: whether a request is behind a line is a matter of that
    request alone. `facts` is what their list says of each, and their order; it is asked for part by part too.
    `is_of_contract`: the requests are of every period of the contract.
    """

    dashboard: Dashboard
    question: str
    answers: Callable[[Readings], Sequence[Answer]]
    figures: Callable[[Readings], Sequence[Figure]]
    requests: Callable[[Readings, str, str], Sequence[Case] | None] = no_requests
    permission: Permission = Permission.SEE_DASHBOARDS
    facts: Callable[[Readings, str, str, Sequence[Case]], Facts] = no_facts
    is_of_contract: bool = False


def _places_answers(readings: Readings) -> list[Answer]:
    places = places_of(readings)
    return [used_answer(places), pace_answer(places)]


_PAGES = (
    Page(
        Dashboard.QUOTAS,
        "How many of the places are used, at what pace, and when will they run out?",
        answers=_places_answers,
        figures=lambda readings: quota_figures(places_of(readings)),
        permission=Permission.SEE_QUOTAS,
    ),
    Page(
        Dashboard.WAITING,
        "Who is waiting?",
        answers=lambda readings: [waiting_answer(waiting_of(readings))],
        figures=lambda readings: waiting_figures(waiting_of(readings)),
        requests=waiting_requests,
        facts=facts.waiting_facts,
    ),
    Page(
        Dashboard.UNMET,
        "Who was turned away, and why?",
        answers=lambda readings: [unmet.answer_of(readings)],
        figures=lambda readings: unmet_figures(unmet.unmet_of(readings)),
        requests=unmet.unmet_requests,
        permission=Permission.SEE_QUOTAS,
    ),
    Page(
        Dashboard.WAITS,
        "How long do settings wait for contact, observation and record, against the standards?",
        answers=lambda readings: [waits.answer_of(readings)],
        figures=lambda readings: waits_figures(waits.waits_of(readings)),
        requests=waits.requests_of,
        facts=waits_facts,
    ),
    Page(
        Dashboard.STUCK,
        "Which requests are stuck, and with whom?",
        answers=lambda readings: [stuck.answer_of(readings)],
        figures=lambda readings: stuck_figures(stuck.stopped(readings)),
        requests=stuck.requests_of,
        facts=facts.stuck_facts,
    ),
    Page(
        Dashboard.ZONES,
        "Does every zone get its share?",
        answers=lambda readings: [zones_answer(zones.zones_of(readings))],
        figures=lambda readings: zones_figures(zones.zones_of(readings)),
        requests=zones.requests_of,
    ),
    Page(
        Dashboard.NEEDS,
        "What needs and what support?",
        answers=lambda readings: [needs.answer_of(readings)],
        figures=lambda readings: needs_figures(needs.needs_of(readings)),
        requests=needs.requests_of,
    ),
    Page(
        Dashboard.OUTCOMES,
        "What difference did it make?",
        answers=lambda readings: [outcomes.answer_of(readings)],
        figures=lambda readings: outcomes_figures(outcomes.outcomes_of(readings)),
        requests=outcomes.requests_of,
    ),
    Page(
        Dashboard.FLOW,
        "How many requests came in, moved and left, how many are open, and for how long?",
        answers=lambda readings: [],
        figures=lambda readings: flow_figures(flow.flow_of(readings)),
        requests=flow.requests_of,
        facts=facts.flow_facts,
    ),
    Page(
        Dashboard.TEAM,
        "How much has each provider school and teacher to do?",
        answers=lambda readings: [],
        figures=lambda readings: team_figures(team.team_of(readings)),
        requests=team.requests_of,
        facts=facts.team_facts,
    ),
    Page(
        Dashboard.CONTRACT_END,
        "What is due to happen at the contract’s end?",
        answers=lambda readings: [contract_end_answer(contract_end_of(readings))],
        figures=lambda readings: contract_end_figures(contract_end_of(readings)),
        requests=contract_end_requests,
        facts=facts.contract_end_facts,
        is_of_contract=True,
        permission=Permission.SEE_CONTRACT_ENDS,
    ),
)
PAGES: dict[Dashboard, Page] = {page.dashboard: page for page in _PAGES}
"""In the order of the overview: the ten answers."""
