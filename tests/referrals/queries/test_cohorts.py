"""Who sees which cohort and which of its schools, what each line knows, and that three take no more queries."""

from datetime import timedelta

import pytest

from quotas.actions import levers
from quotas.models import Period
from referrals.actions import waiting, withdrawing
from referrals.choices import Plan, Priority, Status, WithdrawReason
from referrals.models import Cohort, CohortSchool, IndesSection, NeedType, Referral
from referrals.permissions import Asking
from referrals.queries import cohorts
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import EstablishmentStatus, Role, Stream
from tests.factories.cohorts import described_cohort, planned, ready_cohort, school_answers, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import DATES, commissioner, period_with_places, quota_of
from tests.factories.referrals import load_codes, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def far_zone():
    return ZoneFactory(name="Saltings")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Alder Adviser")


@pytest.fixture
def both(zone, far_zone):
    return person(Role.SEND_ADVISER, zones=[zone, far_zone], full_name="Bryony Both")


@pytest.fixture
def period():
    return period_with_places(mainstream=4)


@pytest.fixture
def schools(zone):
    return [EstablishmentFactory(school=True, zone=zone, name=f"School {letter}") for letter in "ABC"]


@pytest.fixture
def far_school(far_zone):
    return EstablishmentFactory(school=True, zone=far_zone, name="Far School")


def lines(cohort, user, at=AT):
    fresh = cohorts.find(user, cohort.reference)
    return cohorts.lines_of(fresh, Asking(user), at) if fresh else None


def names(found):
    return [line.school.establishment.name for line in found]


class TestWhoSees:
    @pytest.mark.parametrize("role", Role)
    def test_one_that_was_not_sent_only_advisers_of_its_zones(self, role, zone, adviser):
        cohort = described_cohort(by=adviser)
        who = person(role, zones=[zone])
        assert (cohorts.find(who, cohort.reference) is not None) == (role == Role.SEND_ADVISER)
        assert (cohort in cohorts.listed(who)) == (role == Role.SEND_ADVISER)

    @pytest.mark.parametrize("role", Role)
    def test_one_that_was_sent_the_co_ordinator_too(self, role, zone, adviser, period, schools):
        cohort = ready_cohort(schools[:1], by=adviser)
        send(cohort, by=adviser)
        found = cohorts.find(person(role, zones=[zone]), cohort.reference)
        assert (found is not None) == (role in (Role.SEND_ADVISER, Role.S2S_COORDINATOR))

    def test_one_that_only_waits_the_co_ordinator_sees_once_a_request_has_a_place(self, adviser, schools):
        """What was written about its children is S2S's to read once a request has reached S2S, as on its own page."""
        quota = quota_of(period_with_places(mainstream=0), Stream.MAINSTREAM)
        cohort = planned(ready_cohort(schools[:2], by=adviser), Plan.WAIT, Plan.WAIT, by=adviser)
        requests = send(cohort, by=adviser).waiting
        co_ordinator = person(Role.S2S_COORDINATOR)
        assert cohorts.find(adviser, cohort.reference) is not None
        assert cohorts.find(co_ordinator, cohort.reference) is None
        levers.adjust(quota=quota, places=1, reason="One more", by=commissioner(), at=AT)
        waiting.fill(quota=quota, by=ensure_system_user(), at=AT)
        assert cohorts.find(co_ordinator, cohort.reference) is not None
        requests[0].refresh_from_db()
        mistake = WithdrawReason.SENT_BY_MISTAKE
        withdrawing.withdraw(referral=requests[0], reason=mistake, note="", by=adviser, at=AT)
        assert cohorts.find(co_ordinator, cohort.reference) is not None

    def test_another_zone_sees_nothing(self, adviser, far_zone):
        cohort = described_cohort(by=adviser)
        assert cohorts.find(person(Role.SEND_ADVISER, zones=[far_zone]), cohort.reference) is None

    def test_schools_of_other_zones_are_counted_and_not_shown(self, both, adviser, schools, far_school, period):
        cohort = ready_cohort([schools[0], far_school], by=both)
        assert names(lines(cohort, both)) == ["School A", "Far School"]
        assert names(lines(cohort, adviser)) == ["School A"]
        assert cohorts.find(adviser, cohort.reference).school_count == 2
        planned(cohort, Plan.NOW, Plan.NOW, by=both)
        send(cohort, by=both)
        assert names(lines(cohort, adviser)) == ["School A"]
        assert names(lines(cohort, person(Role.S2S_COORDINATOR))) == ["School A", "Far School"]

    def test_the_co_ordinator_sees_no_school_without_a_request(self, adviser, schools, period):
        cohort = ready_cohort(schools, by=adviser)
        planned(cohort, Plan.NOW, Plan.NOT_YET, Plan.NOT_YET, by=adviser)
        send(cohort, by=adviser)
        assert names(lines(cohort, person(Role.S2S_COORDINATOR))) == ["School A"]

    def test_one_school_by_its_key(self, both, adviser, schools, far_school):
        cohort = ready_cohort([schools[0], far_school], by=both)
        near, far = cohort.schools.order_by("position")
        assert cohorts.line_of(cohort, near.key, Asking(adviser), AT).key == str(near.key)
        assert cohorts.line_of(cohort, far.key, Asking(adviser), AT) is None
        assert cohorts.has_school(cohort, far.key)
        assert not cohorts.has_school(described_cohort(by=adviser), far.key)


