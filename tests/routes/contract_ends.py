"""Who gets what from the pages of a contract's end; see tests/test_routes.py."""

from typing import Any

from referrals.actions import rollover_deciding
from referrals.choices import FateReason
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends
from tests.moments import AN_ORDINARY_TUESDAY as AT

#: The end is being decided, and the early years adviser was asked: there is nothing yet to approve, take back or undo.
GET = """
referrals:contract_end_list         403 403  200   403   200  403   403   302  302
referrals:contract_end_begin        403 403  403   403   200  403   403   302  302
referrals:contract_end              403 403  200   403   200  403   403   302  302
referrals:contract_end_progress     403 403  200   403   200  403   403   302  302
referrals:contract_end_look_again   403 403  403   403   302  403   403   302  302
referrals:contract_end_lines        403 403  200   403   200  403   403   302  302
referrals:contract_end_line         403 403  200   403   200  403   403   302  302
referrals:contract_end_line_undo    403 403  403   403   302  403   403   302  302
referrals:contract_end_group        403 403  403   403   200  403   403   302  302
referrals:contract_end_propose      403 403  403   403   200  403   403   302  302
referrals:contract_end_approve      403 403  403   403   302  403   403   302  302
referrals:contract_end_take_back    403 403  403   403   302  403   403   302  302
referrals:contract_end_undo         403 403  403   403   302  403   403   302  302
referrals:contract_end_csv          403 403  200   403   200  403   403   302  302
referrals:contract_end_answer       200 404  403   404   403  404   404   302  302
referrals:run_off                   403 403  200   403   200  403   403   302  302
"""
POST = """
referrals:contract_end_begin        403 403  403   403   200  403   403   302  302
referrals:contract_end_look_again   403 403  403   403   302  403   403   302  302
referrals:contract_end_line         403 403  403   403   200  403   403   302  302
referrals:contract_end_line_undo    403 403  403   403   302  403   403   302  302
referrals:contract_end_group        403 403  403   403   200  403   403   302  302
referrals:contract_end_propose      403 403  403   403   200  403   403   302  302
referrals:contract_end_approve      403 403  403   403   302  403   403   302  302
referrals:contract_end_take_back    403 403  403   403   302  403   403   302  302
referrals:contract_end_undo         403 403  403   403   302  403   403   302  302
referrals:contract_end_answer       200 404  403   404   403  404   404   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    by = council.people[Role.COMMISSIONER]
    rollover = rollover_deciding.begin(source=council.period.contract, target=None, by=by, at=AT)
    line = contract_ends.line_of(rollover, council.early_years)
    assert not rollover_deciding.ask(line=line, by=by, at=AT).refusal
    end = {"key": rollover.key}
    one = end | {"pk": line.pk}
    pages = ("", "_progress", "_look_again", "_lines", "_propose", "_approve", "_take_back", "_undo", "_csv")
    return {f"referrals:contract_end{page}": end for page in pages} | {
        "referrals:contract_end_begin": {"pk": contract_ends.successor(council.period.contract).pk},
        "referrals:contract_end_line": one,
        "referrals:contract_end_line_undo": one,
        "referrals:contract_end_group": end | {"reason": FateReason.NO_SUCCESSOR.value},
        "referrals:contract_end_answer": {"reference": council.early_years.reference},
    }
