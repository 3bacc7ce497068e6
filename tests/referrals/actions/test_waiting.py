"""The waiting list on the real database (R7): joining, order, places given by the portal and by hand, the end of it."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from quotas import queries as quota_queries
from quotas.actions import places
from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import LedgerEntry
from referrals.actions import requests, waiting, withdrawing
from referrals.choices import EventKind, RefusalRule, Status, WithdrawReason
from referrals.models import Decision, DraftReferral, Referral
from referrals.queries import waiting as waiting_queries
from s2s_portal.jobs.models import JobRequest
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import AuditEvent, ContactPerson, EditableText
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND, LONDON, TERM_STARTS

pytestmark = pytest.mark.django_db
LAST_SECOND_BY_HAND = LAST_SECOND.replace(day=20)
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)
HELP = "Ask the Early Years Team at the Staithe."


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Sorrel Khan", email="sorrel@council.invalid")


@pytest.fixture
def giver():
    """The commissioner, who bought the places and gives them by hand."""
    return commissioner()


@pytest.fixture
def quota(giver):
    """Two early years places."""
    return quota_of(period_with_places(early_years=2, by=giver))


@pytest.fixture
def portal():
    return ensure_system_user()


@pytest.fixture
def full(quota, adviser, zone):
    """Two requests that hold the two places."""
    return [sent_request(EstablishmentFactory(zone=zone), by=adviser, at=AT) for _ in range(2)]


@pytest.fixture
def queue(full, adviser, zone):
    """Three requests that wait, in their order."""
    return [join(zone, adviser, minutes) for minutes in (1, 2, 3)]


def join(zone, by, minutes=0, **changes) -> Referral:
    """A request that joined the waiting list so many minutes after `AT`."""
    return waiting_request(EstablishmentFactory(zone=zone), by=by, at=AT + timedelta(minutes=minutes), **changes)


def withdraw(referral, at=AT, **how) -> Referral:
    """Its adviser withdraws it, or takes it off the list."""
    how = {"reason": WithdrawReason.SUPPORT_ELSEWHERE, "note": "", "by": referral.submitted_by} | how
    return withdrawing.withdraw(referral=referral, at=at, **how)


def fill(quota, by, at=AT) -> list[str]:
    """What the job does; the references of those that got a place, in order."""
    return [one.reference for one in waiting.fill(quota=quota, by=by, at=at)]


def statuses(*requests) -> list[str]:
    """How they stand in the database."""
    stand = dict(Referral.objects.values_list("pk", "status"))
    return [stand[one.pk] for one in requests]


def references(requests) -> list[str]:
    return [one.reference for one in requests]


class TestJoin:
    def test_a_complete_draft_waits_without_a_place(self, full, quota, zone, adviser):
        setting = EstablishmentFactory(zone=zone)
        draft = filled_draft(setting, by=adviser, goal_3="Stays at the table")

        referral = requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True).referral

        referral.refresh_from_db()
        assert (referral.status, referral.turn, referral.place) == (Status.WAITING, 1, None)
        assert (referral.submission_key, referral.submitted_at, referral.submitted_by) == (draft.key, AT, adviser)
        assert referral.reference.startswith("EY-")
        assert [goal.text for goal in referral.goals.order_by("position")][-1] == "Stays at the table"
        assert quota_queries.places_left(quota) == 0
        assert LedgerEntry.objects.filter(reference=referral.reference).count() == 0
        assert not DraftReferral.objects.exists()
        assert not Decision.objects.exists()
        assert ContactPerson.objects.filter(establishment=setting).exists()

    def test_its_event_says_how_it_stood(self, queue, zone, adviser):
        referral = join(zone, adviser, 4)
        event = referral.events.get()
        assert (event.seq, event.kind, event.version, event.at, event.by) == (
            *(1, EventKind.JOINED, 1),
            *(AT + timedelta(minutes=4), adviser),
        )
        assert event.facts == {
            "turn": 4,
            "ahead": 3,
            "places_left": 0,
            "places_bought": 2,
            "cut_off_on": "2024-12-13",
            "allocation_deadline_on": "2024-12-20",
            "fee_pence": 0,
            "fee_basis": "FUNDED",
            "placed_out_of_year": False,
        }

    def test_audit_rows_lead_from_the_draft_to_the_request(self, full, zone, adviser):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        referral = requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True).referral
        assert AuditEvent.objects.get(what="joined the waiting list").reference == referral.reference
        assert AuditEvent.objects.get(what=f"became {referral.reference}").reference == draft.audit_reference

    def test_both_are_told_without_the_child(self, queue, zone, adviser):
        Notification.objects.all().delete()
        EditableText.objects.create(
            key="REFUSAL_HELP_EARLY_YEARS", body=HELP, set_by=adviser, in_force_from=AT - timedelta(days=9)
        )
        referral = join(zone, adviser, 4)
        about = {
            "reference": referral.reference,
            "establishment": referral.establishment.display_name,
            "stream_label": "early years",
            "joined_at": "2024-11-26T09:34:00+00:00",
        }
        assert told(Kind.WAITING_JOINED_ADVISER) == (
            f"waiting-joined:{referral.reference}:adviser",
            *("sorrel@council.invalid", "Sorrel Khan"),
            about
            | {
                "ahead": 3,
                "cut_off_on": "2024-12-13",
                "allocation_deadline_on": "2024-12-20",
                "whom_to_ask": HELP,
            },
            AT + timedelta(minutes=4),
        )
        assert told(Kind.WAITING_JOINED_CONTACT) == (
            f"waiting-joined:{referral.reference}:contact",
            *("perran@setting.invalid", "Perran Oxnead"),
            about | {"adviser_name": "Sorrel Khan", "adviser_email": "sorrel@council.invalid"},
            AT + timedelta(minutes=4),
        )
        assert Notification.objects.count() == 2
        check_delivered("sorrel@council.invalid", "3 requests get a place before it", HELP)
        check_delivered("perran@setting.invalid", referral.reference, "Sorrel Khan")

    def test_pressed_twice_it_joins_once(self, full, zone, adviser):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        press = {"key": draft.key, "by": adviser, "at": AT, "or_wait": True}
        first, second = requests.submit(**press).referral, requests.submit(**press).referral
        assert first == second
        assert Referral.objects.filter(status=Status.WAITING).count() == 1
        assert first.events.count() == 1

    def test_where_a_place_is_free_it_is_sent_instead(self, quota, zone, adviser):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        referral = requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True).referral
        assert (referral.status, referral.turn) == (Status.SUBMITTED, None)
        assert quota_queries.places_left(quota) == 1

    def test_joining_closes_with_the_cut_off(self, full, zone, adviser):
        drafts = [filled_draft(EstablishmentFactory(zone=zone), by=adviser) for _ in range(2)]
        in_time = requests.submit(key=drafts[0].key, by=adviser, at=LAST_SECOND, or_wait=True)
        too_late = requests.submit(key=drafts[1].key, by=adviser, at=FIRST_MOMENT_TOO_LATE, or_wait=True)
        assert in_time.referral.status == Status.WAITING
        assert too_late.referral is None
        assert too_late.decision.rule == RefusalRule.CUT_OFF
        assert too_late.decision.facts["waiting_list"].startswith("Closed: it closed with the cut-off")
        assert DraftReferral.objects.get() == drafts[1]

    def test_before_the_period_opens_nobody_waits(self, quota, zone, adviser):
        too_early = TERM_STARTS.replace(day=1)
        dates = {"conversation_on": date(2024, 8, 28), "agreement_on": date(2024, 8, 29)}
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser, at=too_early, **dates)
        outcome = requests.submit(key=draft.key, by=adviser, at=too_early, or_wait=True)
        assert outcome.decision.rule == RefusalRule.NOT_YET_OPEN

    def test_where_nothing_was_bought_nobody_waits(self, zone, adviser):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        outcome = requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True)
        assert outcome.decision.rule == RefusalRule.NO_QUOTA

    def test_it_keeps_the_fee_of_the_day_it_joined(self, giver, zone):
        send = person(Role.SEND_ADVISER, zones=[zone])
        period = period_with_places(
            mainstream=1,
            opens_on=date(2024, 4, 8),
            requests_close_on=date(2024, 9, 12),
            allocation_deadline_on=date(2024, 9, 19),
            delivery_ends_on=date(2024, 12, 20),
            by=giver,
        )
        in_summer = AT.replace(month=5, day=14)
        dates = {"agreement_on": date(2024, 5, 10), "year_group": "3"}
        school = EstablishmentFactory(zone=zone, school=True)
        holder = sent_request(school, by=send, at=in_summer, **dates)
        waits = filled_draft(school, by=send, at=in_summer, **dates)
        waits = requests.submit(key=waits.key, by=send, at=in_summer, or_wait=True).referral
        assert waits.fee_pence == 100_00

        after_the_change = AT.replace(month=9, day=3)
        withdraw(holder, at=after_the_change)
        assert fill(quota_of(period, Stream.MAINSTREAM), ensure_system_user(), after_the_change) == [waits.reference]
        waits.refresh_from_db()
        assert waits.fee_pence == 100_00

    def test_killed_before_the_commit_nothing_is_left_behind(self, full, zone, adviser):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        Notification.objects.all().delete()

        class Killed(Exception):
            pass

        def killed():
            with transaction.atomic():
                requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True)
                raise Killed

        with pytest.raises(Killed):
            killed()
        assert not Referral.objects.filter(status=Status.WAITING).exists()
        assert not Notification.objects.exists()
        assert DraftReferral.objects.get() == draft


class TestOrder:
    def test_it_is_the_order_of_joining(self, queue, quota):
        assert [one.turn for one in queue] == [1, 2, 3]
        assert list(waiting_queries.waiting_for(quota)) == queue
        assert [waiting_queries.ahead_of(one) for one in queue] == [0, 1, 2]
        assert [waiting_queries.on_list(one) for one in queue] == [
            waiting_queries.OnList(number=number, of=3) for number in (1, 2, 3)
        ]

    def test_streams_wait_apart(self, queue, zone, giver):
        period = queue[0].period
        use_places(quota_of(period, Stream.MAINSTREAM), 85, by=giver)
        send = person(Role.SEND_ADVISER, zones=[zone])
        school = waiting_request(EstablishmentFactory(zone=zone, school=True), by=send)
        assert (school.turn, waiting_queries.on_list(school).of) == (1, 1)
        assert {one.stream for one in waiting_queries.quotas_waited_for()} == {"EARLY_YEARS", "MAINSTREAM"}

    def test_a_turn_that_was_left_is_not_given_out_again(self, queue, zone, adviser):
        withdraw(queue[2])
        assert join(zone, adviser, 5).turn == 4

    def test_a_newcomer_never_overtakes_while_a_released_place_is_not_yet_given(self, queue, full, zone, adviser):
        withdraw(full[0])
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)

        refused = requests.submit(key=draft.key, by=adviser, at=AT).decision

        assert refused.rule == RefusalRule.OTHERS_WAITING
        assert refused.facts["count"] == (
            "At 09:30:00 on 26 November 2024, 1 of 2 early years places were used, and 3 requests were waiting."
        )
        assert (
            refused.facts["waiting_list"] == "Open: 3 were waiting, so you could join as number 4. Your draft is kept."
        )
        joined = requests.submit(key=draft.key, by=adviser, at=AT, or_wait=True).referral
        assert (joined.status, joined.turn) == (Status.WAITING, 4)

    def test_places_beyond_those_who_wait_are_for_newcomers(self, queue, quota, giver, zone, adviser):
        places.grant(quota=quota, places=4, reason="More", by=giver, at=AT)
        assert sent_request(EstablishmentFactory(zone=zone), by=adviser).turn is None
        draft = filled_draft(EstablishmentFactory(zone=zone), by=adviser)
        assert requests.submit(key=draft.key, by=adviser, at=AT).decision.rule == RefusalRule.OTHERS_WAITING


class TestFill:
    def test_the_first_who_waits_gets_the_place(self, queue, full, quota, portal):
        withdraw(full[0])
        at = AT + timedelta(minutes=9)

        assert fill(quota, portal, at) == [queue[0].reference]

        first = Referral.objects.get(pk=queue[0].pk)
        assert (first.status, first.turn, first.submitted_at) == (Status.SUBMITTED, 1, queue[0].submitted_at)
        assert (first.place.reference, first.place.places, first.place.left_after) == (first.reference, -1, 0)
        assert (first.place.by, first.place.at, first.place.reason) == (portal, at, waiting.FROM_THE_LIST)
        assert statuses(*queue) == [Status.SUBMITTED, Status.WAITING, Status.WAITING]
        event = first.events.get(seq=2)
        assert (event.kind, event.at, event.by) == (EventKind.PLACE_GIVEN, at, portal)
        assert event.facts == {"by_hand": False, "places_left": 0, "places_bought": 2, "ledger_seq": 5}
        audit = AuditEvent.objects.get(what="got a place")
        assert (audit.reference, audit.user_id) == (first.reference, portal.pk)

    def test_adviser_and_contact_are_told(self, queue, full, quota, portal):
        withdraw(full[0])
        Notification.objects.all().delete()
        fill(quota, portal, AT + timedelta(minutes=9))
        reference = queue[0].reference
        key, to, name, context, at = told(Kind.PLACE_GIVEN_ADVISER)
        assert (key, to, name) == (f"place-given:{reference}:adviser", "sorrel@council.invalid", "Sorrel Khan")
        assert at == AT + timedelta(minutes=9)
        whom_to_ask = context.pop("whom_to_ask")
        assert context == {
            "reference": reference,
            "establishment": queue[0].establishment.display_name,
            "stream_label": "early years",
            "joined_at": "2024-11-26T09:31:00+00:00",
            "given_at": "2024-11-26T09:39:00+00:00",
            "by_hand": False,
            "places_left": 0,
            "places_granted": 2,
            "contact_working_days": 5,
        }
        assert "csearlyyearsadviceline@norfolk.gov.uk" in whom_to_ask
        key, to, name, context, _ = told(Kind.REQUEST_SENT_CONTACT)
        assert (key, to) == (f"request-sent:{reference}:contact", "perran@setting.invalid")
        assert context["sent_at"] == "2024-11-26T09:39:00+00:00"
        assert Notification.objects.count() == 2
        check_delivered("sorrel@council.invalid", "waited for a place. It has one now", reference)

    def test_several_places_go_in_order_and_no_more_than_there_are(self, queue, full, quota, portal):
        for holder in full:
            withdraw(holder)
        assert fill(quota, portal) == references(queue[:2])
        assert fill(quota, portal) == []
        assert quota_queries.places_left(quota) == 0
        assert statuses(*queue) == [Status.SUBMITTED, Status.SUBMITTED, Status.WAITING]

    def test_a_raise_reaches_all_who_wait_and_leaves_the_rest_free(self, queue, quota, giver, portal, monkeypatch):
        monkeypatch.setattr(waiting, "AT_A_TIME", 2)
        places.grant(quota=quota, places=5, reason="More", by=giver, at=AT)
        with CaptureQueriesContext(connection) as seen:
            assert fill(quota, portal) == references(queue)
        locks = [query for query in seen.captured_queries if 'FROM "quotas_quota" WHERE' in query["sql"]]
        assert len(locks) == 3  # the lock is given up after every two, and a last look finds nobody
        assert quota_queries.places_left(quota) == 2

    def test_over_by_some_gives_nothing(self, queue, quota, full, giver, portal):
        with transaction.atomic():
            locked = places.locked(quota)
            places.append(locked, EntryKind.ADJUSTED, -2, reason="Lowered", by=giver, at=AT)
        withdraw(full[0])
        assert quota_queries.places_left(quota) == -1
        assert fill(quota, portal) == []

    def test_with_nobody_waiting_nothing_happens(self, quota, portal):
        assert fill(quota, portal) == []
        assert quota_queries.places_left(quota) == 2

    def test_in_the_last_second_of_the_cut_off_day_still_and_then_not(self, queue, full, quota, portal):
        withdraw(full[0], at=LAST_SECOND)
        withdraw(full[1], at=LAST_SECOND)
        places_before = quota_queries.places_left(quota)
        assert places_before == 2
        assert fill(quota, portal, FIRST_MOMENT_TOO_LATE) == []
        assert statuses(*queue) == [Status.WAITING] * 3
        assert fill(quota, portal, LAST_SECOND) == references(queue[:2])

    @pytest.mark.parametrize("at", [DEADLINE_PASSED, TERM_STARTS.replace(day=1)])
    def test_after_the_deadline_and_before_it_opens_nobody_gets_one_and_nobody_is_told(
        self, queue, full, quota, portal, at
    ):
        withdraw(full[0])
        Notification.objects.all().delete()
        assert fill(quota, portal, at) == []
        assert statuses(*queue) == [Status.WAITING] * 3
        assert not Notification.objects.exists()


class TestAfterTheCutOff:
    def test_commissioners_are_told_once_for_each_line_that_freed_places(self, queue, full, quota, portal, giver):
        other = person(Role.COMMISSIONER, full_name="Ottilie Brandiston")
        person(Role.COMMISSIONER, is_active=False)
        at = FIRST_MOMENT_TOO_LATE + timedelta(hours=9)
        withdraw(full[0], at=at)
        fill(quota, portal, at)
        fill(quota, portal, at + timedelta(minutes=5))

        rows = Notification.objects.filter(kind=Kind.PLACE_FREE)
        assert {(row.key, row.to_email) for row in rows} == {
            (f"place-free:{quota.pk}:4:{one.pk}", one.email) for one in (giver, other)
        }
        assert {row.queued_at for row in rows} == {at}
        assert rows[0].context == {
            "stream_label": "early years",
            "freed_at": "2024-12-14T09:00:00+00:00",
            "places_left": 1,
            "waiting": 3,
            "allocation_deadline_on": "2024-12-20",
            "address": "/waiting-list/",
        }
        check_delivered(giver.email, "1 early years place is free", "/waiting-list/")

        withdraw(full[1], at=at + timedelta(minutes=6))
        fill(quota, portal, at + timedelta(minutes=7))
        assert Notification.objects.filter(kind=Kind.PLACE_FREE).count() == 4

    def test_a_place_given_is_no_news_of_a_free_one(self, queue, full, quota, portal, giver):
        for holder in full:
            withdraw(holder, at=FIRST_MOMENT_TOO_LATE)
        fill(quota, portal, FIRST_MOMENT_TOO_LATE)
        told_of = Notification.objects.filter(kind=Kind.PLACE_FREE).count()
        give(quota, queue[0], giver, FIRST_MOMENT_TOO_LATE)
        fill(quota, portal, FIRST_MOMENT_TOO_LATE + timedelta(minutes=5))
        assert Notification.objects.filter(kind=Kind.PLACE_FREE).count() == told_of == 1

    def test_nobody_is_told_where_nobody_waits(self, full, quota, portal):
        withdraw(full[0], at=FIRST_MOMENT_TOO_LATE)
        fill(quota, portal, FIRST_MOMENT_TOO_LATE)
        assert not Notification.objects.filter(kind=Kind.PLACE_FREE).exists()

    @pytest.mark.parametrize("at", [FIRST_MOMENT_TOO_LATE, LAST_SECOND_BY_HAND])
    def test_the_commissioner_gives_it_to_the_first(self, queue, full, quota, giver, at):
        withdraw(full[0], at=FIRST_MOMENT_TOO_LATE)
        Notification.objects.all().delete()

        gift = give(quota, queue[0], giver, at)

        assert (gift.referral, gift.refusal) == (queue[0], "")
        assert statuses(*queue) == [Status.SUBMITTED, Status.WAITING, Status.WAITING]
        event = queue[0].events.get(seq=2)
        assert (event.kind, event.by, event.at) == (EventKind.PLACE_GIVEN, giver, at)
        assert event.facts == {"by_hand": True, "places_left": 0, "places_bought": 2, "ledger_seq": 5}
        assert told(Kind.PLACE_GIVEN_ADVISER)[3]["by_hand"] is True
        assert AuditEvent.objects.get(what="got a place").user_id == giver.pk

    def test_pressed_twice_it_is_given_once(self, queue, full, quota, giver):
        withdraw(full[0], at=FIRST_MOMENT_TOO_LATE)
        withdraw(full[1], at=FIRST_MOMENT_TOO_LATE)
        first, second = (give(quota, queue[0], giver) for _ in range(2))
        assert first.referral == second.referral == queue[0]
        assert quota_queries.places_left(quota) == 1
        assert queue[0].events.count() == 2
        assert Notification.objects.filter(kind=Kind.PLACE_GIVEN_ADVISER).count() == 1

    @pytest.mark.parametrize(
        ("at", "sentence"),
        [
            (LAST_SECOND, "Until the cut-off the portal gives places by itself, in order."),
            (DEADLINE_PASSED, "The last day on which places are given has passed: nobody gets a place any more."),
        ],
    )
    def test_neither_before_nor_after(self, queue, full, quota, giver, at, sentence):
        withdraw(full[0])
        self.nobody_gets_one(quota, queue[0], giver, at, sentence)

    def test_only_the_first(self, queue, full, quota, giver):
        withdraw(full[0])
        sentence = "It is not the first that waits, and places are given in order."
        self.nobody_gets_one(quota, queue[1], giver, FIRST_MOMENT_TOO_LATE, sentence)

    def test_only_while_a_place_is_free(self, queue, quota, giver):
        self.nobody_gets_one(quota, queue[0], giver, FIRST_MOMENT_TOO_LATE, "No place is free any more.")

    def test_only_one_that_still_waits(self, queue, full, quota, giver):
        withdraw(full[0])
        withdraw(queue[0])
        sentence = "It no longer waits. Its status is: Withdrawn."
        self.nobody_gets_one(quota, queue[0], giver, FIRST_MOMENT_TOO_LATE, sentence)

    @pytest.mark.parametrize("which", ["sent without waiting", "of the other stream", "unknown"])
    def test_only_one_of_this_list(self, queue, full, quota, giver, which):
        withdraw(full[0])
        other = quota_of(quota.period, Stream.MAINSTREAM)
        reference = {"sent without waiting": full[1].reference, "unknown": "EY-2222-22"}.get(which, queue[0].reference)
        asked = other if which == "of the other stream" else quota
        gift = waiting.give(quota=asked, reference=reference, by=giver, at=FIRST_MOMENT_TOO_LATE)
        assert (gift.referral, gift.refusal) == (None, "This request was never on this waiting list.")

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
    def test_nobody_else_gives(self, queue, full, quota, zone, role):
        withdraw(full[0])
        with pytest.raises(NotAllowed):
            give(quota, queue[0], person(role, zones=[zone]))
        assert statuses(*queue) == [Status.WAITING] * 3

    def nobody_gets_one(self, quota, referral, giver, at, sentence):
        left, events = quota_queries.places_left(quota), referral.events.count()
        gift = give(quota, referral, giver, at)
        assert (gift.referral, gift.refusal) == (None, sentence)
        assert (quota_queries.places_left(quota), referral.events.count()) == (left, events)


def give(quota, referral, by, at=FIRST_MOMENT_TOO_LATE):
    return waiting.give(quota=quota, reference=referral.reference, by=by, at=at)


class TestLapse:
    @pytest.mark.parametrize("at", [AT, LAST_SECOND, FIRST_MOMENT_TOO_LATE, LAST_SECOND_BY_HAND])
    def test_not_before_the_deadlines_day_is_over(self, queue, quota, portal, at):
        assert waiting.lapse(quota=quota, by=portal, at=at) == 0
        assert statuses(*queue) == [Status.WAITING] * 3

    def test_then_all_who_still_wait(self, queue, quota, portal, monkeypatch):
        monkeypatch.setattr(waiting, "AT_A_TIME", 2)
        withdraw(queue[1])

        assert waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED) == 2

        assert statuses(*queue) == [Status.LAPSED, Status.WITHDRAWN, Status.LAPSED]
        first = Referral.objects.get(pk=queue[0].pk)
        assert (first.ended_at, first.ended_by, first.place, first.turn) == (DEADLINE_PASSED, portal, None, 1)
        event = first.events.get(seq=2)
        assert (event.kind, event.at, event.by) == (EventKind.LAPSED, DEADLINE_PASSED, portal)
        assert event.facts == {
            "allocation_deadline_on": "2024-12-20",
            "joined_at": "2024-11-26T09:31:00+00:00",
            "successor": "",
        }
        ended = AuditEvent.objects.filter(what="no place came free")
        assert set(ended.values_list("reference", flat=True)) == {queue[0].reference, queue[2].reference}

    def test_both_are_told(self, queue, quota, portal):
        quota.period.contract.successor_name = "Specialist Outreach"
        quota.period.contract.save()
        Notification.objects.all().delete()
        waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED)
        assert Notification.objects.count() == 6
        [first] = Notification.objects.filter(key=f"waiting-lapsed:{queue[0].reference}:2:adviser")
        whom_to_ask = first.context.pop("whom_to_ask")
        about = {
            "reference": queue[0].reference,
            "establishment": queue[0].establishment.display_name,
            "stream_label": "early years",
            "allocation_deadline_on": "2024-12-20",
        }
        assert (first.kind, first.to_email) == (Kind.WAITING_LAPSED_ADVISER, "sorrel@council.invalid")
        assert first.context == about | {"joined_at": "2024-11-26T09:31:00+00:00", "successor": "Specialist Outreach"}
        assert whom_to_ask
        [contact] = Notification.objects.filter(key=f"waiting-lapsed:{queue[0].reference}:2:contact")
        assert (contact.kind, contact.to_email) == (Kind.WAITING_LAPSED_CONTACT, "perran@setting.invalid")
        assert contact.context == about | {"adviser_name": "Sorrel Khan", "adviser_email": "sorrel@council.invalid"}
        check_delivered("sorrel@council.invalid", "No place came free for request", "Specialist Outreach")

    def test_twice_is_once(self, queue, quota, portal):
        assert waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED) == 3
        messages = Notification.objects.count()
        assert waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED + timedelta(days=1)) == 0
        assert Notification.objects.count() == messages
        assert [one.events.count() for one in queue] == [2, 2, 2]

    def test_told_to_stop_it_stops_and_the_next_run_goes_on(self, queue, quota, portal, monkeypatch):
        monkeypatch.setattr(waiting, "AT_A_TIME", 2)
        answers = iter([False, True])
        assert waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED, stopping=lambda: next(answers)) == 2
        assert waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED) == 1

    def test_what_has_a_place_stays(self, queue, full, quota, portal):
        withdraw(full[0])
        fill(quota, portal)
        waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED)
        assert statuses(full[1], *queue) == [Status.SUBMITTED, Status.SUBMITTED, Status.LAPSED, Status.LAPSED]


class TestLeave:
    def test_from_the_middle_those_behind_move_up(self, queue, quota):
        lines = LedgerEntry.objects.count()
        left = withdraw(queue[1], note="Wilf moved", leaving=True)
        assert (left.status, left.place, left.ended_at) == (Status.WITHDRAWN, None, AT)
        assert list(waiting_queries.waiting_for(quota)) == [queue[0], queue[2]]
        assert waiting_queries.on_list(queue[2]) == waiting_queries.OnList(number=2, of=2)
        assert LedgerEntry.objects.count() == lines
        event = left.events.get(seq=2)
        assert (event.kind, event.by) == (EventKind.LEFT, left.submitted_by)
        assert event.facts == {"reason": "SUPPORT_ELSEWHERE", "note": "Wilf moved", "waiting": 2}
        assert AuditEvent.objects.filter(what="left the waiting list", reference=left.reference).count() == 1
        assert not AuditEvent.objects.filter(what="withdrew a request").exists()

    def test_both_are_told_that_it_held_no_place(self, queue):
        Notification.objects.all().delete()
        withdraw(queue[1], note="Wilf moved")
        assert Notification.objects.count() == 2
        context = told(Kind.REQUEST_WITHDRAWN_ADVISER)[3]
        assert (context["place_returned"], context["places_left"], context["places_granted"]) == (False, 0, 2)
        check_delivered("sorrel@council.invalid", "held no place, so none was given back")
        assert "Wilf" not in str([row.context for row in Notification.objects.all()])

    def test_twice_is_once(self, queue):
        withdraw(queue[1])
        again = withdraw(queue[1])
        assert again.status == Status.WITHDRAWN
        assert again.events.count() == 2

    def test_nothing_is_asked_of_the_job(self, queue):
        withdraw(queue[1])
        assert not JobRequest.objects.exists()

    def test_one_that_got_a_place_meanwhile_keeps_it(self, queue, full, quota, portal):
        withdraw(full[0])
        fill(quota, portal)
        unchanged = withdraw(queue[0], leaving=True)
        assert (unchanged.status, unchanged.place.reference) == (Status.SUBMITTED, queue[0].reference)
        assert quota_queries.places_left(quota) == 0

    def test_one_that_lapsed_cannot_leave(self, queue, quota, portal):
        waiting.lapse(quota=quota, by=portal, at=DEADLINE_PASSED)
        unchanged = withdraw(queue[0], at=DEADLINE_PASSED, leaving=True)
        assert (unchanged.status, unchanged.ended_by) == (Status.LAPSED, portal)

    def test_only_an_adviser_of_its_zone(self, queue):
        for stranger in (person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()]), person(Role.COMMISSIONER)):
            with pytest.raises(NotAllowed):
                withdraw(queue[0], by=stranger)


class TestReleased:
    def test_a_withdrawal_asks_for_its_place_to_be_given_in_its_own_transaction(self, full, quota):
        at = AT + timedelta(minutes=7)
        withdraw(full[0], at=at)
        [asked] = JobRequest.objects.all()
        assert (asked.job, asked.subject, asked.asked_at) == (FILL_PLACES, str(quota.pk), at)
        withdraw(full[0], at=at)  # too late: nothing is given back
        assert JobRequest.objects.count() == 1

    def test_several_withdrawals_ask_once_for_each_quota(self, full, queue, quota, zone):
        send = person(Role.SEND_ADVISER, Role.EARLY_YEARS_ADVISER, zones=[zone])
        school = sent_request(EstablishmentFactory(zone=zone, school=True), by=send)
        every = [*full, school, queue[1]]
        withdrawing.withdraw_all(referrals=every, reason=WithdrawReason.OTHER, note="", by=send, at=AT)
        asked = list(JobRequest.objects.values_list("job", "subject").order_by("pk"))
        other = quota_of(quota.period, Stream.MAINSTREAM)
        assert asked == [(FILL_PLACES, str(pk)) for pk in sorted((quota.pk, other.pk))]

    def test_sending_and_joining_ask_for_nothing(self, queue):
        assert not JobRequest.objects.exists()

    def test_one_that_got_its_place_and_is_withdrawn_passes_it_on(self, queue, full, quota, portal):
        withdraw(full[0])
        assert fill(quota, portal) == [queue[0].reference]
        first = withdraw(queue[0], at=AT + timedelta(days=1))
        assert (first.status, first.place) == (Status.WITHDRAWN, None)
        assert first.events.get(seq=3).kind == EventKind.WITHDRAWN
        assert fill(quota, portal, AT + timedelta(days=1)) == [queue[1].reference]
        line = LedgerEntry.objects.get(reference=first.reference, kind=EntryKind.RELEASED)
        assert line.answers.reason == waiting.FROM_THE_LIST


def told(kind) -> tuple:
    """The one message of this kind: key, to whom, what, when."""
    row = Notification.objects.get(kind=kind)
    return row.key, row.to_email, row.to_name, row.context, row.queued_at


def check_delivered(to_email: str, *words: str) -> None:
    """Both parts of the last message to an address hold these words, and neither names the child."""
    deliver_waiting()
    message = [one for one in mail.outbox if to_email in str(one.to)][-1]
    [html] = message.alternatives
    for part in (f"{message.subject} {message.body}", html.content):
        text = " ".join(part.split())
        assert [one for one in words if one not in text] == []
        assert "Wilf" not in text
        assert "Tasburgh" not in text


def test_the_moments_are_those_of_the_service():
    """If the dates of the period move, the tests above would no longer stand at its edges."""
    period = period_with_places()
    assert LAST_SECOND.astimezone(LONDON).date() == period.requests_close_on
    assert LAST_SECOND_BY_HAND.astimezone(LONDON).date() == period.allocation_deadline_on
