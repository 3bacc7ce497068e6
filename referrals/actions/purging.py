"""Drafts that nobody touches after the cut-off: announced twice, then deleted. Each in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from referrals.models import DraftReferral
from referrals.queries import purging as queries
from referrals.queries.advisers import advisers
from referrals.rules import purging as rules
from referrals.rules.purging import Step
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.calendar import days
from s2s_portal.organisations.queries.people import active_people, is_system


@dataclass
class Purged:
    """How many drafts were announced (first or again) and how many deleted."""

    announced: int = 0
    deleted: int = 0


def purge(*, by: User, at: datetime, stopping: Callable[[], bool] = lambda: False) -> Purged:
    """Announce or delete the drafts for which it is time on the day of `at`. Safe to repeat.

    Many transactions, so call it outside one. Raises `NotAllowed` unless `by` is the portal itself.
    """
    if not is_system(by):
        raise NotAllowed("Only the portal itself deletes drafts that nobody touches.")
    done, calendar = Purged(), days()
    for pk, cut_off in queries.to_do(london_date(at), calendar):
        if stopping():
            break
        step = _deal_with(pk, cut_off, calendar, by, at)
        done.deleted += step == Step.DELETE
        done.announced += step in (Step.ANNOUNCE, Step.ANNOUNCE_AGAIN)
    return done


@transaction.atomic
def _deal_with(pk: int, cut_off: date, calendar: Days, by: User, at: datetime) -> Step:
    """Decide about one draft again, under its lock: somebody may have saved or sent it meanwhile."""
    locked = DraftReferral.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk)
    draft = locked.select_related("establishment", "started_by").first()
    if draft is None:
        return Step.NOTHING
    today = london_date(at)
    step = rules.step(queries.seen(draft, cut_off), today=today, days=calendar)
    if step == Step.DELETE:
        audit.record(kind=AuditKind.WRITE, what="deleted an untouched draft", reference=draft.audit_reference, by=by)
        draft.delete()
    elif step != Step.NOTHING:
        _announce(draft, step, cut_off, calendar, at)
    return step


def _announce(draft: DraftReferral, step: Step, cut_off: date, calendar: Days, at: datetime) -> None:
    """Tell of the draft, and remember it. A save since makes a new edition, which is announced anew."""
    today = london_date(at)
    if step == Step.ANNOUNCE:
        draft.warned_edition, draft.warned_on, draft.warned_again_on = draft.edition, today, None
    else:
        draft.warned_again_on = today
    draft.save(update_fields=["warned_edition", "warned_on", "warned_again_on"])
    day = rules.deleted_on(queries.seen(draft, cut_off), today=today, days=calendar) or today
    _tell(draft, f"draft-purge:{draft.key}:{draft.edition}:{cut_off.isoformat()}:{step.name.lower()}", day, at)


def _tell(draft: DraftReferral, key: str, day: date, at: datetime) -> None:
    """Tell whoever started it; if they have left those who file for its zone, and where nobody does commissioners."""
    own = draft.started_by
    here = advisers().told(own, stream=draft.stream, zone_id=draft.establishment.zone_id)
    context = {
        "establishment": draft.establishment.display_name,
        "stream_label": draft.get_stream_display(),
        "started_at": draft.started_at.isoformat(),
        "changed_at": draft.changed_at.isoformat(),
        "deleted_on": day.isoformat(),
        "address": reverse("referrals:draft_detail", args=[draft.key]),
        "instead_of": "" if own in here else own.full_name,
        "nobody_files": not here,
    }
    queue_all(
        message(
            kind=Kind.DRAFT_PURGE_NEAR,
            key=f"{key}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=at,
            person=one,
        )
        for one in here or active_people(Role.COMMISSIONER)
    )
