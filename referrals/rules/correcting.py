"""Which details of a sent request may be corrected, and what a correction may not bring about."""

from datetime import date

from referrals.choices import About, Agreement, Section
from referrals.rules.answers import Answers, Problem, problems, sections_for


def sections_to_correct(stream: str, *, of_cohort: bool) -> tuple[Section, ...]:
    """The sections whose answers may be corrected, in order.

    A parental agreement is recorded or withdrawn, never corrected (R11). A cohort is described once for all its
    schools and stays as it was sent: of its requests only the contact may be wrong.
    """
    if of_cohort:
        return (Section.CONTACT,)
    return tuple(section for section in sections_for(stream) if section != Section.AGREEMENT)


def new_problems(was: Answers, now: Answers, *, stream: str, of_cohort: bool, today: date) -> list[Problem]:
    """Everything that a correction makes wrong, in its own section or in another.

    What was accepted when the request was sent stays accepted as long as its answer is not touched: codes are retired,
    settings close, and a cohort is asked less than a request of its own.
    """
    found = []
    for section in sections_to_correct(stream, of_cohort=of_cohort):
        before = problems(section, was, stream=stream, today=today)
        after = problems(section, now, stream=stream, today=today)
        found += [one for one in after if one not in before or was.get(one.field) != now.get(one.field)]
    return found


def agreement_after(*, about: str, agreement: str) -> str:
    """What the agreement says once it is known whom the request is about: one that names a child needs it (R11)."""
    return Agreement.NOT_YET if about == About.CHILD and agreement == Agreement.NOT_NEEDED else agreement


def setting_problem(*, stream: str, wanted_stream: str | None, found: str | None) -> str | None:
    """Why a request of `stream` cannot go to an establishment whose kind is of `wanted_stream`; else `found`."""
    if wanted_stream is not None and wanted_stream != stream:
        return "A request for the other stream uses another place: withdraw this one and send it again"
    return found
