"""A later cut-off brings back what lapsed and tells who was refused; what lapsed for good is asked for again."""

from datetime import date, datetime, timedelta

import pytest

from quotas.actions import extending
from quotas.choices import FILL_PLACES
from quotas.models import Period
from referrals import tasks
from referrals.actions import bringing_back, drafts, requests, waiting
from referrals.choices import EventKind, RefusalRule, Section, Status
from referrals.models import DraftReferral, Referral, ReferralEvent
from referrals.queries import lapsed
from referrals.queries.drafts import task_list
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON

pytestmark = pytest.mark.django_db
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)
IN_JANUARY = datetime(2025, 1, 7, 10, 0, tzinfo=LONDON)
IN_MAY = datetime(2025, 5, 6, 10, 0, tzinfo=LONDON)
SUMMER = {
    "opens_on": date(2025, 4, 22),
    "requests_close_on": date(2025, 6, 13),
    "allocation_deadline_on": date(2025, 6, 20),
    "delivery_ends_on": date(2025, 7, 31),
}


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Sorrel Khan")


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def period(by) -> Period:
    return period_with_places(early_years=1, by=by)


@pytest.fixture
def portal():
    return ensure_system_user()


@pytest.fixture
def queue(period, adviser, zone) -> list[Referral]:
    """Three requests that wait behind the one that has the only place."""
    sent_request(EstablishmentFactory(zone=zone), by=adviser)
    minutes = [AT + timedelta(minutes=number) for number in (1, 2, 3)]
    return [waiting_request(EstablishmentFactory(zone=zone), by=adviser, at=at) for at in minutes]


@pytest.fixture
def gone(queue, period, portal) -> list[Referral]:
    """The queue after its deadline."""
    assert waiting.lapse(quota=quota_of(period), by=portal, at=DEADLINE_PASSED) == 3
    return queue


def move(period, by, at=IN_JANUARY):
    dates = {"requests_close_on": date(2025, 1, 17), "allocation_deadline_on": date(2025, 1, 24)}
    told = {"delivery_ends_on": period.delivery_ends_on, "reason": "More time", "key": filled_key()}
    return extending.move_cut_off(period=period, **dates, **told, by=by, at=at).change


def filled_key():
    return DraftReferral().key


def statuses(some) -> list[str]:
    return [Referral.objects.get(pk=one.pk).status for one in some]


def told(kind) -> list[Notification]:
    return list(Notification.objects.filter(kind=kind))