class TestLines:
    def test_each_school_has_its_request_or_what_keeps_it(self, adviser, schools, period):
        cohort = ready_cohort(schools, by=adviser)
        planned(cohort, Plan.NOW, Plan.NOT_YET, Plan.NOT_YET, by=adviser)
        send(cohort, by=adviser)
        CohortSchool.objects.filter(establishment=schools[2]).update(contact_email="")
        sent, ready, unready = lines(cohort, adviser)
        assert (sent.request.status, sent.problems) == (Status.SUBMITTED, [])
        assert (ready.request, ready.problems) == (None, [])
        assert [problem.field for problem in unready.problems] == ["contact_email"]

    def test_what_the_register_says_today_counts(self, adviser, schools):
        cohort = ready_cohort(schools[:1], by=adviser)
        schools[0].status = EstablishmentStatus.CLOSED
        schools[0].save()
        [line] = lines(cohort, adviser)
        assert [problem.field for problem in line.problems] == ["establishment_id"]

    def test_where_each_waits(self, adviser, schools, period):
        cohort = ready_cohort(schools, by=adviser)
        for quota_taken in range(4):
            sent_request(schools[quota_taken % 3], by=adviser)
        planned(cohort, Plan.WAIT, Plan.WAIT, Plan.NOT_YET, by=adviser)
        send(cohort, by=adviser)
        assert [line.ahead for line in lines(cohort, adviser)] == [0, 1, None]

    def test_other_requests_of_this_period_and_how_many_of_earlier_ones(self, adviser, schools, period):
        one = sent_request(schools[0], by=adviser)
        gone = sent_request(schools[0], by=adviser)
        withdrawing.withdraw(referral=gone, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
        before = sent_request(schools[0], by=adviser)
        dates = {name: day - timedelta(days=365) for name, day in DATES.items()}
        earlier = period_with_places(**dates)
        Referral.objects.filter(pk=before.pk).update(period=earlier)
        cohort = ready_cohort(schools[:2], by=adviser)
        asked, fresh = lines(cohort, adviser)
        assert ([each.reference for each in asked.others], asked.earlier) == ([one.reference], 1)
        assert (fresh.others, fresh.earlier) == ([], 0)
        assert Period.objects.count() == 2

    def test_its_own_request_is_no_other(self, adviser, schools, period):
        cohort = ready_cohort(schools[:1], by=adviser)
        send(cohort, by=adviser)
        [line] = lines(cohort, adviser)
        assert (line.request is not None, line.others, line.earlier) == (True, [], 0)

    def test_nor_is_it_once_its_period_is_over(self, adviser, schools, period):
        cohort = ready_cohort(schools[:1], by=adviser)
        send(cohort, by=adviser)
        dates = {name: day - timedelta(days=365) for name, day in DATES.items()}
        Referral.objects.update(period=period_with_places(**dates))
        [line] = lines(cohort, adviser)
        assert (line.request is not None, line.others, line.earlier) == (True, [], 0)

    def test_requests_one_may_not_see_are_not_told(self, adviser, zone, schools, period):
        sent_request(schools[0], by=adviser)
        Referral.objects.update(zone=ZoneFactory(name="Where it was then"))
        cohort = ready_cohort(schools[:1], by=adviser)
        [line] = lines(cohort, adviser)
        assert line.others == []
        dates = {name: day - timedelta(days=365) for name, day in DATES.items()}
        Referral.objects.update(period=period_with_places(**dates))
        [line] = lines(cohort, adviser)
        assert line.earlier == 0

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries(self, adviser, zone, period, django_assert_num_queries, count):
        some = [EstablishmentFactory(school=True, zone=zone) for _ in range(count)]
        for school in some:
            sent_request(school, by=adviser)
        cohort = ready_cohort(some, by=adviser)
        planned(cohort, *[Plan.NOT_YET] * (count - 1), Plan.NOW, by=adviser)
        send(cohort, by=adviser)
        asking = Asking(person(Role.SEND_ADVISER, zones=[zone]))
        cohort = cohorts.find(asking.user, cohort.reference)
        with django_assert_num_queries(3):  # schools, requests, period
            for line in cohorts.lines_of(cohort, asking, AT):
                assert line.school.establishment.display_name
                assert [str(one.submitted_by) for one in line.others]

    def test_as_the_rules_weigh_it(self, adviser, schools):
        [line] = lines(ready_cohort(schools[:1], by=adviser), adviser)
        one = line.candidate
        assert (one.key, one.priority, one.position, one.plan) == (line.key, Priority.MEDIUM, 1, Plan.NOW)

    def test_before_any_places_were_bought(self, adviser, schools):
        [line] = lines(ready_cohort(schools[:1], by=adviser), adviser)
        assert (line.others, line.earlier, line.problems) == ([], 0, [])


class TestList:
    def test_the_newest_change_first_with_how_many(self, adviser, schools, period):
        described_cohort(by=adviser, title="Older", at=AT - timedelta(days=1))
        cohort = ready_cohort(schools, by=adviser)
        planned(cohort, Plan.NOW, Plan.NOW, Plan.NOT_YET, by=adviser)
        send(cohort, by=adviser)
        assert [(one.title, one.school_count, one.request_count) for one in cohorts.listed(adviser)] == [
            ("Language groups in Years 1 and 2", 3, 2),
            ("Older", 0, 0),
        ]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries(self, adviser, zone, django_assert_num_queries, count):
        for number in range(count):
            described_cohort(by=adviser, title=f"Cohort {number}")
        who = person(Role.SEND_ADVISER, zones=[zone])
        list(cohorts.listed(who))
        with django_assert_num_queries(2):  # cohorts, their zones
            for one in cohorts.listed(who):
                assert [str(zone) for zone in one.zones.all()]
                assert one.started_by.full_name


class TestDescription:
    def test_complete_as_the_pages_leave_it(self, adviser):
        cohort = described_cohort(by=adviser)
        assert cohorts.description_problems(cohorts.find(adviser, cohort.reference), AT.date()) == []

    def test_codes_that_have_run_out(self, adviser):
        cohort = described_cohort(by=adviser)
        IndesSection.objects.update(valid_to=AT.date() - timedelta(days=1))
        problems = cohorts.description_problems(cohorts.find(adviser, cohort.reference), AT.date())
        assert [problem.field for problem in problems] == ["indes_section_id"]

    def test_a_new_one_lacks_much(self, adviser, zone):
        cohort = Cohort.objects.create(
            reference="CO-2222-22", title="New", started_by=adviser, started_at=AT, changed_at=AT
        )
        found = cohorts.description_problems(cohort, AT.date())
        assert [problem.field for problem in found][:2] == ["why_now", "year_groups"]


class TestHistory:
    def test_all_requests_in_one_and_only_what_one_may_see(self, both, adviser, schools, far_school, period):
        cohort = ready_cohort([schools[0], far_school], by=both)
        planned(cohort, Plan.NOW, Plan.NOW, by=both)
        first, second = send(cohort, by=both).sent
        withdrawing.withdraw(
            referral=second, reason=WithdrawReason.OTHER, note="Secret note.", by=both, at=AT + timedelta(hours=1)
        )
        told = cohorts.timeline_of(cohort, Asking(both))
        assert [line.title for line in told] == ["Withdrawn: Far School", "Sent: Far School", "Sent: School A"]
        assert [line.reference for line in told] == [second.reference, second.reference, first.reference]
        assert "Secret" not in "".join(line.text for line in told)
        assert [line.title for line in cohorts.timeline_of(cohort, Asking(adviser))] == ["Sent: School A"]
        assert len(cohorts.timeline_of(cohort, Asking(both), most=1)) == 1

    def test_what_was_sent_together(self, both, adviser, schools, far_school, period):
        cohort = ready_cohort([schools[0], far_school], by=both)
        planned(cohort, Plan.NOW, Plan.NOW, by=both)
        outcome = send(cohort, by=both)
        assert cohorts.sent_with(cohort, outcome.edition, Asking(both)) == outcome.sent
        assert cohorts.sent_with(cohort, outcome.edition, Asking(adviser)) == outcome.sent[:1]
        assert cohorts.sent_with(cohort, 999, Asking(both)) == []

    def test_who_saved_last(self, both, adviser):
        cohort = described_cohort(by=both)
        assert cohorts.who_saved(cohort, "described a cohort") == both
        assert cohorts.who_saved(cohort, "flew away") is None


def test_own_zones_by_name(both, zone, far_zone):
    assert list(cohorts.own_mainstream_zones(both)) == [zone, far_zone]
    assert not cohorts.own_mainstream_zones(person(Role.S2S_COORDINATOR)).exists()


def test_schools_without_a_request_in_order(adviser, schools, period):
    cohort = ready_cohort(schools, by=adviser)
    assert [line.establishment for line in cohorts.unsent(cohort)] == schools
    assert school_answers()["children"] == cohorts.unsent(cohort)[0].children


def test_needs_in_one_line():
    load_codes()
    needs = NeedType.objects.filter(code__in=["SLCN", "VI"]).order_by("code")
    assert cohorts.needs_named(needs) == "Speech, language and communication needs (SLCN), Vision impairment (VI)"
