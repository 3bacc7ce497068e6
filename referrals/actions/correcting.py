"""Details that were sent wrong: corrected until the first visit, each correction kept with what stood there before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from referrals.actions import history
from referrals.actions.drafts import SECTION_FIELDS
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action, Doer, Section
from referrals.documents import CorrectedFacts
from referrals.documents.answers import TITLE_OF, in_words
from referrals.models import DraftReferral, Goal, Referral, ReferralEvent, SupportWanted
from referrals.models.details import DETAIL_FIELDS
from referrals.permissions import doers_of
from referrals.queries.corrections import answers_now, as_draft, in_order, last_correction, sections_of
from referrals.rules import correcting as rules
from referrals.rules.answers import Problem
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.actions.by_hand import standing
from s2s_portal.organisations.actions.establishments import remember_contact
from s2s_portal.organisations.choices import CHECK_BOOKINGS
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed

GOALS = ("goal_1", "goal_2", "goal_3")
VISITS_DEPEND_ON = {"about", "agreement", "establishment_id"}
"""What decides whether a planned visit is still right: R11, and where it is."""


class CannotCorrect(ValueError):
    """The corrected request would break a rule; `problems` says which, by column."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Conflict:
    """Somebody corrected the request first; nothing was written. `theirs` is that correction, `referral` as it is."""

    referral: Referral
    theirs: ReferralEvent | None


@transaction.atomic
def correct(
    *,
    referral: Referral,
    section: Section,
    answers: Mapping[str, Any],
    edition: int,
    reason: str,
    by: User,
    at: datetime,
) -> Step | Conflict:
    """Correct one section, if nobody has corrected the request since its `edition` was shown. Nothing new: no event.

    `answers` holds columns of `SECTION_FIELDS[section]`. Raises `NotAllowed` unless `by` is a co-ordinator or an
    adviser of its stream and zone (only these choose another setting), `CannotCorrect` for answers that no request may
    have, `ValueError` for a section that is not corrected.
    """
    now = opened(referral=referral, action=Action.CORRECT, by=by, at=at)
    row, today = now.referral, london_date(at)
    _check_section(row, section, by, today)
    if now.step is None:
        return now.refused(Action.CORRECT)
    if row.edition != edition:
        return Conflict(row, last_correction(row))
    held = as_draft(row)
    corrected = _corrected(row, section, answers)
    _check_rules(row, held, corrected, by, today)
    changed = [name for name in TITLE_OF if getattr(held, name) != getattr(corrected, name)]
    if changed:
        _save(row, corrected, changed)
        _record(row, section, (held, corrected), changed, reason, by, at)
    return Step(row)


def _check_rules(row: Referral, held: DraftReferral, corrected: DraftReferral, by: User, today: date) -> None:
    was, now = (answers_now(one, held=held, user=by, today=today) for one in (held, corrected))
    of_cohort = row.cohort_id is not None
    problems = rules.new_problems(was, now, stream=row.stream, of_cohort=of_cohort, today=today)
    if problems:
        raise CannotCorrect(problems)


def _check_section(row: Referral, section: Section, by: User, today: date) -> None:
    if section not in sections_of(row):
        raise ValueError(f"{section.label} of this request is not corrected.")
    if section == Section.SETTING and Doer.ADVISER not in doers_of(by, row, today=today):
        raise NotAllowed(f"Only {Doer.ADVISER.label} chooses another school or setting for this request.")


def _corrected(row: Referral, section: Section, answers: Mapping[str, Any]) -> DraftReferral:
    """The request as it would be: goals move up, and one that names a child now needs the parents' agreement (R11)."""
    draft = as_draft(row)
    for name in SECTION_FIELDS[section]:
        if name in answers:
            setattr(draft, name, answers[name])
    if draft.establishment_id != row.establishment_id:
        draft.establishment = standing(draft.establishment)
    draft.support_wanted = in_order(draft.support_wanted)
    goals = [text for text in (getattr(draft, name) for name in GOALS) if text]
    for name, text in zip(GOALS, [*goals, "", "", ""], strict=False):
        setattr(draft, name, text)
    draft.agreement = rules.agreement_after(about=draft.about, agreement=draft.agreement)
    return draft


def _save(row: Referral, corrected: DraftReferral, changed: list[str]) -> None:
    """Write what changed; the zone follows the setting."""
    columns = [name for name in changed if name in DETAIL_FIELDS]
    for name in columns:
        setattr(row, name, getattr(corrected, name))
    if "establishment_id" in changed:
        row.establishment = corrected.establishment
        row.zone_id = corrected.establishment.zone_id
        columns.append("zone_id")
    row.edition += 1
    row.save(update_fields=[*columns, "edition"])
    if "support_wanted" in changed:
        row.support_wanted.all().delete()
        SupportWanted.objects.bulk_create(SupportWanted(referral=row, kind=kind) for kind in corrected.support_wanted)
    if set(GOALS) & set(changed):
        _save_goals(row, [text for text in (getattr(corrected, name) for name in GOALS) if text])


def _save_goals(row: Referral, texts: list[str]) -> None:
    row.goals.filter(position__gt=len(texts)).delete()
    for position, text in enumerate(texts, start=1):
        Goal.objects.update_or_create(referral=row, position=position, defaults={"text": text})


def _record(
    row: Referral,
    section: Section,
    was_and_is: tuple[DraftReferral, DraftReferral],
    changed: list[str],
    reason: str,
    by: User,
    at: datetime,
) -> None:
    was, now = ({name: in_words(draft, name) for name in changed} for draft in was_and_is)
    titles = [TITLE_OF[name] for name in changed]
    facts = CorrectedFacts(section=section.value, titles=titles, was=was, now=now, note=reason)
    history.append(referral=row, facts=facts, by=by, at=at)
    if section == Section.CONTACT:
        _remember_contact(row)
    if VISITS_DEPEND_ON & set(changed):
        jobs.ask(job=CHECK_BOOKINGS, subject=str(row.pk), at=at)
    wrote(f"corrected {section.value}", row, by)


def _remember_contact(row: Referral) -> None:
    """The corrected contact is the one that is known for next time."""
    remember_contact(
        establishment=row.establishment,
        name=row.contact_name,
        job_title=row.contact_job_title,
        email=row.contact_email,
        telephone=row.contact_telephone,
    )
