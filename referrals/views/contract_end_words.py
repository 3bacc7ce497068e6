"""What pages of a contract's end say: contracts, fates and groups in words, and lines as cells of tables."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from quotas.choices import Unit
from referrals.choices import Fate, FateReason, LineState, RolloverStage
from referrals.queries.contract_end_lines import Failing
from referrals.queries.contract_ends import Group
from referrals.queries.following import ContractLine, Following
from referrals.rules.rollover import NEVER_TAKEN, Open, Successor, cannot_choose
from referrals.views.rows import Cell
from s2s_portal.core import calendar, spoken

STAGE_COLOURS = {
    RolloverStage.DECIDING: "yellow",
    RolloverStage.PROPOSED: "orange",
    RolloverStage.RUNNING: "blue",
    RolloverStage.DONE: "green",
    RolloverStage.UNDOING: "blue",
    RolloverStage.UNDONE: "grey",
}
FATE_COLOURS = {Fate.FINISH: "teal", Fate.MOVE: "blue", Fate.CLOSE: "grey", Fate.ASK: "orange"}
SHORT = {Fate.FINISH: "Finish", Fate.MOVE: "Move", Fate.CLOSE: "Close", Fate.ASK: "To be decided"}
PROPOSED = SHORT | {Fate.ASK: "Ask"}
DONE_WORDS = {Fate.FINISH: "Finishing under the old contract", Fate.MOVE: "Moved", Fate.CLOSE: "Closed"}

CONTRACT_COLUMNS = [
    {"label": label} for label in ("Contract", "From", "To", "Last day of visits", "Open requests", "Its end")
]
OUTCOME = "As it stands"
"""The heading of what becomes of a request: decided by somebody, wished by its adviser, or only proposed."""
GROUP_COLUMNS = [{"label": "Why"}, {"label": "Proposed"}, {"label": OUTCOME}, {"label": "Requests", "numeric": True}]
LINE_COLUMNS = [
    {"label": label} for label in ("Request", "Status", "Teacher", "Planned visit", "Proposed", OUTCOME, "Adviser")
]
ACCOUNT_COLUMNS = [{"label": label} for label in ("Request", OUTCOME, "What was done", "Goes on as", "Problem")]


def stage_tag(stage: str) -> dict[str, str]:
    """The tag of how far an end is."""
    return {"text": RolloverStage(stage).label, "colour": STAGE_COLOURS[RolloverStage(stage)]}


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 request", "3 requests"."""
    return f"{number:,} {one if number == 1 else many}"


def takes(follows: Following) -> str:
    """What a contract takes that could follow, and what that means for requests, in sentences."""
    contract = follows.contract
    who = f"{spoken.day(contract.starts_on)} to {spoken.day(contract.ends_on)}, {contract.provider}. "
    who += f"It takes {contract.get_unit_display()}; {contract.get_referrers_display()} file."
    if follows.period is None:
        return f"{who} No period has been entered for it, so no request can move to it: enter it first."
    if not follows.streams:
        return f"{who} It has no places yet, so no request can move to it: enter them first."
    return f"{who} {_streams(follows.streams)}"


def _streams(streams: Sequence[Any]) -> str:
    if len(streams) > 1:
        return "It has places for early years and mainstream requests."
    other = "mainstream" if streams[0] == "EARLY_YEARS" else "early years"
    return (
        f"It has places for {streams[0].label} requests only: {other} requests cannot move, "
        "so those that cannot finish in time are asked about."
    )


def means(follows: Following | None) -> list[str]:
    """What the contract that follows means for the requests, each in a sentence."""
    if follows is None:
        return ["No contract follows: nothing can be moved. What cannot finish in time is asked about or closed."]
    found = [takes(follows)]
    if follows.contract.unit == Unit.COHORTS:
        found.append("Requests that are not part of a cohort cannot move: those that cannot finish are asked about.")
    return found


def contract_rows(lines: Iterable[ContractLine], *, may_begin: bool) -> list[list[Cell]]:
    """One line for each contract, as `CONTRACT_COLUMNS`."""
    return [
        [
            {"text": line.contract.name, "hint": line.contract.provider},
            spoken.day(line.contract.starts_on),
            spoken.day(line.contract.ends_on),
            spoken.day(line.contract.run_off_ends_on),
            f"{line.open:,}",
            _end_cell(line, may_begin),
        ]
        for line in lines
    ]


def _end_cell(line: ContractLine, may_begin: bool) -> Cell:
    if line.end is not None and line.end.stage != RolloverStage.UNDONE:
        stage, begun = line.end.get_stage_display(), spoken.day(calendar.london_date(line.end.started_at))
        return {"text": stage, "url": page_of(line.end), "hint": f"Begun on {begun} by {line.end.started_by}"}
    if may_begin:
        address = reverse("referrals:contract_end_begin", args=[line.contract.pk])
        again = "One was undone before." if line.end else ""
        return {"text": f"Begin the end of {line.contract.name}", "url": address, "hint": again}
    return "Undone" if line.end else "Not begun"


def page_of(rollover: Any) -> str:
    """The address of an end of a contract."""
    return reverse("referrals:contract_end", args=[rollover.key])


def lines_page(rollover: Any, **asked: str) -> str:
    """The address of its lines, narrowed."""
    return f"{reverse('referrals:contract_end_lines', args=[rollover.key])}?{urlencode(asked)}"


