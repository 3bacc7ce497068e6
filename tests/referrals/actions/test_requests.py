"""Sending and withdrawing, on the real database."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from quotas import queries as quota_queries
from quotas.choices import EntryKind, FeeBasis
from quotas.models import LedgerEntry
from referrals.actions import drafts, requests, withdrawing
from referrals.choices import EventKind, RefusalRule, Section, Status, WithdrawReason
from referrals.models import Decision, DraftReferral, Referral
from referrals.models.referrals import BEFORE_A_VISIT
from s2s_portal.core import references
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import AuditEvent, ContactPerson
from s2s_portal.organisations.permissions import NotAllowed
from tests import moments
from tests.factories import quotas, support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import filled_draft, sent_request

pytestmark = pytest.mark.django_db
AT = moments.AN_ORDINARY_TUESDAY
#: A request of these holds no place; what those on the waiting list do is in test_waiting.py.
WITHOUT_A_PLACE = {Status.WITHDRAWN, Status.DECLINED, Status.WAITING, Status.LAPSED}


def adviser_for(establishment):
    """One who files for this establishment's stream and zone."""
    early = establishment.kind.stream == Stream.EARLY_YEARS
    return person(Role.EARLY_YEARS_ADVISER if early else Role.SEND_ADVISER, zones=[establishment.zone])


def complete_draft(*, at=AT, establishment=None, by=None, **changes):
    establishment = establishment or EstablishmentFactory()
    return filled_draft(establishment, by=by or adviser_for(establishment), at=at, **changes)


def sent(*, at=AT, establishment=None, **changes):
    establishment = establishment or EstablishmentFactory()
    return sent_request(establishment, by=adviser_for(establishment), at=at, **changes)


def submit(draft, at=AT, by=None):
    return requests.submit(key=draft.key, by=by or draft.started_by, at=at)


def visited_then(status, referral):
    """Hold a visit of the request, and let it end or move on to `status`."""
    visit = support.held(support.booked(referral))
    if status == Status.CLOSED:
        support.closed(visit.referral)
    elif status == Status.TRANSFERRED:
        Referral.objects.filter(pk=referral.pk).update(status=status)  # no action leads here yet


def row_of(referral):
    return Referral.objects.filter(pk=referral.pk).values().get()


