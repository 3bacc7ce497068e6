"""What the school's or setting's contact says of a record of visit, once, by the link of its message."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from referrals.actions import history, telling_setting
from referrals.actions.steps import NOT_YOURS, Step, locked
from referrals.documents import RecordAnsweredFacts
from referrals.models import RecordConfirmation, Referral, VisitRecord
from referrals.queries import setting
from referrals.queries.records import number_of
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import SignedLink

GONE = "S2S has taken this record back. If another one takes its place, you get a new message about it."
ANSWERED = "This record has been answered already. It is answered once."


@transaction.atomic
def answer(*, link: SignedLink, view: str, at: datetime) -> Step:
    """Confirm the record that `link` opens (`view` is blank) or add the school's or setting's view of it.

    A second answer, one by a link that was taken back meanwhile and one by a former contact change nothing.
    """
    referral = locked(setting.request_behind(link))
    record = setting.record_for(link)
    refusal = _refusal(link, referral, record)
    if refusal or record is None or not links.use(link, at=at):
        return Step(referral, refusal or ANSWERED)
    by = setting.newest(referral)
    RecordConfirmation.objects.create(
        record=record, view=view, contact_name=by.contact_name, contact_email=by.contact_email, at=at
    )
    facts = RecordAnsweredFacts(record=record.reference, confirmed=not view, contact=by.contact_name)
    history.append(referral=referral, facts=facts, by=ensure_system_user(), at=at)
    _tell(record, referral, confirmed=not view, at=at)
    what = "added a view to a record of visit" if view else "confirmed a record of visit"
    links.record_access(kind=AuditKind.WRITE, what=what, reference=referral.reference, email=by.contact_email)
    return Step(referral)


def _refusal(link: SignedLink, referral: Referral, record: VisitRecord | None) -> str:
    if record is None:
        return GONE
    if not setting.is_contact(link, referral):
        return NOT_YOURS
    return ANSWERED if hasattr(record, "confirmation") else ""


def _tell(record: VisitRecord, referral: Referral, *, confirmed: bool, at: datetime) -> None:
    did = "confirmed" if confirmed else "added their view to"
    telling_setting.answered(
        referral=referral,
        key=f"record-answered:{record.reference}",
        sentence=f"The school or setting {did} record {record.reference}.",
        at=at,
        address=reverse("referrals:record_detail", args=[referral.reference, number_of(record)]),
    )