class TestBringingBack:
    def test_all_wait_again_in_their_old_order(self, gone, period, by, portal):
        move(period, by)
        assert bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_JANUARY) == 3
        rows = Referral.objects.filter(status=Status.WAITING).order_by("turn")
        assert [one.reference for one in rows] == [one.reference for one in gone]
        assert {(one.ended_at, one.ended_by) for one in rows} == {(None, None)}
        event = ReferralEvent.objects.filter(referral=gone[0]).last()
        assert (event.kind, event.facts["turn"], event.facts["cut_off_on"]) == (
            EventKind.BROUGHT_BACK,
            gone[0].turn,
            "2025-01-17",
        )
        assert JobRequest.objects.filter(job=FILL_PLACES, subject=str(quota_of(period).pk), done_at=None).exists()

    def test_twice_is_once(self, gone, period, by, portal):
        move(period, by)
        quota = quota_of(period)
        assert [bringing_back.bring_back(quota=quota, by=portal, at=IN_JANUARY) for _ in range(2)] == [3, 0]
        assert ReferralEvent.objects.filter(kind=EventKind.BROUGHT_BACK).count() == 3

    def test_what_lapses_again_is_told_again(self, gone, period, by, portal):
        move(period, by)
        bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_JANUARY)
        told = Notification.objects.filter(kind__in=[Kind.WAITING_LAPSED_ADVISER, Kind.WAITING_LAPSED_CONTACT])
        assert told.count() == 6
        again = datetime(2025, 1, 25, 0, 1, tzinfo=LONDON)
        assert waiting.lapse(quota=quota_of(period), by=portal, at=again) == 3
        assert told.count() == 12

    def test_more_than_one_transaction_holds(self, gone, period, by, portal, monkeypatch):
        move(period, by)
        monkeypatch.setattr(bringing_back, "AT_A_TIME", 2)
        assert bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_JANUARY) == 3

    def test_told_to_stop_it_stops(self, gone, period, by, portal):
        move(period, by)
        stopped = bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_JANUARY, stopping=lambda: True)
        assert stopped == 0
        assert set(statuses(gone)) == {Status.LAPSED}

    def test_while_the_deadline_stands_nobody_comes_back(self, gone, period, portal):
        assert bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_JANUARY) == 0
        assert set(statuses(gone)) == {Status.LAPSED}

    def test_only_the_portal_brings_back(self, gone, period, by):
        with pytest.raises(NotAllowed):
            bringing_back.bring_back(quota=quota_of(period), by=by, at=IN_JANUARY)

    def test_what_was_asked_for_again_stays_where_it_is(self, gone, period, adviser, by, portal):
        period_with_places(by=by, **SUMMER)
        draft = bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY)
        Period.objects.filter(pk=period.pk).update(allocation_deadline_on=IN_MAY, delivery_ends_on=IN_MAY)
        assert bringing_back.bring_back(quota=quota_of(period), by=portal, at=IN_MAY) == 2
        assert statuses(gone) == [Status.LAPSED, Status.WAITING, Status.WAITING]
        assert draft.continues_id == gone[0].pk

    def test_the_job_brings_back_and_tells(self, gone, period, by, adviser, zone):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        requests.submit(key=draft.key, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        move(period, by)
        run = Run(at=IN_JANUARY, subjects=(str(period.pk), "x", "0"))
        assert tasks.cut_off_moved(run) == "3 back on a waiting list, 1 told"
        assert tasks.cut_off_moved(run) == "0 back on a waiting list, 1 told"
        assert len(told(Kind.CUT_OFF_MOVED)) == 1


class TestTellingWhoWasRefused:
    def refused(self, adviser, zone, at=FIRST_MOMENT_TOO_LATE):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        return requests.submit(key=draft.key, by=adviser, at=at).decision, draft

    def test_one_message_counts_the_drafts(self, period, adviser, zone, by):
        for minutes in (0, 5, 10):
            self.refused(adviser, zone, FIRST_MOMENT_TOO_LATE + timedelta(minutes=minutes))
        move(period, by)
        period.refresh_from_db()
        assert bringing_back.tell_refused(period=period, at=IN_JANUARY) == 1
        [message] = told(Kind.CUT_OFF_MOVED)
        assert (message.to_email, message.context["refused"]) == (adviser.email, 3)
        assert message.context["cut_off_on"] == "2025-01-17"

    def test_a_draft_that_is_gone_an_adviser_who_left_and_another_rule_are_not_told(self, period, adviser, zone, by):
        _, deleted = self.refused(adviser, zone)
        drafts.delete(draft=deleted, by=adviser, at=FIRST_MOMENT_TOO_LATE)
        leaver = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        self.refused(leaver, zone)
        leaver.is_active = False
        leaver.save()
        sent_request(EstablishmentFactory(zone=zone), by=adviser)
        decision, _ = self.refused(adviser, zone, AT)
        assert decision.rule == RefusalRule.FULL
        assert bringing_back.tell_refused(period=period, at=IN_JANUARY) == 0

    def test_a_cohorts_schools_count_while_they_are_unsent(self, period, zone, by):
        send_adviser = person(Role.SEND_ADVISER, zones=[zone])
        schools = [EstablishmentFactory(school=True, zone=zone) for _ in range(2)]
        cohort = planned(ready_cohort(schools, by=send_adviser), "NOW", "NOW", by=send_adviser)
        assert len(send(cohort, by=send_adviser, at=FIRST_MOMENT_TOO_LATE).decisions) == 2
        assert bringing_back.tell_refused(period=period, at=IN_JANUARY) == 1
        [message] = told(Kind.CUT_OFF_MOVED)
        assert message.context["refused"] == 2


class TestAskingAgain:
    @pytest.fixture
    def summer(self, by):
        return period_with_places(by=by, **SUMMER)

    def test_the_draft_says_what_the_request_said_and_keeps_its_date(self, gone, summer, adviser):
        old = gone[0]
        draft = bringing_back.ask_again(referral=old, by=adviser, at=IN_MAY)
        assert (draft.first_asked_at, draft.continues, draft.started_by) == (old.submitted_at, old, adviser)
        assert (draft.establishment, draft.child_first_name, draft.goal_1) == (
            old.establishment,
            "Wilf",
            "Asks for help with a sign or a word.",
        )
        assert draft.support_wanted == ["OBSERVATION"]
        lines = task_list(draft, user=adviser, today=london_date(IN_MAY))
        again = {line.section for line in lines if line.state != "DONE"}
        assert again == {Section.CONVERSATION, Section.AGREEMENT, Section.CONTACT}

    def test_sent_it_is_a_request_of_its_own_that_goes_on_from_the_old_one(self, gone, summer, adviser):
        draft = bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY)
        new = requests.submit(key=draft.key, by=adviser, at=IN_MAY).referral
        assert (new.period, new.status, new.continues) == (summer, Status.SUBMITTED, gone[0])
        assert (new.first_asked_at, new.submitted_at) == (gone[0].submitted_at, IN_MAY)
        assert statuses(gone[:1]) == [Status.LAPSED]
        assert bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY) is None

    def test_the_first_date_outlives_a_second_lapse(self, gone, summer, adviser):
        Referral.objects.filter(pk=gone[0].pk).update(first_asked_at=AT - timedelta(days=300))
        draft = bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY)
        assert draft.first_asked_at == AT - timedelta(days=300)

    def test_pressed_twice_it_is_one_draft(self, gone, summer, adviser):
        first = bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY)
        assert bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY + timedelta(days=1)) == first
        assert DraftReferral.objects.count() == 1

    def test_only_what_lapsed_is_asked_for_again(self, queue, summer, adviser):
        assert bringing_back.ask_again(referral=queue[0], by=adviser, at=IN_MAY) is None

    @pytest.mark.parametrize("at", [DEADLINE_PASSED, datetime(2025, 4, 21, tzinfo=LONDON), IN_MAY.replace(month=7)])
    def test_not_while_no_later_period_takes_requests(self, gone, summer, adviser, at):
        assert bringing_back.ask_again(referral=gone[0], by=adviser, at=at) is None
        assert not lapsed.to_ask_again(adviser, at=at).exists()
        assert not DraftReferral.objects.exists()

    def test_who_files_no_requests_of_the_stream_cannot(self, gone, summer, zone):
        stranger = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory(name="Saltings")])
        for who in (stranger, *(person(role, zones=[zone]) for role in (Role.SEND_ADVISER, Role.S2S_COORDINATOR))):
            with pytest.raises(NotAllowed):
                bringing_back.ask_again(referral=gone[0], by=who, at=IN_MAY)

    def test_the_list_shows_ones_own_zones_and_what_nobody_asked_for_again(self, gone, summer, adviser):
        stranger = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory(name="Saltings")])
        assert list(lapsed.to_ask_again(adviser, at=IN_MAY)) == gone
        assert not lapsed.to_ask_again(stranger, at=IN_MAY).exists()
        bringing_back.ask_again(referral=gone[1], by=adviser, at=IN_MAY)
        assert list(lapsed.to_ask_again(adviser, at=IN_MAY)) == [gone[0], gone[2]]

    def test_a_draft_that_is_deleted_leaves_the_request_to_be_asked_for(self, gone, summer, adviser):
        drafts.delete(draft=bringing_back.ask_again(referral=gone[0], by=adviser, at=IN_MAY), by=adviser, at=IN_MAY)
        assert gone[0] in lapsed.to_ask_again(adviser, at=IN_MAY)


def test_a_stream_of_nobody_waits_for_nothing(period, portal):
    assert bringing_back.bring_back(quota=quota_of(period, Stream.MAINSTREAM), by=portal, at=AT) == 0
