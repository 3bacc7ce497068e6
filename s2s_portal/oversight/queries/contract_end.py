"""What is due to happen at a contract's end, as its dashboard shows it."""

from dataclasses import replace

from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.contract_end import BEFORE, ContractEnd, Outcome
from s2s_portal.oversight.queries.cases import Case, cases_of
from s2s_portal.oversight.queries.ending import Ending
from s2s_portal.oversight.queries.readings import Readings


def contract_end_of(readings: Readings) -> ContractEnd:
    """The end of the period's contract. The contract, its requests, the calendar and R10's numbers: four statements."""
    scope, contract = readings.scope, readings.contract
    period = scope.period
    return ContractEnd(
        contract=contract.name,
        ends_on=contract.ends_on,
        run_off_ends_on=contract.run_off_ends_on,
        closes_on=period.requests_close_on,
        allocation_deadline_on=period.allocation_deadline_on,
        today=scope.today,
        days=readings.days,
        key=str(contract.key or ""),
        stage=contract.stage,
        next_name=contract.next_name,
        streams=[Stream(scope.stream)] if scope.stream else list(Stream),
        outcomes=readings.outcomes,
        open_before=None if scope.stream else contract.open_before,
        waiting=contract.waiting,
        lapsed=contract.lapsed,
        drafts=contract.drafts,
    )


def contract_end_requests(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests with one fate, or one reason for it, of every period of the contract."""
    has_run = readings.contract.stage not in BEFORE
    key = {"fate": "done_key" if has_run else "fate_key", "why": "reason_key"}.get(figure)
    if key is None:
        return None
    behind = {one.pk for one in readings.endings if getattr(_outcome(one), key) == line}
    if not behind:
        return None
    of_contract = replace(readings.scope, is_of_contract=True)
    return [case for case in cases_of(of_contract) if case.pk in behind]


def _outcome(one: Ending) -> Outcome:
    return Outcome(Stream(one.stream), *one[2:])
