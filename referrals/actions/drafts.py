"""Drafts: started, saved section by section, deleted. They draw nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from referrals.choices import Section
from referrals.models import DraftReferral, DraftSection
from referrals.permissions import check_can_file, visible_drafts
from referrals.rules import answers as rules
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.by_hand import standing
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream


class CannotChoose(ValueError):
    """This establishment cannot have a request from this person; the message says why and what to do."""


@dataclass(frozen=True)
class Conflict:
    """Someone else saved the section first; nothing was written. Show theirs beside what was typed."""

    theirs: DraftSection


SAME_PRESS = timedelta(seconds=60)
"""Within this time, before or after, an untouched draft for the same establishment is the same press of the button."""

SECTION_FIELDS: dict[Section, tuple[str, ...]] = {
    Section.SETTING: ("establishment_id",),
    Section.CONVERSATION: ("conversation_on", "conversation_with", "conversation_agreed"),
    Section.CHILD: (
        "about",
        "child_first_name",
        "child_last_name",
        "date_of_birth",
        "group_size",
        "group_description",
    ),
    Section.NEEDS: (
        "year_group",
        "sen_status",
        "primary_need_id",
        "secondary_need_id",
        "indes_section_id",
        "indes_level",
        "need_description",
    ),
    Section.TRIED: ("strategies_tried", "strategies_outcome"),
    Section.SUPPORT: ("support_wanted", "goal_1", "goal_2", "goal_3"),
    Section.AGREEMENT: ("agreement", "agreement_by", "agreement_on", "agreement_how", "agreement_held"),
    Section.CONTACT: (
        "contact_name",
        "contact_job_title",
        "contact_email",
        "contact_telephone",
        "availability",
    ),
}
"""Which columns each section saves; a save touches no others."""


@transaction.atomic
def start(*, establishment: Establishment, by: User, at: datetime) -> DraftReferral:
    """A new draft for `establishment`, in the stream of its kind; pressed twice, the same one.

    Raises `CannotChoose` for an establishment that cannot have a request from this person, `NotAllowed` by R1.
    """
    stream = establishment.kind.stream
    if stream is None:
        raise CannotChoose(f"S2S does not take requests for this kind of establishment ({establishment.kind.name}).")
    check_can_file(by, stream)
    establishment = standing(establishment)
    _check_setting(establishment, stream, by)
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    pressed_twice = _just_started(establishment, by, at)
    if pressed_twice is not None:
        return pressed_twice
    draft = DraftReferral.objects.create(
        establishment=establishment, stream=stream, started_by=by, started_at=at, changed_at=at
    )
    contact = establishment.contacts.order_by("is_deputy", "pk").first()
    if contact is not None:
        draft.contact_name, draft.contact_job_title = contact.name, contact.job_title
        draft.contact_email, draft.contact_telephone = contact.email, contact.telephone
        draft.save()
    DraftSection.objects.create(draft=draft, section=Section.SETTING, saved_by=by, saved_at=at)
    audit.record(kind=AuditKind.WRITE, what="started a draft", reference=draft.audit_reference, by=by)
    return draft


def _just_started(establishment: Establishment, by: User, at: datetime) -> DraftReferral | None:
    """The person's own draft for this establishment that was started within `SAME_PRESS` and is as it was."""
    return (
        DraftReferral.objects.filter(establishment=establishment, started_by=by, edition=1)
        .filter(started_at__gt=at - SAME_PRESS, started_at__lt=at + SAME_PRESS)
        .order_by("-pk")
        .first()
    )


def _check_setting(establishment: Establishment, stream: str, by: User) -> None:
    wrong = rules.setting_problem(
        is_open=establishment.is_open,
        stream=establishment.kind.stream,
        wanted_stream=stream,
        zone_id=establishment.zone_id,
        own_zones=zones_by_stream(by).get(stream, set()),
    )
    if wrong:
        raise CannotChoose(wrong)


@transaction.atomic
def save_section(
    *, draft: DraftReferral, section: Section, answers: Mapping[str, Any], version: int, by: User, at: datetime
) -> DraftSection | Conflict:
    """Save one section's answers, if nobody has saved it since `version` (0: never saved) was shown.

    `answers` holds columns of `SECTION_FIELDS[section]`. Raises `DraftReferral.DoesNotExist` once the draft is gone or
    for someone who may not see it, `CannotChoose` for an establishment that cannot have a request, `NotAllowed` (R1).
    """
    locked = _locked(draft, by)
    if section == Section.SETTING:
        _check_setting(standing(Establishment.objects.get(pk=answers["establishment_id"])), draft.stream, by)
    saved = DraftSection.objects.select_related("saved_by").filter(draft=locked, section=section).first()
    if saved is not None and saved.version != version:
        return Conflict(saved)
    saved = saved or DraftSection(draft=locked, section=section, version=0)
    saved.version, saved.saved_by, saved.saved_at = saved.version + 1, by, at
    saved.save()
    for field in SECTION_FIELDS[section]:
        if field in answers:
            setattr(locked, field, answers[field])
    locked.changed_at = at
    locked.edition += 1
    locked.save()
    audit.record(kind=AuditKind.WRITE, what=f"saved {section.value}", reference=locked.audit_reference, by=by)
    return saved


@transaction.atomic
def delete(*, draft: DraftReferral, by: User, at: datetime) -> None:
    """Delete an unsent draft for good. Raises as `save_section` does."""
    locked = _locked(draft, by)
    audit.record(kind=AuditKind.WRITE, what="deleted a draft", reference=draft.audit_reference, by=by)
    locked.delete()


def _locked(draft: DraftReferral, by: User) -> DraftReferral:
    """The draft's row, locked before anything that hangs on it, for one who files its stream and may see it."""
    check_can_file(by, draft.stream)
    locked = DraftReferral.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if not DraftReferral.objects.filter(visible_drafts(by), pk=draft.pk).exists():
        raise DraftReferral.DoesNotExist("There is no such draft.")
    return locked
