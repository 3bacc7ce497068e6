"""Drafts and requests for tests, through the real actions: what an adviser would have typed."""

from datetime import date, datetime
from typing import Any

from referrals.actions import codes, drafts, requests
from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import About, Agreement, AgreementHow, Section, SenStatus, SupportKind, YearGroup
from referrals.models import DraftReferral, IndesSection, NeedType, Referral
from referrals.rules.answers import sections_for
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from tests.moments import AN_ORDINARY_TUESDAY


def load_codes() -> None:
    """The DfE's types of need and INDES, unless they are there."""
    if not NeedType.objects.exists():
        codes.load()


def answers_for(stream: str, **changes: Any) -> dict[str, Any]:
    """Every answer of a complete request about one child, by column; `changes` replace some."""
    early = stream == Stream.EARLY_YEARS
    agreed = "An observation in the mornings, and ideas for going outside."
    answers = {
        "conversation_on": date(2024, 11, 20) if early else None,
        "conversation_with": "Perran Oxnead, manager" if early else "",
        "conversation_agreed": agreed if early else "",
        "about": About.CHILD,
        "child_first_name": "Wilf",
        "child_last_name": "Tasburgh",
        "date_of_birth": date(2021, 3, 4) if early else date(2016, 5, 6),
        "group_size": None,
        "group_description": "",
        "year_group": YearGroup.N2 if early else YearGroup.Y4,
        "sen_status": SenStatus.K,
        "primary_need_id": NeedType.objects.get(code="SLCN").pk,
        "secondary_need_id": None,
        "indes_section_id": None if early else IndesSection.objects.get(number=4).pk,
        "indes_level": None if early else 3,
        "need_description": "Few words yet; follows the other children.",
        "strategies_tried": "Visual timetables for six weeks.",
        "strategies_outcome": "Calmer at lunch, no change when going outside.",
        "support_wanted": [SupportKind.OBSERVATION],
        "goal_1": "Asks for help with a sign or a word.",
        "goal_2": "",
        "goal_3": "",
        "agreement": Agreement.YES,
        "agreement_by": "Mother",
        "agreement_on": date(2024, 11, 21),
        "agreement_how": AgreementHow.SIGNED_FORM,
        "agreement_held": "The child’s file at the setting",
        "contact_name": "Perran Oxnead",
        "contact_job_title": "Manager",
        "contact_email": "perran@setting.invalid",
        "contact_telephone": "01603 496001",
        "availability": "Tuesdays and Thursdays before 11.",
    }
    assert set(changes) <= set(answers)
    return answers | changes


def start_draft(establishment: Establishment, *, by: User, at: datetime = AN_ORDINARY_TUESDAY) -> DraftReferral:
    """A draft that was only started."""
    return drafts.start(establishment=establishment, by=by, at=at)


def filled_draft(
    establishment: Establishment, *, by: User, at: datetime = AN_ORDINARY_TUESDAY, **changes: Any
) -> DraftReferral:
    """A draft with every section saved and nothing missing, unless `changes` take something away."""
    load_codes()
    draft = drafts.start(establishment=establishment, by=by, at=at)
    answers = answers_for(draft.stream, **changes)
    for section in sections_for(draft.stream):
        if section == Section.SETTING:
            continue
        some = {name: answers[name] for name in SECTION_FIELDS[section]}
        drafts.save_section(draft=draft, section=section, answers=some, version=0, by=by, at=at)
    return DraftReferral.objects.get(pk=draft.pk)


def sent_request(
    establishment: Establishment, *, by: User, at: datetime = AN_ORDINARY_TUESDAY, **changes: Any
) -> Referral:
    """A request that was accepted: it holds a place of the period that must be there already."""
    draft = filled_draft(establishment, by=by, at=at, **changes)
    outcome = requests.submit(key=draft.key, by=by, at=at)
    assert outcome.referral is not None, outcome.decision
    return outcome.referral


def waiting_request(
    establishment: Establishment, *, by: User, at: datetime = AN_ORDINARY_TUESDAY, **changes: Any
) -> Referral:
    """A request that joined the waiting list: no place of the period, which must be there, may be free."""
    draft = filled_draft(establishment, by=by, at=min(at, AN_ORDINARY_TUESDAY), **changes)
    referral = requests.submit(key=draft.key, by=by, at=at, or_wait=True).referral
    assert referral is not None
    assert referral.turn is not None, "A place was free."
    return referral