class TestSubmit:
    def test_a_complete_draft_becomes_a_request_and_draws_one_place(self):
        period = quotas.period_with_places(early_years=50)
        draft = complete_draft(goal_3="Stays at the table", support_wanted=["OBSERVATION", "MODELLING"])

        referral = submit(draft).referral

        assert references.tidied(referral.reference) == referral.reference
        assert referral.reference.startswith("EY-")
        assert referral.status == Status.SUBMITTED
        assert referral.submission_key == draft.key
        assert referral.submitted_at == AT
        assert referral.zone == draft.establishment.zone
        assert referral.period == period
        assert (referral.fee_basis, referral.fee_pence) == (FeeBasis.FUNDED, 0)
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 49
        assert (referral.place.reference, referral.place.seq) == (referral.reference, 2)
        assert referral.child_last_name == "Tasburgh"
        assert [goal.text for goal in referral.goals.order_by("position")] == [
            "Asks for help with a sign or a word.",
            "Stays at the table",
        ]
        assert {row.kind for row in referral.support_wanted.all()} == {"OBSERVATION", "MODELLING"}

    def test_the_event_holds_what_was_true(self):
        quotas.period_with_places(early_years=50)
        referral = sent(at=AT)

        event = referral.events.get()

        assert (event.seq, event.kind, event.at, event.by) == (1, EventKind.SUBMITTED, AT, referral.submitted_by)
        assert (event.stream, event.zone, event.establishment) == (
            referral.stream,
            referral.zone,
            referral.establishment,
        )
        assert event.facts["places_left"] == 49
        assert event.facts["places_bought"] == 50
        assert event.facts["placed_out_of_year"] is False

    def test_a_year_group_that_differs_is_sent_and_noted(self):
        quotas.period_with_places()
        referral = sent(at=AT, year_group="R")
        assert referral.events.get().facts["placed_out_of_year"] is True

    def test_adviser_and_contact_are_told_without_child_data(self):
        quotas.period_with_places()
        referral = sent(at=AT)

        told = {row.kind: row for row in Notification.objects.all()}

        assert set(told) == {Kind.REQUEST_SENT_ADVISER, Kind.REQUEST_SENT_CONTACT}
        assert told[Kind.REQUEST_SENT_ADVISER].to_email == referral.submitted_by.email
        assert told[Kind.REQUEST_SENT_ADVISER].context["places_left"] == 49
        assert told[Kind.REQUEST_SENT_CONTACT].to_email == "perran@setting.invalid"
        assert "Tasburgh" not in str([row.context for row in told.values()])

    def test_the_draft_is_gone_and_the_contact_is_remembered(self):
        quotas.period_with_places()
        referral = sent(at=AT)

        assert not DraftReferral.objects.exists()
        assert ContactPerson.objects.get().establishment == referral.establishment
        assert AuditEvent.objects.filter(what="sent a request", reference=referral.reference).count() == 1

    def test_the_same_key_again_gives_the_same_request(self):
        period = quotas.period_with_places()
        draft = complete_draft(at=AT)

        first, second = submit(draft).referral, submit(draft).referral

        assert first == second
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 49
        assert Notification.objects.count() == 2

    def test_an_unknown_key_is_no_draft(self):
        quotas.period_with_places()
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
        with pytest.raises(DraftReferral.DoesNotExist):
            requests.submit(key=uuid.uuid4(), by=adviser, at=AT)

    def test_a_draft_of_another_zone_is_no_draft(self):
        quotas.period_with_places()
        draft = complete_draft(at=AT)
        stranger = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
        with pytest.raises(DraftReferral.DoesNotExist):
            submit(draft, by=stranger)
        assert DraftReferral.objects.filter(pk=draft.pk).exists()

    def test_a_sent_request_of_somebody_else_is_not_given_away_by_its_key(self):
        quotas.period_with_places()
        draft = complete_draft(at=AT)
        submit(draft)
        stranger = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
        with pytest.raises(DraftReferral.DoesNotExist):
            submit(draft, by=stranger)

    def test_one_who_no_longer_files_may_not_send(self):
        quotas.period_with_places()
        draft = complete_draft(at=AT)
        submit(draft)
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[draft.establishment.zone])
        colleague_draft = complete_draft(at=AT, establishment=draft.establishment, by=adviser)
        sent = submit(colleague_draft).referral
        adviser.memberships.all().delete()
        del adviser.held_memberships
        with pytest.raises(NotAllowed):
            requests.submit(key=sent.submission_key, by=adviser, at=AT)

    def test_who_files_for_both_streams_sends_drafts_of_either(self):
        period = quotas.period_with_places()
        setting, school = EstablishmentFactory(), EstablishmentFactory(school=True)
        both = person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[setting.zone, school.zone])

        for place, stream in ((setting, Stream.EARLY_YEARS), (school, Stream.MAINSTREAM)):
            made = filled_draft(place, by=both, at=AT)
            before = quota_queries.places_left(quotas.quota_of(period, stream))
            first, second = submit(made).referral, submit(made).referral
            assert (first, first.stream) == (second, stream)
            assert quota_queries.places_left(quotas.quota_of(period, stream)) == before - 1
        with pytest.raises(DraftReferral.DoesNotExist):
            requests.submit(key=uuid.uuid4(), by=both, at=AT)

    def test_a_colleague_who_presses_second_is_led_to_the_request(self):
        quotas.period_with_places()
        draft = complete_draft(at=AT)
        colleague = adviser_for(draft.establishment)
        first = submit(draft).referral
        assert submit(draft, by=colleague).referral == first

    def test_one_who_files_for_the_other_stream_now_may_not_send(self):
        quotas.period_with_places()
        draft = complete_draft(at=AT)
        submit(draft)
        adviser = draft.started_by
        adviser.memberships.update(role=Role.SEND_ADVISER)
        del adviser.held_memberships
        with pytest.raises(NotAllowed):
            submit(draft, by=adviser)

    def test_a_submission_takes_few_statements(self, django_assert_num_queries):
        quotas.period_with_places()
        first = complete_draft(at=AT)
        by = first.started_by
        second = complete_draft(at=AT, establishment=first.establishment, by=by)
        submit(first, by=by)  # the person's roles are read, and the contact is known
        with django_assert_num_queries(23):
            submit(second, by=by)

    def test_an_incomplete_draft_says_what_is_missing_and_changes_nothing(self):
        period = quotas.period_with_places()
        draft = complete_draft(at=AT)
        saved = draft.sections.get(section=Section.TRIED)
        answers = {"strategies_tried": "", "strategies_outcome": ""}
        drafts.save_section(
            draft=draft, section=Section.TRIED, answers=answers, version=saved.version, by=draft.started_by, at=AT
        )

        with pytest.raises(requests.Incomplete) as caught:
            submit(draft)

        assert set(caught.value.problems) == {Section.TRIED}
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 50
        assert not Notification.objects.exists()

    def test_what_was_checked_is_what_is_sent(self):
        quotas.period_with_places()
        draft = complete_draft()
        seen = str(draft.edition)
        saved = draft.sections.get(section=Section.TRIED)
        answers = {"strategies_tried": "Something else", "strategies_outcome": "Better"}
        drafts.save_section(
            draft=draft, section=Section.TRIED, answers=answers, version=saved.version, by=draft.started_by, at=AT
        )

        with pytest.raises(requests.ChangedSinceChecked):
            requests.submit(key=draft.key, by=draft.started_by, at=AT, checked=seen)
        draft.refresh_from_db()

        sent = requests.submit(key=draft.key, by=draft.started_by, at=AT, checked=str(draft.edition)).referral
        assert sent.strategies_tried == "Something else"

    def test_the_readings_of_the_draft_are_found_from_the_request(self):
        quotas.period_with_places()
        draft = complete_draft()
        referral = submit(draft).referral
        link = AuditEvent.objects.get(what=f"became {referral.reference}")
        assert link.reference == f"draft {draft.key}"

    def test_a_mainstream_request_uses_a_mainstream_place(self):
        period = quotas.period_with_places()
        referral = sent(at=AT, establishment=EstablishmentFactory(school=True))

        assert referral.reference.startswith("MS-")
        assert referral.conversation_on is None
        assert referral.indes_level == 3
        assert quota_queries.places_left(quotas.quota_of(period, Stream.MAINSTREAM)) == 84
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 50


