"""A setting that was added by hand is merged into a register's: everything filed for it follows, or nothing does."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError

from referrals.actions import correcting, drafts, held, merging, requests, withdrawing
from referrals.choices import EventKind, Section, Status, WithdrawReason
from referrals.models import CohortFileRow, CohortSchool, DraftReferral, Referral
from referrals.permissions import visible_drafts
from referrals.queries.by_hand import Following, following, near, targets
from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import CHECK_BOOKINGS, EstablishmentStatus, ReferenceKind, Role
from s2s_portal.organisations.models import (
    AuditEvent,
    Closure,
    ContactPerson,
    Establishment,
    JourneyTime,
    ReferenceChange,
)
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.establishments import matching, search
from tests.factories import support
from tests.factories.calendar import ClosureFactory
from tests.factories.cohorts import ready_cohort, send
from tests.factories.organisations import (
    ContactPersonFactory,
    EstablishmentFactory,
    EstablishmentKindFactory,
    ZoneFactory,
    person,
)
from tests.factories.referrals import filled_draft, sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council):
    return council.people[Role.EARLY_YEARS_ADVISER]


@pytest.fixture
def local(council):
    return EstablishmentFactory(by_hand=True, name="Reed Lane Nursery", zone=council.zone)


@pytest.fixture
def target():
    return EstablishmentFactory(name="Reed Lane Day Nursery", zone=ZoneFactory(name="Quay"))


@pytest.fixture
def merge(council):
    def merge(setting, into, *, key=None, by=council.people[Role.ADMINISTRATOR]):
        return merging.merge_setting(
            setting=setting, into=into, reason="The same door.", key=key or uuid.uuid4(), by=by, at=AT
        )

    return merge


def now(row):
    return type(row).objects.get(pk=row.pk)


def test_requests_follow_and_keep_what_they_were_sent_with(council, adviser, local, target, merge):
    visited, withdrawn = sent_request(local, by=adviser), sent_request(local, by=adviser)
    support.booked(visited)
    Referral.objects.filter(pk=withdrawn.pk).update(remind_at=None)
    was = now(visited)
    merge(local, target)
    is_now = now(visited)
    assert (is_now.establishment, is_now.edition) == (target, was.edition + 1)
    kept = ("stream", "zone_id", "place_id", "fee_pence", "status", "submitted_at", "teacher_id")
    assert all(getattr(is_now, name) == getattr(was, name) for name in kept)
    event = is_now.events.latest("seq")
    assert (event.kind, event.establishment, event.zone) == (EventKind.CORRECTED, target, council.zone)
    assert event.facts["was"] == {
        "establishment_id": f"Reed Lane Nursery, Market Staithe, NR29 9ZZ (added by hand, {local.urn})"
    }
    assert event.facts["note"] == "The same door."
    assert is_now.events.order_by("seq").first().establishment == local
    assert is_now.remind_at == AT
    assert is_asked(job=CHECK_BOOKINGS, subject=str(visited.pk))
    assert not is_asked(job=CHECK_BOOKINGS, subject=str(withdrawn.pk))
    assert now(withdrawn).establishment == target
    assert AuditEvent.objects.filter(what=merging.WROTE, reference=visited.reference).count() == 1


def test_drafts_follow_and_have_to_be_checked_again(council, adviser, local, target, merge):
    draft = filled_draft(local, by=adviser, at=AT)
    target.zone = council.zone
    target.save()
    merge(local, target)
    assert now(draft).establishment == target
    with pytest.raises(requests.ChangedSinceChecked):
        requests.submit(key=draft.key, by=adviser, at=AT, checked=str(draft.edition))
    told = {"section": Section.SETTING, "answers": {"establishment_id": council.setting.pk}, "version": 1}
    assert isinstance(drafts.save_section(draft=draft, **told, by=adviser, at=AT), drafts.Conflict)
    sent = requests.submit(key=draft.key, by=adviser, at=AT, checked=str(now(draft).edition)).referral
    assert sent.establishment == target


def test_a_draft_goes_to_the_advisers_of_the_registers_zone(council, adviser, local, target, merge):
    filled_draft(local, by=adviser, at=AT)
    merge(local, target)
    theirs = person(Role.EARLY_YEARS_ADVISER, zones=[target.zone])
    assert DraftReferral.objects.filter(visible_drafts(theirs)).count() == 1


def test_cohorts_follow(council, merge):
    by = council.people[Role.SEND_ADVISER]
    local = EstablishmentFactory(school=True, by_hand=True, urn="L-7", zone=council.zone)
    target = EstablishmentFactory(school=True, zone=council.zone)
    cohort, sent = ready_cohort([local], by=by), ready_cohort([local, target], by=by)
    send(sent, by=by)
    row = CohortFileRow.objects.create(cohort=cohort, line=1, facts={}, picked=local, uploaded_by=by, uploaded_at=AT)
    edition = now(cohort).edition
    merge(local, target)
    assert not CohortSchool.objects.filter(establishment=local).exists()
    assert now(cohort).edition == edition + 1
    assert now(row).picked == target
    attempts = CohortSchool.objects.filter(cohort=sent, establishment=target).order_by("attempt")
    assert list(attempts.values_list("attempt", flat=True)) == [1, 2]


def test_a_cohort_with_both_before_it_is_sent_stays_as_it_is(council, merge):
    by = council.people[Role.SEND_ADVISER]
    local = EstablishmentFactory(school=True, by_hand=True, urn="L-7", zone=council.zone)
    target = EstablishmentFactory(school=True, zone=council.zone)
    cohort = ready_cohort([local, target], by=by)
    with pytest.raises(CannotChange, match=f"Cohort {cohort.reference} has both"):
        merge(local, target)
    assert CohortSchool.objects.filter(establishment=local).count() == 1
    assert now(local).is_open


def test_what_else_hangs_on_it_follows_and_what_the_target_has_stays(local, target, merge):
    ContactPersonFactory(establishment=local, email="Same@setting.invalid", name="Old")
    ContactPersonFactory(establishment=local, email="new@setting.invalid")
    ContactPersonFactory(establishment=target, email="same@setting.invalid", name="Theirs")
    ClosureFactory(establishment=local, starts_on=date(2024, 12, 2), ends_on=date(2024, 12, 2), note="Old")
    ClosureFactory(establishment=local, starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 9))
    ClosureFactory(establishment=target, starts_on=date(2024, 12, 2), ends_on=date(2024, 12, 2), note="Theirs")
    school, other = EstablishmentFactory(school=True), EstablishmentFactory(school=True)
    by = person(Role.S2S_COORDINATOR)
    for one, two, minutes in ((local, school, 20), (local, target, 5), (local, other, 30), (target, other, 40)):
        first, second = sorted((one, two), key=lambda place: place.pk)
        JourneyTime.objects.create(first=first, second=second, minutes=minutes, set_by=by, set_at=AT)
    merge(local, target)
    both = ContactPerson.objects.filter(establishment__in=(local, target))
    contacts = both.order_by("email").values_list("establishment", "email", "name")
    assert [(one, mail) for one, mail, _ in contacts] == [
        (target.pk, "new@setting.invalid"),
        (target.pk, "same@setting.invalid"),
    ]
    assert contacts[1][2] == "Theirs"
    assert list(Closure.objects.order_by("starts_on").values_list("establishment", "note")) == [
        (target.pk, "Theirs"),
        (target.pk, ""),
    ]
    journeys = {frozenset((one.first, one.second)): one.minutes for one in JourneyTime.objects.all()}
    assert journeys == {frozenset((target, school)): 20, frozenset((target, other)): 40}


def test_the_local_one_is_closed_and_says_what_it_is(adviser, local, target, merge):
    key = uuid.uuid4()
    change = merge(local, target, key=key)
    assert merge(local, target, key=key) == change
    local = now(local)
    assert (local.status, local.merged_into) == (EstablishmentStatus.CLOSED, target)
    assert search(text="Reed Lane Nursery", include_closed=True) == [target]
    with pytest.raises(drafts.CannotChoose, match="closed"):
        drafts.start(
            establishment=EstablishmentFactory.build(pk=local.pk, source="LOCAL", kind=local.kind), by=adviser, at=AT
        )
    assert (change.kind, change.subject, change.was) == (ReferenceKind.ESTABLISHMENT, "Reed Lane Nursery", local.urn)
    assert ReferenceChange.objects.filter(kind=ReferenceKind.ESTABLISHMENT).count() == 1


def test_a_zone_is_kept_or_given(council, local, target, merge):
    target.zone = None
    target.save()
    merge(local, target)
    assert now(target).zone == council.zone


def test_there_are_no_chains(council, local, target, merge):
    other = EstablishmentFactory(by_hand=True)
    merge(other, local)
    merge(local, target)
    assert {now(other).merged_into, now(local).merged_into} == {target}


def test_what_cannot_be_merged(council, local, target, merge):
    closed = EstablishmentFactory(closed=True)
    school = EstablishmentFactory(school=True)
    for setting, into, why in (
        (target, local, "Only a setting that was added by hand"),
        (local, local, "into itself"),
        (local, closed, "is not open"),
        (local, school, "wrong stream is withdrawn"),
    ):
        with pytest.raises(CannotChange, match=why):
            merge(setting, into)
    merge(local, target)
    with pytest.raises(CannotChange, match="into Reed Lane Day Nursery already"):
        merge(local, council.setting)


def test_a_kind_that_means_another_stream_meanwhile_takes_no_open_request_with_it(council, adviser, local, merge):
    """Both are mainstream by now, and an early years request would stay one at a school."""
    request, school = sent_request(local, by=adviser), EstablishmentFactory(school=True, zone=council.zone)
    Establishment.objects.filter(pk=local.pk).update(kind=school.kind)
    with pytest.raises(CannotChange, match="^1 request that has not ended uses other places than"):
        merge(local, school)
    withdrawing.withdraw(referral=request, reason=WithdrawReason.OTHER, note="A nursery.", by=adviser, at=AT)
    merge(local, school)
    assert now(request).establishment == school


def test_where_neither_has_requests_any_more_those_that_there_are_follow(council, adviser, local, merge):
    request, kind = sent_request(local, by=adviser), EstablishmentKindFactory(name="Ended", eligibility="NOT_ELIGIBLE")
    target = EstablishmentFactory(zone=council.zone, kind=kind)
    Establishment.objects.filter(pk=local.pk).update(kind=kind)
    merge(local, target)
    assert now(request).establishment == target


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else(council, local, target, merge, role):
    with pytest.raises(NotAllowed):
        merge(local, target, by=council.people[role])


def test_all_of_it_or_nothing(adviser, local, target, merge):
    """The history's row, the last of all, is refused by the database: everything before it is taken back."""
    request, draft = sent_request(local, by=adviser), filled_draft(local, by=adviser, at=AT)
    key = uuid.uuid4()
    with pytest.raises((IntegrityError, ValueError)):
        merging.merge_setting(setting=local, into=target, reason=None, key=key, by=person(Role.ADMINISTRATOR), at=AT)
    assert now(request).establishment == now(draft).establishment == local
    assert now(local).is_open


