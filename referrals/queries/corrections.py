"""The answers of a sent request in the shape of a draft: forms, rules and words read both alike."""

from datetime import date
from typing import Any

from referrals.choices import EventKind, Section, SupportKind
from referrals.models import DraftReferral, Referral, ReferralEvent
from referrals.models.details import DETAIL_FIELDS
from referrals.queries.drafts import answers_of
from referrals.rules import correcting as rules
from s2s_portal.organisations.models import User

NAMED = ("establishment", "primary_need", "secondary_need", "indes_section")
CODES = ("primary_need", "secondary_need", "indes_section")


def as_draft(referral: Referral) -> DraftReferral:
    """What the request says, as a draft that is never saved. Two queries, and one for each code not read yet."""
    draft = DraftReferral(stream=referral.stream, **{name: getattr(referral, name) for name in DETAIL_FIELDS})
    for name in NAMED:
        setattr(draft, name, getattr(referral, name))
    draft.support_wanted = in_order(referral.support_wanted.order_by("pk").values_list("kind", flat=True))
    for number, text in enumerate(referral.goals.order_by("position").values_list("text", flat=True), start=1):
        setattr(draft, f"goal_{number}", text)
    return draft


def in_order(kinds: Any) -> list[str]:
    """Kinds of support in the order of the page: another order is no correction."""
    wanted = set(kinds)
    return [kind for kind in SupportKind.values if kind in wanted]


def answers_now(draft: DraftReferral, *, held: DraftReferral, user: User, today: date) -> dict[str, Any]:
    """The answers of a corrected request as the rules read them; codes it `held` when it was sent stay valid."""
    answers: dict[str, Any] = answers_of(draft, user=user, today=today)
    for name in CODES:
        if getattr(draft, f"{name}_id") == getattr(held, f"{name}_id"):
            answers[f"{name}_valid"] = True
    answers["setting_problem"] = rules.setting_problem(
        stream=draft.stream, wanted_stream=draft.establishment.kind.stream, found=answers["setting_problem"]
    )
    return answers


def sections_of(referral: Referral) -> tuple[Section, ...]:
    """The sections of this request that may be corrected."""
    return rules.sections_to_correct(referral.stream, of_cohort=referral.cohort_id is not None)


def last_correction(referral: Referral) -> ReferralEvent | None:
    """The newest correction of the request, with who made it."""
    return referral.events.filter(kind=EventKind.CORRECTED).select_related("by").order_by("-seq").first()
