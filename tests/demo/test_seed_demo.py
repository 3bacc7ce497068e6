"""What `manage.py seed_demo` leaves behind: exact places, a reconciled ledger, plausible people and days, S2S at work.

One module, because loading the demo takes longer than all that is looked at in it.
"""

from collections import Counter
from datetime import date, datetime, time
from io import StringIO
from statistics import mean

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from quotas import queries as quota_queries
from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Period, Quota
from referrals.choices import (
    BookingKind,
    BookingState,
    EndState,
    EventKind,
    Section,
    SectionState,
    Status,
    VisitOutcome,
)
from referrals.models import (
    Booking,
    BookingFlag,
    Cohort,
    Cover,
    DraftReferral,
    RecordDraft,
    Referral,
    ReferralEvent,
    Visit,
    VisitRecord,
)
from referrals.permissions import Asking
from referrals.queries import cohorts as cohort_queries
from referrals.queries import drafts as draft_queries
from s2s_portal.core import clock
from s2s_portal.core.calendar import LONDON, london_date
from s2s_portal.core.geography import road_km
from s2s_portal.demo.documents.children import LONG_SURNAME
from s2s_portal.demo.documents.positions import position_of
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Eligibility, Role, Source, Stream
from s2s_portal.organisations.models import Establishment, Leave, Membership, Term, User, Zone
from s2s_portal.organisations.queries.invitations import not_invited
from s2s_portal.organisations.queries.people import people
from s2s_portal.organisations.queries.whereabouts import points_of
from tests.demo.ten_answers import TEN_ANSWERS, recounted
from tests.moments import AN_ORDINARY_TUESDAY

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
TODAY = AN_ORDINARY_TUESDAY.date()
HALF_TERM = (date(2024, 10, 28), date(2024, 11, 1))


def local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def rows_of_every_table() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


AUTUMN, SUMMER = "Autumn 2024 and spring 2025", "Summer term 2024"


@pytest.mark.parametrize(
    ("period", "stream", "bought", "drawn", "released", "left"),
    [
        (AUTUMN, Stream.EARLY_YEARS, 50, 46, 2, 6),
        (AUTUMN, Stream.MAINSTREAM, 85, 82, 3, 6),
        (SUMMER, Stream.EARLY_YEARS, 5, 6, 1, 0),
        (SUMMER, Stream.MAINSTREAM, 6, 8, 2, 0),
    ],
)
def test_exactly_so_many_places_are_used(demo, period, stream, bought, drawn, released, left):
    balance = quota_queries.balance_of(Quota.objects.get(period__name=period, stream=stream))
    assert (balance.bought, balance.drawn, balance.released) == (bought, drawn, released)
    assert balance.left == left
    held = Referral.objects.filter(period__name=period, stream=stream, place__isnull=False)
    assert held.count() == balance.used


def test_the_ledger_and_the_requests_agree(demo):
    live = set(LedgerEntry.objects.filter(kind=EntryKind.DRAWN, answered_by=None).values_list("reference", flat=True))
    held = {referral.reference: referral.place for referral in Referral.objects.exclude(place=None)}
    assert len(live) == 123 + 11
    assert live == set(held)
    assert all(place.reference == reference for reference, place in held.items())


def test_three_cohorts_in_different_states(demo):
    states = {cohort.title: (cohort.schools.count(), cohort.requests.count()) for cohort in Cohort.objects.all()}
    assert states == {
        "Early language in Reception and Year 1": (4, 4),
        "Sensory needs and attendance in Years 3 to 5": (7, 0),
        "Moving to Year 7 with complex needs": (5, 5),
    }


def test_seven_schools_are_ready_for_six_places(demo):
    cohort = Cohort.objects.get(sent_at=None)
    adviser = cohort.started_by
    lines = cohort_queries.lines_of(cohort, Asking(adviser), AN_ORDINARY_TUESDAY)
    assert [line.problems for line in lines] == [[]] * 7
    assert cohort_queries.description_problems(cohort, TODAY) == []


def test_the_summer_had_a_waiting_list(demo):
    told = {
        (one.stream, one.turn): (one.status, [event.kind for event in one.events.order_by("seq")[:2]])
        for one in Referral.objects.filter(turn__isnull=False)
    }
    given, lapsed = (Status.CLOSED, ["JOINED", "PLACE_GIVEN"]), (Status.LAPSED, ["JOINED", "LAPSED"])
    assert told == {
        (Stream.EARLY_YEARS, 1): given,
        (Stream.EARLY_YEARS, 2): lapsed,
        (Stream.MAINSTREAM, 1): given,  # the last school of a cohort
        (Stream.MAINSTREAM, 2): given,  # by hand, after the cut-off
        (Stream.MAINSTREAM, 3): lapsed,
    }
    by_hand = ReferralEvent.objects.get(kind="PLACE_GIVEN", facts__by_hand=True)
    assert by_hand.by.full_name == "Helen Marchetti"