class TestRefusal:
    def test_full_is_refused_with_six_facts_and_the_draft_is_kept(self):
        quotas.period_with_places(early_years=1)
        sent(at=AT)
        draft = complete_draft(at=AT)

        outcome = submit(draft)

        assert outcome.referral is None
        decision = outcome.decision
        assert decision.rule == RefusalRule.FULL
        assert decision.reference.startswith("RF-")
        assert decision.facts["count"] == "At 09:30:00 on 26 November 2024, 1 of 1 early years places were used."
        assert decision.facts["rule"] == "Every request uses one early years place, and all places are used."
        assert "set the number of places to 1 on 12 August 2024" in decision.facts["set_by"]
        assert "13 December 2024" in decision.facts["next_date"]
        assert decision.facts["waiting_list"].startswith("Open: nobody was waiting, so you could join as number 1.")
        assert "csearlyyearsadviceline@norfolk.gov.uk" in decision.facts["help"]
        assert set(decision.facts) == {"rule", "count", "set_by", "next_date", "waiting_list", "help"}
        assert DraftReferral.objects.filter(pk=draft.pk).exists()
        assert Referral.objects.count() == 1
        told = Notification.objects.get(kind=Kind.REQUEST_REFUSED)
        assert told.to_email == draft.started_by.email

    @pytest.mark.parametrize(
        ("at", "accepted"),
        [
            pytest.param(moments.LAST_SECOND, True, id="13 December 23:59:59"),
            pytest.param(moments.FIRST_MOMENT_TOO_LATE, False, id="14 December 00:00:00"),
        ],
    )
    def test_the_cut_off_includes_its_whole_day(self, at, accepted):
        quotas.period_with_places()
        draft = complete_draft(at=AT)

        outcome = submit(draft, at=at)

        assert (outcome.referral is not None) == accepted
        if not accepted:
            assert outcome.decision.rule == RefusalRule.CUT_OFF
            assert outcome.decision.facts["rule"] == (
                "Requests were taken up to and including 13 December 2024. That day has ended."
            )
            assert outcome.decision.facts["waiting_list"].startswith("Closed")
            assert "31 March 2025" in outcome.decision.facts["next_date"]

    def test_a_double_press_is_one_refusal_and_a_later_try_another(self):
        quotas.period_with_places(early_years=0)
        draft = complete_draft(at=AT)

        first, again = submit(draft).decision, submit(draft, at=AT - timedelta(seconds=1)).decision
        later = submit(draft, at=moments.CUT_OFF_DAY_MORNING).decision

        assert first == again
        assert later != first
        assert Notification.objects.filter(kind=Kind.REQUEST_REFUSED).count() == 2

    def test_without_any_period_it_says_that_nothing_was_bought(self):
        draft = complete_draft(at=AT)
        decision = submit(draft).decision
        assert decision.rule == RefusalRule.NO_QUOTA
        assert decision.period is None
        assert "no places have been bought" in decision.facts["rule"]

    def test_before_the_period_opens(self):
        quotas.period_with_places()
        too_early = moments.TERM_STARTS.replace(day=1, hour=23, minute=59, second=59)
        draft = complete_draft(conversation_on=too_early.date(), agreement_on=too_early.date())
        decision = submit(draft, at=too_early).decision
        assert decision.rule == RefusalRule.NOT_YET_OPEN
        assert decision.facts["next_date"] == "Requests open on 2 September 2024."