def test_what_was_filed_while_it_waited_for_the_settings_refuses_it(adviser, local, target, merge):
    """Nothing is left behind on a setting that is closed: whoever merges looks again, and is told to."""
    request = sent_request(local, by=adviser)
    with (
        meanwhile(f'FROM "{Establishment._meta.db_table}"', lambda: filled_draft(local, by=adviser, at=AT)),
        pytest.raises(CannotChange, match=held.BUSY),
    ):
        merge(local, target)
    assert now(request).establishment == local
    assert now(local).is_open
    merge(local, target)  # what was filed went with the transaction it was filed in: nobody is in the way now
    assert now(request).establishment == target


def test_a_correction_to_one_that_is_merged_is_refused(council, adviser, local, target, merge):
    merge(local, target)
    told = {"section": Section.SETTING, "answers": {"establishment_id": local.pk}, "edition": 1, "reason": "Wrong one."}
    with pytest.raises(correcting.CannotCorrect, match="closed"):
        correcting.correct(referral=council.early_years, **told, by=adviser, at=AT)


def test_what_follows_is_counted(adviser, local, django_assert_num_queries):
    assert following(local) == Following()
    for _ in range(2):
        request = sent_request(local, by=adviser)
    support.booked(request)
    filled_draft(local, by=adviser, at=AT)
    contacts = ContactPerson.objects.filter(establishment=local).count()
    with django_assert_num_queries(6):
        what = following(local)
    assert what == Following(requests=2, open_requests=2, visits=1, drafts=1, contacts=contacts)
    assert Referral.objects.filter(establishment=local, status=Status.BOOKED).count() == 1