def test_each_ledger_is_written_in_the_order_of_time(demo):
    for quota in Quota.objects.all():
        left, moments = 0, []
        for line in quota.entries.order_by("seq"):
            left += line.places
            assert line.left_after == left
            moments.append(line.at)
        assert moments == sorted(moments)


def test_every_request_was_sent_in_office_hours_on_a_school_day(demo):
    autumn = Referral.objects.filter(period__name=AUTUMN)
    sent = [local(moment) for moment in autumn.values_list("submitted_at", flat=True)]
    ended = [local(moment) for moment in autumn.exclude(ended_at=None).values_list("ended_at", flat=True)]
    assert len(sent) == 128
    assert not [moment for moment in sent if HALF_TERM[0] <= moment.date() <= HALF_TERM[1]]
    for moment in sent + ended:
        assert moment.weekday() < 5
        assert date(2024, 9, 4) <= moment.date()
        assert moment <= AN_ORDINARY_TUESDAY
        assert time(8) <= moment.time() <= time(17)


def test_it_is_tuesday_morning_and_everyone_has_been_told(demo):
    assert local(clock.now()).replace(second=0, microsecond=0) == AN_ORDINARY_TUESDAY
    assert Notification.objects.exclude(sent_at=None).count() == Notification.objects.count()
    assert f"sent {Notification.objects.count()}, put off 0, failed 0" in demo
    kinds = Counter(Notification.objects.values_list("kind", flat=True))
    single = 128 + 16 - 4 - 5  # all but those of cohorts
    assert (kinds["REQUEST_SENT_ADVISER"] + kinds["WAITING_JOINED_ADVISER"], kinds["COHORT_SENT"]) == (single, 2)
    assert kinds["PLACE_GIVEN_ADVISER"] == 3


def test_schools_and_settings_are_as_many_as_the_county_has(demo):
    schools, settings = (Establishment.objects.filter(source=source) for source in ("GIAS", "OFSTED"))
    assert Zone.objects.count() == 15
    assert 380 <= schools.count() <= 400
    assert settings.count() == 602
    assert schools.filter(kind__eligibility=Eligibility.PROVIDER).count() == 13
    assert schools.filter(kind__name="Local authority nursery school").count() == 2
    assert Counter(schools.values_list("status", flat=True)) == {"OPEN": 386, "CLOSING": 4, "CLOSED": 4}
    assert 0.27 < settings.filter(name="").count() / 602 < 0.33


def test_only_the_two_newest_settings_have_no_zone(demo):
    unplaced = Establishment.objects.filter(zone=None)
    assert sorted(unplaced.values_list("name", flat=True)) == ["Samphire Room Pre-School", "Whelk Row Nursery"]


def test_some_urns_are_of_a_school_and_of_a_setting(demo):
    urns = Counter(Establishment.objects.values_list("urn", flat=True))
    assert sum(count == 2 for count in urns.values()) == 3


def test_people_for_every_role_who_cannot_be_signed_in_as_by_password(demo):
    assert Counter(Membership.objects.values_list("role", flat=True)) == {
        Role.EARLY_YEARS_ADVISER: 12,
        Role.SEND_ADVISER: 15,
        Role.S2S_COORDINATOR: 2,
        Role.S2S_TEACHER: 20,
        Role.COMMISSIONER: 2,
        Role.ADMINISTRATOR: 1,
        Role.AUDITOR: 1,
    }
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert all(user.email.endswith(".invalid") for user in User.objects.all())


def test_advisers_have_one_to_three_zones_and_every_zone_both_kinds_of_adviser(demo):
    for role in (Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER):
        held = [set(membership.zones.all()) for membership in Membership.objects.filter(role=role)]
        assert {len(zones) for zones in held} <= {1, 2, 3}
        assert len(set.union(*held)) == 15
    personas = Membership.objects.filter(
        user__email__in=["early-years-adviser@demo.invalid", "send-adviser@demo.invalid"]
    )
    assert [membership.zones.count() for membership in personas] == [3, 3]


def test_every_teacher_comes_from_a_school_that_provides_s2s(demo):
    teachers = Membership.objects.filter(role=Role.S2S_TEACHER)
    assert {teacher.home_school.kind.eligibility for teacher in teachers} == {Eligibility.PROVIDER}


