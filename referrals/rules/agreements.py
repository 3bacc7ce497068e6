"""When a parental agreement may be recorded, and when it may be withdrawn (R11)."""

from datetime import date

from referrals.choices import Agreement, Section
from referrals.rules.answers import Answers, Problem, problems

NO_AGREEMENT = "No parental agreement is recorded for this request, so none can be withdrawn."


def recording_problems(answers: Answers, *, stream: str, today: date) -> list[Problem]:
    """What is missing from or wrong with an agreement that is given: who, when (not in the future), how, held where.

    `answers` holds `agreement_by`, `agreement_on`, `agreement_how` and `agreement_held`.
    """
    return problems(Section.AGREEMENT, {**answers, "agreement": Agreement.YES}, stream=stream, today=today)


def withdrawal_problems(on: date | None, *, agreed_on: date | None, today: date) -> list[Problem]:
    """What is wrong with the day on which an agreement, given on `agreed_on`, was withdrawn."""
    if on is None:
        return [Problem("on", "Enter the date they withdrew it", missing=True)]
    if on > today:
        return [Problem("on", "The date they withdrew it must be today or in the past")]
    if agreed_on is not None and on < agreed_on:
        return [Problem("on", "The date they withdrew it must be on or after the date they agreed")]
    return []
