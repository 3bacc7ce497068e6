"""Sending a cohort: exact, all or nothing, once, and honest when the world has moved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotas.models import LedgerEntry
from quotas.queries import places_left
from referrals.actions import cohort_schools, cohort_sending, waiting, withdrawing
from referrals.choices import EventKind, Plan, RefusalRule, Status, WithdrawReason
from referrals.models import Cohort, CohortSchool, Decision, NeedType, Referral
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import AuditEvent, ContactPerson
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.audit import access_log
from tests.factories.cohorts import planned, ready_cohort, school_answers, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import load_codes, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Alder Adviser")


@pytest.fixture
def schools(zone):
    return [EstablishmentFactory(school=True, zone=zone, name=f"School {letter}") for letter in "ABCDE"]


@pytest.fixture
def quota():
    return quota_of(period_with_places(mainstream=4), Stream.MAINSTREAM)


@pytest.fixture
def cohort(quota, schools, adviser):
    return ready_cohort(schools, by=adviser)


def leave(referral, *, by):
    withdrawing.withdraw(referral=referral, reason=WithdrawReason.NO_LONGER_NEEDED, note="", by=by, at=AT)


class TestSend:
    def test_the_access_log_of_the_cohort_names_each_request_that_it_became(self, cohort, quota, adviser):
        """Who read of a child before there was a request is under the cohort's reference: the row leads there (R18)."""
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        outcome = send(cohort, by=adviser)
        log = access_log(reference=cohort.reference).values_list("what", flat=True)
        assert {f"became {one.reference}" for one in [*outcome.sent, *outcome.waiting]} <= set(log)

    def test_four_go_with_a_place_each_and_one_waits(self, cohort, quota, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        outcome = send(cohort, by=adviser)
        assert [one.status for one in outcome.sent] == [Status.SUBMITTED] * 4
        assert [(one.status, one.turn, one.place) for one in outcome.waiting] == [(Status.WAITING, 1, None)]
        assert places_left(quota) == 0
        lines = LedgerEntry.objects.filter(quota=quota, kind="DRAWN").order_by("seq")
        assert [line.reference for line in lines] == [one.reference for one in outcome.sent]
        assert [line.left_after for line in lines] == [3, 2, 1, 0]
        assert {one.cohort_id for one in Referral.objects.all()} == {cohort.pk}

    def test_each_that_waits_keeps_how_many_were_ahead_of_it(self, schools, adviser):
        period_with_places(mainstream=0)
        one, two = (ready_cohort(schools[:2], by=adviser), ready_cohort(schools[2:5], by=adviser))
        send(planned(one, Plan.WAIT, Plan.WAIT, by=adviser), by=adviser)
        joined = send(planned(two, *[Plan.WAIT] * 3, by=adviser), by=adviser).waiting
        assert [request.events.get().facts["ahead"] for request in joined] == [2, 3, 4]

    def test_each_request_says_what_the_cohort_and_its_school_say(self, cohort, adviser):
        line = CohortSchool.objects.filter(cohort=cohort).order_by("position")[0]
        answers = {"goal_1": "Ours alone.", "children": 3, "availability": "Mondays"}
        cohort_schools.save(school=line, answers=answers, version=1, by=adviser, at=AT)
        planned(cohort, Plan.NOW, *[Plan.NOT_YET] * 4, by=adviser)
        [one] = send(cohort, by=adviser).sent
        one.refresh_from_db()
        assert (one.about, one.group_size, one.availability) == ("GROUP", 3, "Mondays")
        assert one.group_description == "Language groups in Years 1 and 2: Year 1, Year 2"
        assert (str(one.primary_need), str(one.secondary_need)) == (
            "Speech, language and communication needs (SLCN)",
            "Social, emotional and mental health (SEMH)",
        )
        assert (one.indes_section.version, one.indes_level) == ("before 2026", 4)
        assert [goal.text for goal in one.goals.all()] == ["Ours alone."]
        assert one.support_wanted.count() == 2
        assert one.agreement == "NOT_NEEDED"
        assert "Four schools report" in one.need_description

    def test_types_of_need_that_have_no_column_are_told_in_words(self, quota, schools, adviser):
        load_codes()
        further = [NeedType.objects.get(code=code) for code in ("SEMH", "ASD", "HI")]
        cohort = ready_cohort(schools[:1], by=adviser, further_needs=further)
        planned(cohort, Plan.NOW, by=adviser)
        [one] = send(cohort, by=adviser).sent
        columns = {one.primary_need.code, one.secondary_need.code}
        told = {need.code for need in further if str(need) in one.need_description}
        assert len(columns) == 2
        assert columns | told == {"SLCN", "SEMH", "ASD", "HI"}
        assert not columns & told

    def test_history_messages_audit_and_contacts(self, cohort, adviser):
        planned(cohort, Plan.NOW, Plan.NOW, *[Plan.NOT_YET] * 3, by=adviser)
        outcome = send(cohort, by=adviser)
        for one in outcome.sent:
            assert [event.kind for event in one.events.all()] == [EventKind.SUBMITTED]
            assert AuditEvent.objects.filter(reference=one.reference, what="sent a request").count() == 1
        told = Notification.objects.order_by("pk")
        assert [one.kind for one in told] == ["COHORT_SENT", "REQUEST_SENT_CONTACT", "REQUEST_SENT_CONTACT"]
        assert [line["reference"] for line in told[0].context["sent"]] == [one.reference for one in outcome.sent]
        assert ContactPerson.objects.filter(email="perran@school.invalid").count() == 2

    def test_the_same_press_again_gives_the_same_requests(self, cohort, quota, adviser):
        edition = planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser).edition
        first = cohort_sending.send(cohort=cohort, checked=edition, by=adviser, at=AT)
        again = cohort_sending.send(cohort=cohort, checked=edition, by=adviser, at=AT)
        assert [one.pk for one in again.sent] == [one.pk for one in first.sent]
        assert [one.pk for one in again.waiting] == [one.pk for one in first.waiting]
        assert again.edition == first.edition
        assert (Referral.objects.count(), Notification.objects.filter(kind="COHORT_SENT").count()) == (5, 1)

    def test_those_who_wait_keep_the_advisers_order(self, cohort, quota, adviser):
        lines = [str(line.key) for line in CohortSchool.objects.filter(cohort=cohort).order_by("position")]
        plans = dict.fromkeys(lines[:4], Plan.NOW) | {lines[4]: Plan.NOW}
        order = [lines[4], lines[2], lines[0], lines[3], lines[1]]
        plans |= {lines[3]: Plan.WAIT}
        cohort_schools.plan(cohort=cohort, plans=plans, order=order, by=adviser, at=AT)
        outcome = send(cohort, by=adviser)
        assert [str(one.submission_key) for one in outcome.sent] == [lines[4], lines[2], lines[0], lines[1]]
        assert [str(one.submission_key) for one in outcome.waiting] == [lines[3]]

    def test_a_place_that_comes_free_reaches_the_school_that_waits(self, cohort, quota, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        outcome = send(cohort, by=adviser)
        leave(outcome.sent[0], by=adviser)
        [given] = waiting.fill(quota=quota, by=ensure_system_user(), at=AT)
        assert given.pk == outcome.waiting[0].pk

    def test_a_school_that_already_waits_elsewhere_is_not_overtaken(self, quota, schools, adviser):
        first = ready_cohort(schools, by=adviser)
        planned(first, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        outcome = send(first, by=adviser)
        leave(outcome.sent[0], by=adviser)  # one place is free, and one request waits for it
        second = ready_cohort(schools[:1], by=adviser)
        planned(second, Plan.NOW, by=adviser)
        assert send(second, by=adviser).changed == "No place is free, and 1 school is to be sent now. Choose again."

    def test_the_same_number_of_statements_for_one_school_and_for_thirty(self, adviser, zone):
        period_with_places(mainstream=100)
        many = [EstablishmentFactory(school=True, zone=zone, name=f"School {number}") for number in range(33)]
        cohorts_of = [ready_cohort(some, by=adviser) for some in (many[:3], many[3:])]
        counted = []
        for cohort in cohorts_of:
            lines = CohortSchool.objects.filter(cohort=cohort).count()
            planned(cohort, *[Plan.NOW] * lines, by=adviser)
            with CaptureQueriesContext(connection) as seen:
                assert len(send(cohort, by=adviser).sent) == lines
            counted.append(len(seen))
        more = counted[1] - counted[0]
        # SQLite takes 999 parameters a statement: a table of fifty columns needs a second one after nineteen rows.
        assert more == 0 if connection.vendor == "postgresql" else more <= 6


class TestMoved:
    """The world moved since the adviser looked: nothing is written, and a sentence says what."""

    def nothing_happened(self, quota, left):
        assert (Referral.objects.filter(cohort__isnull=False).count(), places_left(quota)) == (0, left)
        assert not Notification.objects.filter(kind="COHORT_SENT").exists()

    def test_a_place_was_taken(self, cohort, quota, schools, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        sent_request(schools[0], by=adviser)
        outcome = send(cohort, by=adviser)
        assert outcome.changed == "3 places are free, and 4 schools are to be sent now. Choose again."
        self.nothing_happened(quota, 3)

    def test_nobody_waits_for_a_place_that_is_free(self, cohort, quota, adviser):
        planned(cohort, *[Plan.NOW] * 3, *[Plan.WAIT] * 2, by=adviser)
        told = send(cohort, by=adviser).changed
        assert told == "1 more place is free, and nobody has to wait for that. Choose again."
        self.nothing_happened(quota, 4)

    def test_a_school_closed(self, cohort, quota, schools, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.NOT_YET, by=adviser)
        schools[2].status = "CLOSED"
        schools[2].save()
        assert send(cohort, by=adviser).changed == "Something is missing or has changed for: School C."
        self.nothing_happened(quota, 4)

    def test_a_school_left_out_may_be_closed(self, cohort, quota, schools, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.NOT_YET, by=adviser)
        schools[4].status = "CLOSED"
        schools[4].save()
        assert len(send(cohort, by=adviser).sent) == 4

    def test_somebody_changed_the_cohort(self, cohort, quota, adviser):
        edition = planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser).edition
        line = CohortSchool.objects.filter(cohort=cohort)[0]
        cohort_schools.save(school=line, answers={"children": 9}, version=1, by=adviser, at=AT)
        outcome = cohort_sending.send(cohort=cohort, checked=edition, by=adviser, at=AT)
        assert outcome.changed == "Somebody has changed this cohort since you checked it."
        self.nothing_happened(quota, 4)

    def test_nothing_is_chosen(self, cohort, quota, adviser):
        planned(cohort, *[Plan.NOT_YET] * 5, by=adviser)
        assert send(cohort, by=adviser).changed == "Choose at least one school to send."
        self.nothing_happened(quota, 4)

    def test_the_description_lacks_something(self, cohort, quota, adviser):
        Cohort.objects.filter(pk=cohort.pk).update(why_now="")
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        assert send(cohort, by=adviser).changed == "The description of the cohort is not complete."
        self.nothing_happened(quota, 4)


class TestRefused:
    def test_after_the_cut_off_each_school_is_refused_and_counted_as_demand(self, cohort, quota, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        outcome = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        assert len(outcome.decisions) == 5
        assert {one.rule for one in outcome.decisions} == {RefusalRule.CUT_OFF}
        assert {one.primary_need.code for one in outcome.decisions} == {"SLCN"}
        [told] = Notification.objects.all()
        assert told.context["establishment"] == f"5 schools of cohort {cohort.reference}"
        assert told.context["cohort_reference"] == cohort.reference
        assert (Referral.objects.count(), places_left(quota)) == (0, 4)

    def test_pressed_twice_it_is_refused_once(self, cohort, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        first = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        again = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        assert [one.pk for one in again.decisions] == [one.pk for one in first.decisions]
        assert (Decision.objects.count(), Notification.objects.count()) == (5, 1)

    def test_with_one_more_school_it_is_another_press(self, schools, quota, adviser):
        cohort = planned(ready_cohort(schools[:1], by=adviser), Plan.NOW, by=adviser)
        [first] = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE).decisions
        given = {schools[1].pk: school_answers()}
        cohort_schools.add(
            cohort=cohort, establishments=schools[1:2], given=given, by=adviser, at=FIRST_MOMENT_TOO_LATE
        )
        both = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE).decisions
        assert [one.establishment for one in both] == schools[:2]
        assert first not in both

    def test_the_last_second_is_in_time(self, cohort, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        assert len(send(cohort, by=adviser, at=LAST_SECOND).sent) == 4

    def test_a_school_added_later_is_a_new_request_refused_after_the_cut_off(self, cohort, zone, adviser):
        planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
        send(cohort, by=adviser)
        late = EstablishmentFactory(school=True, zone=zone, name="School F")
        given = {late.pk: school_answers()}
        cohort_schools.add(cohort=cohort, establishments=[late], given=given, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        [decision] = send(cohort, by=adviser, at=FIRST_MOMENT_TOO_LATE).decisions
        assert decision.establishment == late

    def test_where_no_places_were_bought(self, schools, adviser):
        cohort = ready_cohort(schools[:1], by=adviser)
        planned(cohort, Plan.NOW, by=adviser)
        [decision] = send(cohort, by=adviser).decisions
        assert (decision.rule, decision.period) == (RefusalRule.NO_QUOTA, None)


class TestWho:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.SEND_ADVISER])
    def test_only_a_send_adviser_sends(self, cohort, zone, role):
        zones = [zone] if role == Role.EARLY_YEARS_ADVISER else []
        with pytest.raises(NotAllowed):
            send(cohort, by=person(role, zones=zones))

    def test_an_adviser_of_other_zones_finds_no_cohort(self, cohort):
        with pytest.raises(Cohort.DoesNotExist):
            send(cohort, by=person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Saltings")]))

    def test_a_colleague_of_one_of_its_zones_sends_only_schools_of_their_own(self, quota, zone, schools):
        far = ZoneFactory(name="Saltings")
        both = person(Role.SEND_ADVISER, zones=[zone, far])
        there = EstablishmentFactory(school=True, zone=far, name="School Far")
        cohort = ready_cohort([schools[0], there], by=both)
        planned(cohort, Plan.NOW, Plan.NOW, by=both)
        colleague = person(Role.SEND_ADVISER, zones=[zone])
        assert [one.establishment for one in send(cohort, by=colleague).sent] == [schools[0]]
        assert [line.establishment for line in CohortSchool.objects.filter(sent_edition=None)] == [there]
        assert [one.establishment for one in send(cohort, by=both).sent] == [there]


def test_early_years_places_are_not_touched(cohort, quota, zone, adviser):
    early = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    setting = EstablishmentFactory(zone=zone, name="Bulrush Nursery")
    assert sent_request(setting, by=early).stream == Stream.EARLY_YEARS
    planned(cohort, *[Plan.NOW] * 4, Plan.WAIT, by=adviser)
    assert len(send(cohort, by=adviser).sent) == 4