@pytest.mark.parametrize(("persona", "sent"), [("early-years-adviser", 7), ("send-adviser", 9 + 4 + 5)])
def test_the_personas_have_requests_of_their_own_one_withdrawn(demo, persona, sent):
    own = Referral.objects.filter(submitted_by__email=f"{persona}@demo.invalid")
    assert own.count() == sent
    assert own.filter(status=Status.WITHDRAWN).count() == 1
    assert own.filter(child_last_name=LONG_SURNAME).count() == 1
    assert len(LONG_SURNAME) == 35


def test_the_drafts_are_stuck_in_different_places(demo):
    states = {}
    for draft in DraftReferral.objects.all():
        lines = draft_queries.task_list(draft, user=draft.started_by, today=TODAY)
        states[draft.started_by.full_name, draft.started_at.date()] = {line.section: line.state for line in lines}
    assert len(states) == 8
    own = [found for (name, _day), found in sorted(states.items()) if name == "Amara Whitlock"]
    closed, nearly_done, just_begun = own
    assert closed[Section.SETTING] == SectionState.NEEDS_ATTENTION
    assert [section for section, state in nearly_done.items() if state != SectionState.DONE] == [Section.AGREEMENT]
    assert [section for section, state in just_begun.items() if state == SectionState.DONE] == [Section.SETTING]
    ready = [found for found in states.values() if set(found.values()) == {SectionState.DONE}]
    unspoken = [found for found in states.values() if found.get(Section.CONVERSATION) == SectionState.NOT_STARTED]
    in_doubt = [found for found in states.values() if found.get(Section.AGREEMENT) == SectionState.NEEDS_ATTENTION]
    assert (len(ready), len(unspoken), len(in_doubt)) == (1, 2, 1)


def test_children_have_plausible_ages_and_all_kinds_of_names(demo):
    named = Referral.objects.filter(about="CHILD")
    assert all(date(2008, 9, 1) <= child.date_of_birth <= date(2022, 8, 31) for child in named)
    letters = set("".join(child.child_first_name + child.child_last_name for child in named))
    assert letters >= set("’-")
    assert any(ord(letter) > 0x17F or letter in "éïÉÓóşŞąńł" for letter in letters)


def test_nothing_that_was_written_is_left_unfilled(demo):
    written = ("need_description", "strategies_tried", "strategies_outcome", "conversation_agreed", "group_description")
    for referral in [*Referral.objects.all(), *DraftReferral.objects.all()]:
        for column in written:
            assert "{" not in getattr(referral, column)
    assert not Referral.objects.filter(need_description="").exists()


def test_no_message_tells_who_a_child_is(demo):
    said = [str(message.context) for message in Notification.objects.all()]
    names = set(Referral.objects.exclude(child_last_name="").values_list("child_first_name", "child_last_name"))
    assert names
    assert [name for name in names if any(" ".join(name) in context for context in said)] == []


def test_a_second_run_changes_nothing(demo):
    before, said = rows_of_every_table(), StringIO()
    call_command("seed_demo", stdout=said)
    assert rows_of_every_table() == before
    assert said.getvalue() == "The demo is already here; nothing was changed. `make demo-reset` loads it anew.\n"


# --- Where things are ---
def test_settings_are_found_by_their_postcodes(demo):
    settings = list(Establishment.objects.filter(source=Source.OFSTED).exclude(postcode=""))
    found = points_of(settings)
    assert len(found) == len(settings) > 400
    off = [road_km(found[one.pk][0], position_of(one.postcode), 1) for one in settings]
    assert mean(off) < 2
    assert max(off) < 8


def test_teachers_work_where_their_own_school_is(demo):
    teachers = Membership.objects.filter(role=Role.S2S_TEACHER).select_related("home_school")
    at_home = [one.home_school.zone_id in {zone.pk for zone in one.zones.all()} for one in teachers]
    assert len(at_home) == 20
    assert sum(at_home) >= 18
    assert len({one.home_school_id for one in teachers}) >= 9


# --- What S2S has done ---
NOT_YET = {Status.TRANSFERRED, Status.WAITING}
"""Moving requests comes with the contract's end; places are still free, so that nobody waits."""


def test_every_state_that_a_request_can_have_is_there(demo):
    assert set(Referral.objects.values_list("status", flat=True)) == set(Status) - NOT_YET
    assert set(Referral.objects.filter(status=Status.CLOSED).values_list("end_state", flat=True)) == set(EndState)
    assert set(Booking.objects.values_list("state", flat=True)) == set(BookingState)
    assert set(Visit.objects.values_list("outcome", flat=True)) == set(VisitOutcome)


