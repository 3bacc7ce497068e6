"""Audit rows: attributable to a person and a moment, and an auditor's reason lets them look for a while."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from s2s_portal.organisations.actions.audit import REASON_LASTS, give_reason, record
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AccessReason, AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.audit import live_reason_references
from tests.factories.organisations import UserFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as NOW

pytestmark = pytest.mark.django_db
REFERENCE = "EY-7K4M-2Q"


def test_record_keeps_who_what_and_when(at):
    user = UserFactory()
    row = record(kind=AuditKind.READ, what="request page", reference=REFERENCE, by=user)
    kept = AuditEvent.objects.get(pk=row.pk)
    assert (kept.at, kept.user_id, kept.user_email, kept.kind) == (at, user.pk, user.email, AuditKind.READ)
    assert str(kept) == f"{user.email} request page {REFERENCE}"


def test_an_audit_row_cannot_be_changed():
    row = record(kind=AuditKind.READ, what="request page", reference=REFERENCE, by=UserFactory())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=row.pk).update(what="nothing")


def test_give_reason_lasts_thirty_minutes_and_is_recorded():
    auditor = person(Role.AUDITOR)
    given = give_reason(reference=REFERENCE, reason="Subject access 12", by=auditor, real_at=NOW)
    assert given.expires_at == NOW + timedelta(minutes=30)
    assert AuditEvent.objects.get().kind == AuditKind.ACCESS_REASON
    assert AuditEvent.objects.get().reason == "Subject access 12"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(seconds=-1), set()),
        (timedelta(0), {REFERENCE}),
        (REASON_LASTS - timedelta(microseconds=1), {REFERENCE}),
        (REASON_LASTS, set()),
    ],
)
def test_live_reason_references(after, expected):
    auditor = person(Role.AUDITOR)
    give_reason(reference=REFERENCE, reason="Subject access 12", by=auditor, real_at=NOW)
    assert live_reason_references(auditor, NOW + after) == expected
    assert live_reason_references(person(Role.AUDITOR), NOW + after) == set()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_give_reason_is_for_auditors(role):
    with pytest.raises(NotAllowed):
        give_reason(reference=REFERENCE, reason="Curiosity alone", by=person(role), real_at=NOW)
    assert not AccessReason.objects.exists()
    assert not AuditEvent.objects.exists()
