"""What was added by hand is corrected while drafts, cohorts and requests hang on it: nothing unchecked is sent."""

import uuid
from dataclasses import replace

import pytest

from referrals.actions import cohort_sending, correcting_settings, drafts, held, requests, withdrawing
from referrals.choices import Plan, Section, WithdrawReason
from referrals.models import CohortSchool, Referral
from s2s_portal.organisations.actions.by_hand import NewSetting
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent, Establishment, ReferenceChange
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.by_hand import seen_as
from tests.factories.cohorts import planned, ready_cohort
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory
from tests.factories.referrals import filled_draft, sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
COLUMNS = ("name", "kind", "zone", "street", "locality", "town", "postcode", "telephone")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council):
    return council.people[Role.EARLY_YEARS_ADVISER]


@pytest.fixture
def local(council):
    return EstablishmentFactory(by_hand=True, name="Reed Lane Nursery", zone=council.zone, postcode="NR1 2DH")


@pytest.fixture
def correct(council):
    def correct(setting, *, key=None, seen=None, by=council.people[Role.ADMINISTRATOR], **changes):
        told = replace(NewSetting(**{name: getattr(setting, name) for name in COLUMNS}), **changes)
        given = {"seen": seen or seen_as(now(setting)), "reason": "A slip.", "key": key or uuid.uuid4()}
        return correcting_settings.correct_setting(setting=setting, told=told, **given, by=by, at=AT)

    return correct


def now(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("changes", [{"name": "Quite Another Nursery"}, {"postcode": "NR2 4AA"}, {"telephone": "1"}])
def test_a_draft_that_was_checked_is_checked_again(adviser, local, correct, changes):
    draft = filled_draft(local, by=adviser, at=AT)
    correct(local, **changes)
    with pytest.raises(requests.ChangedSinceChecked):
        requests.submit(key=draft.key, by=adviser, at=AT, checked=str(draft.edition))
    told = {"section": Section.SETTING, "answers": {"establishment_id": local.pk}, "version": 1}
    assert isinstance(drafts.save_section(draft=draft, **told, by=adviser, at=AT), drafts.Conflict)
    sent = requests.submit(key=draft.key, by=adviser, at=AT, checked=str(now(draft).edition)).referral
    assert sent.establishment == local
    assert AuditEvent.objects.filter(what=correcting_settings.WROTE, reference=draft.audit_reference).count() == 1


def test_a_cohort_that_was_checked_is_checked_again(council, correct):
    by = council.people[Role.SEND_ADVISER]
    local = EstablishmentFactory(school=True, by_hand=True, urn="L-7", zone=council.zone)
    cohort = ready_cohort([local, EstablishmentFactory(school=True, zone=council.zone)], by=by)
    cohort = planned(cohort, Plan.NOW, Plan.NOW, by=by)
    correct(local, zone=ZoneFactory(name="Quay"))
    outcome = cohort_sending.send(cohort=cohort, checked=cohort.edition, by=by, at=AT)
    assert outcome.changed.startswith("Somebody has changed this cohort")
    assert not CohortSchool.objects.exclude(sent_edition=None).exists()
    assert now(cohort).edition == cohort.edition + 1
    assert AuditEvent.objects.filter(what=correcting_settings.WROTE, reference=cohort.reference).count() == 1


def test_pressed_twice_is_once(adviser, local, correct):
    draft, key, seen = filled_draft(local, by=adviser, at=AT), uuid.uuid4(), seen_as(local)
    first = correct(local, key=key, seen=seen, name="Reed Lane")
    assert correct(local, key=key, seen=seen, name="Reed Lane") == first
    assert now(draft).edition == draft.edition + 1


def test_requests_stay_as_they_were_sent(adviser, local, correct):
    request = sent_request(local, by=adviser)
    before = Referral.objects.filter(pk=request.pk).values().get()
    correct(local, name="Reed Lane", zone=ZoneFactory(name="Quay"))
    assert Referral.objects.filter(pk=request.pk).values().get() == before
    assert request.events.count() == 1


def test_another_stream_only_once_its_requests_have_ended(adviser, local, correct):
    school = EstablishmentKindFactory(school=True)
    one, other = (sent_request(local, by=adviser) for _ in range(2))
    with pytest.raises(CannotChange, match="^2 requests that have not ended use other places than") as why:
        correct(local, kind=school)
    assert why.value.field == "kind"
    assert (now(local).kind, ReferenceChange.objects.count()) == (local.kind, 0)
    withdrawing.withdraw(referral=one, reason=WithdrawReason.OTHER, note="A school.", by=adviser, at=AT)
    with pytest.raises(CannotChange, match="^1 request that has not ended uses"):
        correct(local, kind=school)
    correct(local, name="Reed Lane")  # the rest may be corrected all the while
    local.refresh_from_db()
    withdrawing.withdraw(referral=other, reason=WithdrawReason.OTHER, note="A school.", by=adviser, at=AT)
    correct(local, kind=school)
    assert now(local).kind == school


def test_what_was_filed_while_it_waited_for_the_setting_refuses_it(adviser, local, correct):
    """Nothing is corrected that was not held: whoever corrects looks again, and is told to."""
    seen = seen_as(local)
    with (
        meanwhile(f'FROM "{Establishment._meta.db_table}"', lambda: filled_draft(local, by=adviser, at=AT)),
        pytest.raises(CannotChange, match=held.BUSY),
    ):
        correct(local, seen=seen, name="Reed Lane")
    assert now(local).name == "Reed Lane Nursery"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else(council, adviser, local, correct, role):
    with pytest.raises(NotAllowed):
        correct(local, by=council.people[role], name="Reed Lane")
    assert now(local).name == "Reed Lane Nursery"