def test_the_teacher_among_personas_has_a_full_day(demo):
    priya = User.objects.get(email="s2s-teacher@demo.invalid")
    planned = Booking.objects.filter(teachers__teacher=priya, teachers__live=True, state=BookingState.PLANNED)
    days = Counter(london_date(one.starts_at) for one in planned)
    assert days[TODAY] == 3
    assert planned.filter(starts_at__lte=AN_ORDINARY_TUESDAY).count() == 1
    assert planned.filter(referral__visits_held=0).exclude(kind=BookingKind.OBSERVATION).count() == 0
    assert len(days) >= 4
    own = Referral.objects.filter(teacher=priya)
    assert {Status.ASSIGNED, Status.BOOKED, Status.SUPPORTING} <= set(own.values_list("status", flat=True))
    cover = Cover.objects.get(teacher=priya, starts_on__lte=TODAY, ends_on__gte=TODAY)
    away = Leave.objects.filter(user=cover.referral.teacher)
    assert away.filter(starts_on__lte=TODAY, ends_on__gte=TODAY).exists()
    assert not cover.referral.bookings.filter(state=BookingState.PLANNED).exists()
    assert BookingFlag.objects.filter(booking__in=planned, settled_at=None).exists()
    assert ReferralEvent.objects.filter(kind=EventKind.REASSIGNED, referral__teacher=priya).exists()


def test_nobody_did_anything_at_night_or_in_the_future(demo):
    done = list(ReferralEvent.objects.exclude(kind=EventKind.LAPSED).values_list("at", flat=True))
    assert max(done) <= AN_ORDINARY_TUESDAY
    assert {7 <= at.astimezone(LONDON).hour < 19 for at in done} == {True}
    told = Visit.objects.select_related("booking")
    assert all(visit.at >= visit.booking.starts_at for visit in told)


def test_held_visits_and_their_requests_agree(demo):
    held = Counter(Visit.objects.exclude(outcome=VisitOutcome.NOT_HELD).values_list("referral", flat=True))
    for referral in Referral.objects.all():
        assert referral.visits_held == held[referral.pk]
    assert Visit.objects.filter(records=None, draft=None).exclude(outcome=VisitOutcome.NOT_HELD).count() == 0
    assert RecordDraft.objects.filter(answers__isnull=False).exists()


def test_records_say_something_and_actions_roll_forward(demo):
    records = VisitRecord.objects.all()
    assert all(record.content["seen"] and record.content["needs_now"] for record in records)
    assert any(record.content["results"] for record in records)


def test_what_ended_without_a_visit_gave_its_place_back(demo):
    ended = Referral.objects.filter(visits_held=0, status__in=(Status.DECLINED, Status.CLOSED, Status.WITHDRAWN))
    drawn = set(LedgerEntry.objects.filter(answered_by=None, places=-1).values_list("reference", flat=True))
    assert ended.exists()
    assert not drawn & set(ended.values_list("reference", flat=True))


def test_the_school_calendar_is_entered(demo):
    assert Term.objects.filter(starts_on__lte=TODAY, ends_on__gte=TODAY).count() == 1


def test_whoever_did_something_has_signed_in_and_everybody_is_invited(demo, client):
    wrote = set(ReferralEvent.objects.values_list("by", flat=True))
    assert not people().filter(pk__in=wrote, last_login=None).exists()
    assert not not_invited(people()).exists()
    assert people().filter(last_login=None).exists()
    client.force_login(User.objects.get(email="administrator@demo.invalid"))
    found = {step.title: step for step in client.get(reverse("referrals:set_up")).context["found"].steps}
    assert found["People for every role"].status == "Done"


# --- What its commissioner reads ---
def test_the_commissioner_reads_the_ten_answers_to_the_digit(demo, client):
    client.force_login(User.objects.get(email="commissioner@demo.invalid"))
    read = [one["answer"] for one in client.get(reverse("oversight:overview")).context["answers"]]
    assert [(one.question, one.figure, one.sentence) for one in read] == list(TEN_ANSWERS)


def test_every_number_of_the_ten_answers_is_what_events_and_lines_add_up_to(demo):
    counted = recounted(Period.objects.get(name=AUTUMN), AN_ORDINARY_TUESDAY)
    assert counted == [(figure, sentence) for _question, figure, sentence in TEN_ANSWERS]