class TestWithdraw:
    def withdraw(self, referral, by=None):
        return withdrawing.withdraw(
            referral=referral, reason=WithdrawReason.CHILD_MOVED, note="", by=by or referral.submitted_by, at=AT
        )

    def test_gives_the_place_back_once_and_tells_both(self):
        period = quotas.period_with_places()
        quota = quotas.quota_of(period, Stream.EARLY_YEARS)
        referral = sent(at=AT)

        self.withdraw(referral)
        again = self.withdraw(referral)

        assert again.status == Status.WITHDRAWN
        assert again.place is None
        assert (again.ended_at, again.ended_by) == (AT, referral.submitted_by)
        assert quota_queries.places_left(quota) == 50
        assert LedgerEntry.objects.filter(kind=EntryKind.RELEASED).count() == 1
        assert [event.kind for event in referral.events.order_by("seq")] == [EventKind.SUBMITTED, EventKind.WITHDRAWN]
        kinds = set(Notification.objects.values_list("kind", flat=True))
        assert {Kind.REQUEST_WITHDRAWN_ADVISER, Kind.REQUEST_WITHDRAWN_CONTACT} <= kinds

    def test_a_colleague_of_the_zone_may(self):
        quotas.period_with_places()
        referral = sent(at=AT)
        colleague = person(Role.EARLY_YEARS_ADVISER, zones=[referral.zone])
        assert self.withdraw(referral, by=colleague).ended_by == colleague

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.EARLY_YEARS_ADVISER])
    def test_nobody_else_may(self, role):
        quotas.period_with_places()
        referral = sent(at=AT)
        with pytest.raises(NotAllowed):
            self.withdraw(referral, by=person(role, zones=[referral.zone]))
        assert Referral.objects.get().status == Status.SUBMITTED

    @pytest.mark.parametrize("status", sorted(set(Status) - {*BEFORE_A_VISIT, *WITHOUT_A_PLACE}))
    def test_after_a_visit_or_an_end_nothing_is_given_back(self, status):
        """The page hides the form; this is the action's own no, to a person who may and a request that has a place."""
        period = quotas.period_with_places()
        referral = sent(at=AT)
        visited_then(status, referral)
        before, told, events = row_of(referral), Notification.objects.count(), referral.events.count()

        unchanged = self.withdraw(referral)

        assert (unchanged.status, unchanged.place_id) == (status, referral.place_id)
        assert row_of(referral) == before
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 49
        assert (referral.events.count(), Notification.objects.count()) == (events, told)
        assert not AuditEvent.objects.filter(what="withdrew a request").exists()

    @pytest.mark.parametrize("status", BEFORE_A_VISIT)
    def test_before_a_visit_it_is_withdrawn_wherever_it_stands(self, status):
        period = quotas.period_with_places()
        referral = support.in_status(sent(at=AT), status)
        assert self.withdraw(referral).status == Status.WITHDRAWN
        assert quota_queries.places_left(quotas.quota_of(period, Stream.EARLY_YEARS)) == 50

    def test_the_freed_place_can_be_used_by_another(self):
        quotas.period_with_places(early_years=1)
        referral = sent(at=AT)
        waiting = complete_draft(at=AT)
        assert submit(waiting).decision is not None

        self.withdraw(referral)

        assert submit(waiting).referral is not None


def test_a_rollback_leaves_nothing_behind():
    quotas.period_with_places()
    draft = complete_draft(at=AT)
    before = LedgerEntry.objects.count()

    class Killed(Exception):
        pass

    def killed_before_the_commit():
        with transaction.atomic():
            submit(draft)
            raise Killed

    with pytest.raises(Killed):
        killed_before_the_commit()

    assert LedgerEntry.objects.count() == before
    assert not Referral.objects.exists()
    assert not Notification.objects.exists()
    assert not Decision.objects.exists()
    assert DraftReferral.objects.filter(pk=draft.pk).exists()
