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


def new_problems(section: Section, *, was: Answers, now: Answers, stream: str, today: date) -> list[Problem]:
    """Everything wrong with the corrected `section`, and what the correction made wrong in the others.

    What was accepted when the request was sent, and is not touched, stays accepted: codes are retired, settings close.
    """
    found = list(problems(section, now, stream=stream, today=today))
    for other in sections_to_correct(stream, of_cohort=False):
        if other != section:
            before = problems(other, was, stream=stream, today=today)
            found += [one for one in problems(other, now, stream=stream, today=today) if one not in before]
    return found


def agreement_after(*, about: str, agreement: str) -> str:
    """What the agreement says once it is known whom the request is about: one that names a child needs it (R11)."""
    return Agreement.NOT_YET if about == About.CHILD and agreement == Agreement.NOT_NEEDED else agreement


def setting_problem(*, stream: str, wanted_stream: str | None, found: str | None) -> str | None:
    """Why a request of `stream` cannot go to an establishment whose kind is of `wanted_stream`; else `found`."""
    if wanted_stream is not None and wanted_stream != stream:
        return "A request for the other stream uses another place: withdraw this one and send it again"
    return found