def test_what_may_be_meant(council, local, django_assert_num_queries):
    Establishment.objects.exclude(pk=local.pk).update(postcode="NR1 1AA")
    alike_there = EstablishmentFactory(name="Nursery, Reed Lane", postcode="NR29 9ZZ")
    alike = EstablishmentFactory(name="Reed Lane Day Nursery", postcode="NR30 1AA")
    there = EstablishmentFactory(name="Puddles", postcode="NR29 9ZZ")
    school = EstablishmentFactory(school=True, name="Reed Lane Nursery School", postcode="NR29 3AA")
    EstablishmentFactory(name="Reed Lane Nursery", postcode="NR29 9ZZ", closed=True)
    EstablishmentFactory(school=True, name="Staithe Primary School", postcode="NR29 9ZZ")
    asked = {"name": "Reed Lane Nursery", "postcode": "NR29 9ZZ", "stream": "EARLY_YEARS"}
    with django_assert_num_queries(1):
        found = near(**asked, besides=local)
    assert found == [alike_there, alike, school, there]
    assert targets(matching("NR29"), local) == [alike_there, there]
    assert set(targets(matching("Reed Lane"), local)) == {alike_there, alike}


def test_a_key_that_merged_another_is_refused(merge, council, local, target):
    key, other = uuid.uuid4(), EstablishmentFactory(by_hand=True, name="Quay Nursery", zone=council.zone)
    done = merge(local, target, key=key)
    assert merge(local, target, key=key) == done
    for setting, into in ((other, target), (local, EstablishmentFactory(zone=council.zone))):
        with pytest.raises(NotAllowed, match="used for something else"):
            merge(setting, into, key=key)
    assert now(other).merged_into is None
