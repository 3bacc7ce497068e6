"""What hangs on a setting that was added by hand, held still while somebody changes what or where it is.

Lock order: cohorts, requests, drafts, then the setting. Whoever chooses a setting that was added by hand locks it too
(`by_hand.standing`), so that nothing can be filed for it meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from referrals.choices import Section
from referrals.models import Cohort, DraftReferral, DraftSection, Referral
from referrals.models.referrals import NOT_ENDED
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import Establishment, EstablishmentKind, User

BUSY = "Somebody is filing for it at this moment. Nothing has been changed: try again"


@dataclass(frozen=True)
class Held:
    """What hangs on a setting, by primary keys."""

    cohorts: list[int]
    requests: list[int]
    drafts: list[int]


def locked(setting: Establishment) -> Held:
    """What hangs on `setting`, locked; inside a transaction, before the setting is."""
    held = _found(setting)
    for model, pks in ((Cohort, held.cohorts), (Referral, held.requests), (DraftReferral, held.drafts)):
        list(model.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").only("pk"))
    return held


def check_still(held: Held, setting: Establishment) -> None:
    """Once the setting is locked too: raise `CannotChange` if anything was filed for it before that."""
    if _found(setting) != held:
        raise CannotChange(BUSY)


def _found(setting: Establishment) -> Held:
    cohorts = Cohort.objects.filter(schools__establishment=setting).order_by("pk").distinct()
    requests = Referral.objects.filter(establishment=setting).order_by("pk")
    drafts = DraftReferral.objects.filter(establishment=setting).order_by("pk")
    return Held(*(list(rows.values_list("pk", flat=True)) for rows in (cohorts, requests, drafts)))


def check_streams(setting: Establishment, kind: EstablishmentKind, *, field: str = "") -> None:
    """Raise `CannotChange` if a request for `setting` that has not ended uses other places than `kind` does."""
    stream = kind.stream
    if stream is None:
        return
    others = Referral.objects.filter(establishment=setting, status__in=NOT_ENDED).exclude(stream=stream).count()
    if others:
        have = "request that has not ended uses" if others == 1 else "requests that have not ended use"
        raise CannotChange(
            f"{others:,} {have} other places than {kind.name}, which is {stream.label}. A request of the wrong stream "
            "is withdrawn first and sent again afterwards; any other has to end first",
            field,
        )


def let_be_checked_again(held: Held, *, by: User, at: datetime) -> None:
    """Whoever has checked one of these drafts or cohorts has to look again before it is sent.

    To a draft's setting section it is as if somebody had chosen another setting.
    """
    Cohort.objects.filter(pk__in=held.cohorts).update(edition=F("edition") + 1)
    DraftReferral.objects.filter(pk__in=held.drafts).update(edition=F("edition") + 1)
    sections = DraftSection.objects.filter(draft__in=held.drafts, section=Section.SETTING)
    sections.update(version=F("version") + 1, saved_by=by, saved_at=at)


def record(held: Held, *, what: str, by: User) -> None:
    """Write into the audit that `what` was done to each of these."""
    references = [
        *Cohort.objects.filter(pk__in=held.cohorts).order_by("pk").values_list("reference", flat=True),
        *Referral.objects.filter(pk__in=held.requests).order_by("pk").values_list("reference", flat=True),
        *(draft.audit_reference for draft in DraftReferral.objects.filter(pk__in=held.drafts).order_by("pk")),
    ]
    audit.record_all(kind=AuditKind.WRITE, lines=[(what, reference) for reference in references], by=by)
