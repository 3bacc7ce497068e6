"""Details that were sent wrong: corrected with history, until the first visit."""

import random
from datetime import date, timedelta

import pytest

from referrals.actions import agreements, correcting
from referrals.actions.correcting import CannotCorrect, Conflict
from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import (
    About,
    Agreement,
    AgreementHow,
    EventKind,
    Section,
    SenStatus,
    Status,
    SupportKind,
    YearGroup,
)
from referrals.models import NeedType, Referral
from referrals.queries.corrections import as_draft, sections_of
from referrals.queries.requests import history_of
from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import AuditEvent, ContactPerson
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.cohorts import ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
REASON = "Two digits were swapped."
GROUP = {
    "about": About.GROUP,
    "child_first_name": "",
    "child_last_name": "",
    "date_of_birth": None,
    "group_size": 4,
    "group_description": "All start in January",
}


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council):
    return council.people[Role.EARLY_YEARS_ADVISER]


def now(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def correct(referral, section, *, by, edition=None, reason=REASON, at=AT, **answers):
    edition = now(referral).edition if edition is None else edition
    told = {"section": section, "answers": answers, "edition": edition, "reason": reason}
    return correcting.correct(referral=referral, **told, by=by, at=at)


def corrections(referral):
    return list(referral.events.filter(kind=EventKind.CORRECTED).order_by("seq"))


def test_what_changed_is_kept_in_words(council, adviser):
    step = correct(council.early_years, Section.CHILD, by=adviser, date_of_birth=date(2021, 4, 3))
    assert (step.refusal, step.referral.edition) == ("", 2)
    assert now(council.early_years).date_of_birth == date(2021, 4, 3)
    [event] = corrections(council.early_years)
    assert event.facts == {
        "section": "child",
        "titles": ["Date of birth"],
        "was": {"date_of_birth": "4 March 2021"},
        "now": {"date_of_birth": "3 April 2021"},
        "note": REASON,
    }
    written = AuditEvent.objects.filter(what="corrected child", reference=council.early_years.reference)
    assert [row.user_id for row in written] == [adviser.pk]


def test_the_history_tells_what_changed_only_to_those_who_see_the_case(council, adviser):
    correct(council.early_years, Section.CHILD, by=adviser, child_first_name="Wilfred")
    whole, without = (history_of(council.early_years, with_notes=notes)[0] for notes in (True, False))
    assert without.text == "The child or group: Child’s first name corrected."
    assert whole.text.splitlines() == [
        without.text,
        "Child’s first name: was “Wilf”, is now “Wilfred”.",
        f"“{REASON}”",
    ]


def test_nothing_changed_writes_nothing(council, adviser):
    told = {name: getattr(as_draft(council.early_years), name) for name in SECTION_FIELDS[Section.CONTACT]}
    step = correct(council.early_years, Section.CONTACT, by=adviser, **told)
    assert (step.refusal, step.referral.edition) == ("", 1)
    assert corrections(council.early_years) == []
    assert not AuditEvent.objects.filter(what="corrected contact").exists()


def test_a_coordinator_may_and_others_may_not(council):
    told = {"availability": "Fridays."}
    correct(council.early_years, Section.CONTACT, by=council.people[Role.S2S_COORDINATOR], **told)
    row = support.assigned(council.early_years, teacher=council.people[Role.S2S_TEACHER])
    for role in (Role.S2S_TEACHER, Role.COMMISSIONER, Role.SEND_ADVISER, Role.ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(NotAllowed, match="can only be corrected by an adviser of its stream and zone or an S2S"):
            correct(row, Section.CONTACT, by=council.people[role], availability="Mondays.")
    with pytest.raises(NotAllowed):
        correct(row, Section.CONTACT, by=council.far_adviser, availability="Mondays.")
    assert now(row).availability == "Fridays."


@pytest.mark.parametrize(
    "status", [Status.SUBMITTED, Status.RETURNED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED]
)
def test_until_the_first_visit(council, adviser, status):
    row = support.in_status(council.early_years, status)
    assert not correct(row, Section.TRIED, by=adviser, strategies_tried="Signs.").refusal
    assert now(row).strategies_tried == "Signs."
    assert now(row).status == status


@pytest.mark.parametrize("status", [Status.SUPPORTING, Status.CLOSED, Status.DECLINED])
def test_too_late(council, adviser, status):
    row = support.in_status(council.early_years, status)
    step = correct(row, Section.TRIED, by=adviser, strategies_tried="Signs.")
    assert step.refusal == f"This request can no longer be corrected. It stands at: {status.label}."
    assert now(row).strategies_tried != "Signs."


def test_of_two_people_the_second_sees_what_the_first_did(council, adviser):
    coordinator = council.people[Role.S2S_COORDINATOR]
    correct(council.early_years, Section.NEEDS, by=coordinator, need_description="Hums.", edition=1)
    second = correct(council.early_years, Section.NEEDS, by=adviser, need_description="Sings.", edition=1)
    assert isinstance(second, Conflict)
    assert (second.theirs.by, second.theirs.facts["section"]) == (coordinator, "needs")
    assert second.referral.need_description == now(council.early_years).need_description == "Hums."
    assert len(corrections(council.early_years)) == 1


def test_an_edition_that_never_was(council, adviser):
    answer = correct(council.early_years, Section.NEEDS, by=adviser, edition=7)
    assert isinstance(answer, Conflict)
    assert answer.theirs is None


@pytest.mark.parametrize(
    ("section", "answers", "wrong"),
    [
        (Section.CONVERSATION, {"conversation_on": AT.date() + timedelta(days=1)}, "today or in the past"),
        (Section.CHILD, {"child_last_name": ""}, "Enter the child’s last name"),
        (Section.NEEDS, {"year_group": YearGroup.Y9}, "not for this year group"),
        (Section.TRIED, {"strategies_outcome": ""}, "Enter what came of it"),
        (Section.SUPPORT, {"support_wanted": []}, "Select at least one kind of support"),
        (Section.SUPPORT, {"goal_1": ""}, "Enter at least one goal"),
        (Section.CONTACT, {"contact_email": ""}, "Enter their e-mail address"),
    ],
)
def test_the_rules_of_a_draft_judge_a_correction(council, adviser, section, answers, wrong):
    with pytest.raises(CannotCorrect, match=wrong):
        correct(council.early_years, section, by=adviser, **answers)
    assert now(council.early_years).edition == 1


def test_goals_move_up_and_support_is_replaced(council, adviser):
    wanted = [SupportKind.MODELLING, SupportKind.OBSERVATION]
    goals = {"goal_1": "Asks for help.", "goal_2": "", "goal_3": "Plays with one other child."}
    step = correct(council.early_years, Section.SUPPORT, by=adviser, support_wanted=wanted, **goals)
    assert list(step.referral.goals.order_by("position").values_list("position", "text")) == [
        (1, "Asks for help."),
        (2, "Plays with one other child."),
    ]
    assert set(step.referral.support_wanted.values_list("kind", flat=True)) == set(wanted)
    [event] = corrections(council.early_years)
    assert event.facts["was"]["goal_2"] == ""
    assert event.facts["now"]["support_wanted"] == "Observation and recommendations\nModelling strategies in the room"
    correct(step.referral, Section.SUPPORT, by=adviser, goal_2="", support_wanted=list(reversed(wanted)))
    assert list(step.referral.goals.values_list("text", flat=True)) == ["Asks for help."]
    assert corrections(council.early_years)[-1].facts["titles"] == ["Second goal"]


def test_the_corrected_contact_is_known_for_next_time(council, adviser):
    correct(council.early_years, Section.CONTACT, by=adviser, contact_email="ida@setting.invalid", contact_name="Ida")
    assert ContactPerson.objects.get(establishment=council.setting, email="ida@setting.invalid").name == "Ida"


def test_a_group_that_turns_out_to_be_one_child_needs_an_agreement(council, adviser):
    group = sent_request(
        council.setting, by=adviser, **GROUP, agreement=Agreement.NOT_NEEDED, agreement_by="", agreement_on=None,
        agreement_how="", agreement_held="",
    )  # fmt: skip
    child = {"about": About.CHILD, "child_first_name": "Wilf", "child_last_name": "Tasburgh"}
    told = child | {"date_of_birth": date(2021, 3, 4), "group_size": None, "group_description": ""}
    correct(group, Section.CHILD, by=adviser, **told)
    assert now(group).agreement == Agreement.NOT_YET
    [event] = corrections(group)
    assert event.facts["now"]["agreement"] == "Not yet"
    assert is_asked(job=CHECK_BOOKINGS, subject=str(group.pk))


def test_a_child_that_turns_out_to_be_a_group_keeps_what_the_parents_said(council, adviser):
    agreements.withdraw(referral=council.early_years, on=AT.date(), note="", by=adviser, at=AT)
    correct(council.early_years, Section.CHILD, by=adviser, **GROUP)
    assert now(council.early_years).agreement == Agreement.WITHDRAWN


def test_an_agreement_is_not_corrected(council, adviser):
    with pytest.raises(ValueError, match="Parental agreement of this request is not corrected"):
        correct(council.early_years, Section.AGREEMENT, by=adviser, agreement=Agreement.YES)
    assert Section.AGREEMENT not in sections_of(council.early_years)
    assert Section.CONVERSATION not in sections_of(council.mainstream)


def test_another_setting_and_its_zone(council, adviser):
    zone = ZoneFactory(name="Tidal Broads")
    adviser.memberships.get().zones.add(zone)
    other = EstablishmentFactory(zone=zone, name="Puddle Lane Pre-school")
    step = correct(council.early_years, Section.SETTING, by=adviser, establishment_id=other.pk)
    row = now(council.early_years)
    assert (row.establishment_id, row.zone_id, row.place_id) == (other.pk, zone.pk, council.early_years.place_id)
    [event] = corrections(row)
    assert (event.zone_id, event.facts["now"]) == (zone.pk, {"establishment_id": str(other)})
    assert is_asked(job=CHECK_BOOKINGS, subject=str(row.pk))
    assert step.referral.establishment == other


def test_not_a_setting_of_another_stream_or_zone_or_one_that_closed(council, adviser):
    both = person(Role.EARLY_YEARS_ADVISER, zones=[council.zone])
    for other, wrong in (
        (council.school, "withdraw this one and send it again"),
        (council.far_setting, "outside your zones"),
        (EstablishmentFactory(zone=council.zone, status="CLOSED"), "closed in the register"),
    ):
        with pytest.raises(CannotCorrect, match=wrong):
            correct(council.early_years, Section.SETTING, by=both, establishment_id=other.pk)
    assert now(council.early_years).establishment_id == council.setting.pk


def test_a_coordinator_does_not_choose_another_setting(council):
    other = EstablishmentFactory(zone=council.zone)
    with pytest.raises(NotAllowed, match="chooses another school or setting"):
        correct(
            council.early_years, Section.SETTING, by=council.people[Role.S2S_COORDINATOR], establishment_id=other.pk
        )


def test_what_was_accepted_and_is_not_touched_stays_accepted(council, adviser):
    """A code is retired and the setting closes: neither keeps a wrong telephone number from being corrected."""
    NeedType.objects.filter(code="SLCN").update(valid_to=AT.date() - timedelta(days=1))
    council.setting.status = "CLOSED"
    council.setting.save()
    correct(council.early_years, Section.CONTACT, by=adviser, contact_telephone="01603 496009")
    correct(council.early_years, Section.NEEDS, by=adviser, sen_status=SenStatus.E)
    assert len(corrections(council.early_years)) == 2
    other = NeedType.objects.get(code="VI")
    correct(council.early_years, Section.NEEDS, by=adviser, primary_need_id=other.pk)
    with pytest.raises(CannotCorrect, match="cannot be used today"):
        correct(council.early_years, Section.NEEDS, by=adviser, primary_need_id=NeedType.objects.get(code="SLCN").pk)


def test_a_correction_of_one_section_may_not_make_another_wrong(council):
    """INDES is asked for by the year group: both are one section, and stay consistent."""
    by = council.people[Role.SEND_ADVISER]
    with pytest.raises(CannotCorrect, match="Enter the INDES level"):
        correct(council.mainstream, Section.NEEDS, by=by, indes_level=None)


def test_of_a_cohort_only_the_contact(council):
    by = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=by)
    send(cohort, by=by)
    [request] = cohort.requests.all()
    assert sections_of(request) == (Section.CONTACT,)
    correct(request, Section.CONTACT, by=by, contact_name="Ida Mautby")
    assert now(request).contact_name == "Ida Mautby"
    with pytest.raises(ValueError, match="not corrected"):
        correct(request, Section.NEEDS, by=by, need_description="Another.")


def test_back_and_forth_leaves_the_details_as_they_were_and_the_history_longer(council, adviser):
    """Whatever is corrected and corrected back, in any order: the answers are those that were sent."""
    chance = random.Random(4)
    changes = [
        (Section.CHILD, {"child_first_name": "Wilfred", "date_of_birth": date(2021, 4, 3)}),
        (Section.CHILD, GROUP),
        (Section.CONVERSATION, {"conversation_with": "The SENCo", "conversation_on": date(2024, 11, 1)}),
        (Section.NEEDS, {"secondary_need_id": NeedType.objects.get(code="VI").pk, "year_group": YearGroup.R}),
        (Section.TRIED, {"strategies_tried": "Signs.\nAnd songs."}),
        (Section.SUPPORT, {"support_wanted": [SupportKind.ADVICE], "goal_2": "Two.", "goal_3": "Three."}),
        (Section.CONTACT, {"contact_job_title": "", "availability": "Any day."}),
    ]
    before = vars(as_draft(council.early_years)).copy()
    for round_ in range(1, 9):
        section, answers = chance.choice(changes)
        old = {name: before[name] for name in answers}
        correct(council.early_years, section, by=adviser, **answers)
        assert {name: getattr(as_draft(now(council.early_years)), name) for name in answers} == answers
        correct(council.early_years, section, by=adviser, **old)
        after = vars(as_draft(now(council.early_years)))
        ours = [name for fields in SECTION_FIELDS.values() for name in fields]
        assert {name: after[name] for name in ours} == {name: before[name] for name in ours}
        assert len(corrections(council.early_years)) == now(council.early_years).edition - 1 == 2 * round_


def test_an_agreement_recorded_meanwhile_is_not_undone(council, adviser):
    """The correction writes only what it changed."""
    agreements.record(
        referral=council.early_years, given_by="Father", on=date(2024, 11, 25), how=AgreementHow.BY_EMAIL,
        held="The child’s file", by=adviser, at=AT,
    )  # fmt: skip
    correct(council.early_years, Section.CHILD, by=adviser, child_first_name="Wilfred", edition=1)
    assert now(council.early_years).agreement_by == "Father"