def group_rows(rollover: Any, groups: Iterable[Group]) -> list[list[Cell]]:
    """One line for each group, as `GROUP_COLUMNS`; it leads to the group's lines."""
    return [
        [
            {
                "text": FateReason(group.reason).label,
                "url": lines_page(rollover, reason=group.reason, proposed=group.proposed, fate=group.fate),
            },
            PROPOSED[group.proposed],
            {"text": SHORT[group.fate], "colour": FATE_COLOURS[group.fate]},
            f"{group.count:,}",
        ]
        for group in groups
    ]


def line_rows(rollover: Any, lines: Iterable[Any], at: datetime) -> list[list[Cell]]:
    """One line for each request before the run as at `at` (aware), as `LINE_COLUMNS`. No child's name is read."""
    return [
        [
            _request_cell(rollover, line),
            line.referral.get_status_display(),
            line.referral.teacher.full_name if line.referral.teacher else "",
            _visit_cell(line, at),
            {"text": PROPOSED[Fate(line.proposed)], "hint": FateReason(line.reason).label},
            _decided_cell(line),
            _adviser_cell(line),
        ]
        for line in lines
    ]


def _visit_cell(line: Any, at: datetime) -> Cell:
    """The last planned visit; one that has begun is no plan any more, and lacks its outcome."""
    if line.planned_at is None:
        return ""
    hint = visit_untold(line, at)
    return {"text": spoken.moment(line.planned_at), "hint": hint}


def visit_untold(line: Any, at: datetime) -> str:
    """What is wrong with the line's last planned visit at `at` (aware); "" if it is still to come or there is none."""
    begun = line.planned_at is not None and line.planned_at <= at
    return "It has been, and nobody has told its outcome" if begun else ""


def _request_cell(rollover: Any, line: Any) -> Cell:
    one = line.referral
    hint = f"{one.establishment.display_name}, {one.get_stream_display()}"
    address = reverse("referrals:contract_end_line", args=[rollover.key, line.pk])
    return {"text": one.reference, "url": address, "hint": f"{hint}, late" if line.late else hint, "nowrap": "yes"}


def _decided_cell(line: Any) -> Cell:
    return {"text": SHORT[Fate(line.fate)], "hint": decided_by(line)}


def decided_by(line: Any) -> str:
    """Who decided what becomes of a request: a person, its adviser's answer, or nobody yet."""
    if line.decided_by:
        return f"Decided by {line.decided_by}"
    if line.wish and line.wish == line.fate:
        return "As the adviser wishes"
    return "" if line.fate == Fate.ASK else "As proposed"


def _adviser_cell(line: Any) -> Cell:
    if line.wish:
        return {"text": SHORT[Fate(line.wish)], "hint": line.wish_note}
    return f"Asked on {spoken.day(calendar.london_date(line.asked_at))}" if line.asked_at else ""


def account_rows(rollover: Any, lines: Iterable[Any]) -> list[list[Cell]]:
    """One line for each request once it ran, as `ACCOUNT_COLUMNS`."""
    return [
        [_request_cell(rollover, line), _decided_cell(line), done_words(line), _goes_on(line), line.problem]
        for line in lines
    ]


def done_words(line: Any) -> str:
    """What was done with a request, or is still to be."""
    if line.state == LineState.UNDONE:
        return "Moved back"
    if line.state == LineState.DONE:
        return DONE_WORDS[Fate(line.outcome)]
    return "To be decided" if line.fate == Fate.ASK else LineState(line.state).label


def _goes_on(line: Any) -> Cell:
    if line.successor is None or line.state == LineState.UNDONE:
        return ""
    address = reverse("referrals:referral_detail", args=[line.successor.reference])
    return {"text": line.successor.reference, "url": address, "nowrap": "yes"}


def fate_hints(
    one: Open, successor: Successor | None, *, target: str, run_off_ends_on: Any, today: Any
) -> dict[str, str]:
    """What each fate would do to a request, or why it cannot be chosen."""
    does = {
        Fate.FINISH: f"S2S goes on with it until {spoken.day(run_off_ends_on)}.",
        Fate.MOVE: f"It goes on under {target} with its old dates and uses no place there." if target else "",
        Fate.CLOSE: "It ends. Its adviser, the school or setting and its teacher are told.",
        Fate.ASK: "They get an e-mail, and answer on a page of the portal.",
    }
    for fate in (Fate.FINISH, Fate.MOVE, Fate.CLOSE):
        wrong = cannot_choose(fate, one, successor, run_off_ends_on=run_off_ends_on, today=today)
        if wrong:
            does[fate] = f"Not possible. {wrong}"
    return {fate.value: text for fate, text in does.items() if text}


def never_for_group(reason: FateReason, *, run_off_ends_on: date, today: date) -> dict[Fate, str]:
    """What is possible for none of the requests with this reason on the London day `today`, and why."""
    never = {}
    if reason in NEVER_TAKEN:
        never[Fate.MOVE] = reason.label
    if reason == FateReason.RECORD_MISSING:
        never[Fate.MOVE] = never[Fate.CLOSE] = reason.label
    if today > run_off_ends_on:
        never[Fate.FINISH] = f"The last day of visits was {spoken.day(run_off_ends_on)}."
    return never


def failing_rows(rollover: Any, failing: Iterable[Failing]) -> list[list[Cell]]:
    """One line for each request whose moving failed."""
    return [
        [
            {
                "text": one.reference,
                "url": reverse("referrals:contract_end_line", args=[rollover.key, one.line_id]),
                "nowrap": "yes",
            },
            counted(one.failures, "time", "times"),
            spoken.second(one.failed_at),
            spoken.second(one.next_try_at),
        ]
        for one in failing
    ]


FAILING_COLUMNS = [{"label": label} for label in ("Request", "Failed", "Last at", "Tried again at")]
