"""R11: who agreed, when, how, held where; and that an agreement was withdrawn."""

from datetime import date, timedelta

import pytest

from referrals.actions import agreements, cohort_schools
from referrals.actions.agreements import WrongAgreement
from referrals.choices import Agreement, AgreementHow, EventKind, Status
from referrals.models import Referral
from referrals.queries.requests import history_of
from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.cohorts import child_answers, ready_cohort, send
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
TODAY = AT.date()
NOT_YET = {
    "agreement": Agreement.NOT_YET,
    "agreement_by": "",
    "agreement_on": None,
    "agreement_how": "",
    "agreement_held": "",
}
TOLD = {"given_by": "Father", "on": date(2024, 11, 25), "how": AgreementHow.BY_EMAIL, "held": "With the SENCo"}


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council):
    return council.people[Role.EARLY_YEARS_ADVISER]


@pytest.fixture
def without(council, adviser):
    """A request that was sent before the parents had agreed."""
    return sent_request(council.setting, by=adviser, **NOT_YET)


def record(referral, *, by, at=AT, **changes):
    return agreements.record(referral=referral, **TOLD | changes, by=by, at=at)


def withdraw(referral, *, by, on=TODAY, note="", at=AT):
    return agreements.withdraw(referral=referral, on=on, note=note, by=by, at=at)


def now(referral):
    return Referral.objects.get(pk=referral.pk)


def kinds(referral):
    return list(referral.events.order_by("seq").values_list("kind", flat=True))


def test_recorded(without, adviser):
    step = record(without, by=adviser)
    assert step.refusal == ""
    row = now(without)
    told = (row.agreement, row.agreement_by, row.agreement_on, row.agreement_how, row.agreement_held)
    assert told == (Agreement.YES, *TOLD.values())
    assert kinds(without)[-1] == EventKind.AGREEMENT_RECORDED
    assert is_asked(job=CHECK_BOOKINGS, subject=str(without.pk))
    assert AuditEvent.objects.filter(what="recorded a parental agreement", reference=without.reference).exists()
    [whole, bare] = (history_of(without, with_notes=notes)[0].text for notes in (True, False))
    assert bare == "A parent or carer agreed on 25 November 2024."
    assert "Who agreed: was nothing, is now “Father”." in whole


def test_the_same_again_writes_nothing(without, adviser):
    record(without, by=adviser)
    before = kinds(without)
    assert record(without, by=adviser).refusal == ""
    assert kinds(without) == before


def test_what_was_recorded_before_stays_in_the_history(council, adviser):
    record(council.early_years, by=adviser)
    text = history_of(council.early_years, with_notes=True)[0].text
    assert "Who agreed: was “Mother”, is now “Father”." in text
    assert "Mother" not in history_of(council.early_years, with_notes=False)[0].text


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"given_by": ""}, "Enter who agreed"),
        ({"on": None}, "Enter the date they agreed"),
        ({"on": TODAY + timedelta(days=1)}, "must be today or in the past"),
        ({"how": ""}, "Select how they agreed"),
        ({"held": ""}, "Enter where the agreement is kept"),
    ],
)
def test_not_in_part_and_not_in_the_future(without, adviser, changes, wrong):
    with pytest.raises(WrongAgreement, match=wrong):
        record(without, by=adviser, **changes)
    assert now(without).agreement == Agreement.NOT_YET


@pytest.mark.parametrize("role", [Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR, Role.S2S_TEACHER])
def test_an_adviser_a_coordinator_or_the_teacher(council, without, role):
    row = support.assigned(without, teacher=council.people[Role.S2S_TEACHER])
    assert record(row, by=council.people[role]).refusal == ""
    assert withdraw(row, by=council.people[role]).refusal == ""


def test_nobody_else(council, without):
    row = support.assigned(without, teacher=support.somebody(Role.S2S_TEACHER))
    others = [council.people[role] for role in (Role.COMMISSIONER, Role.SEND_ADVISER, Role.AUDITOR)]
    for user in (*others, council.far_adviser):
        with pytest.raises(NotAllowed, match="given a parental agreement"):
            record(row, by=user)
        with pytest.raises(NotAllowed, match="relieved of its parental agreement"):
            withdraw(row, by=user)


def test_while_support_is_under_way_but_not_after_the_end(council, adviser):
    row = support.in_status(council.early_years, Status.SUPPORTING)
    assert record(row, by=adviser).refusal == ""
    ended = council.withdrawn
    assert "can no longer be given a parental agreement" in record(ended, by=adviser).refusal
    assert "can no longer be relieved of its parental agreement" in withdraw(ended, by=adviser).refusal


def test_withdrawn(council, adviser):
    step = withdraw(council.early_years, by=adviser, on=TODAY, note="The mother rang.")
    assert step.refusal == ""
    row = now(council.early_years)
    assert (row.agreement, row.agreement_by) == (Agreement.WITHDRAWN, "Mother")
    assert kinds(row)[-1] == EventKind.AGREEMENT_WITHDRAWN
    assert is_asked(job=CHECK_BOOKINGS, subject=str(row.pk))
    assert "The mother rang." in history_of(row, with_notes=True)[0].text
    assert "The mother rang." not in history_of(row, with_notes=False)[0].text
    assert withdraw(row, by=adviser).refusal == ""
    assert kinds(row).count(EventKind.AGREEMENT_WITHDRAWN) == 1


def test_given_again_after_it_was_withdrawn(council, adviser):
    withdraw(council.early_years, by=adviser)
    record(council.early_years, by=adviser)
    assert now(council.early_years).agreement == Agreement.YES


def test_what_was_never_given_is_not_withdrawn(without, adviser):
    assert withdraw(without, by=adviser).refusal == (
        "No parental agreement is recorded for this request, so none can be withdrawn."
    )
    assert now(without).agreement == Agreement.NOT_YET


@pytest.mark.parametrize(
    ("on", "wrong"),
    [
        (None, "Enter the date they withdrew it"),
        (TODAY + timedelta(days=1), "today or in the past"),
        (date(2024, 11, 20), "on or after the date they agreed"),
    ],
)
def test_the_day_of_a_withdrawal(council, adviser, on, wrong):
    with pytest.raises(WrongAgreement, match=wrong):
        withdraw(council.early_years, by=adviser, on=on)
    assert now(council.early_years).agreement == Agreement.YES


def test_children_named_in_a_cohort_keep_their_own(council):
    by = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=by, names_reason="S2S has to know one of them.")
    [line] = cohort.schools.all()
    from_cohort(cohort, line, by)
    [request] = cohort.requests.all()
    before = list(line.named_children.values())
    record(request, by=by)
    withdraw(request, by=by)
    assert list(line.named_children.values()) == before


def from_cohort(cohort, line, by):
    """Name a child at one school and send the cohort."""
    cohort_schools.name_child(school=line, answers=child_answers(), by=by, at=AT)
    assert send(cohort, by=by).sent
