"""A request's page in each status, for each who reads it: the next step, the clocks, visits, contacts, buttons."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals.actions import contacting, covering, withdrawing
from referrals.choices import (
    About,
    Action,
    Agreement,
    BookingMode,
    BookingProblem,
    ContactOutcome,
    GoalResult,
    NotHeldReason,
    Status,
    VisitOutcome,
    WithdrawReason,
)
from referrals.models import BookingFlag, Referral, ServiceStandards
from referrals.views.buttons import PAGES
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
WHO = (Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR, Role.S2S_TEACHER, Role.COMMISSIONER)
DAY = timedelta(days=1)
S = Status
A = Action

NOTHING = "Nothing more happens. If support is needed again, it is a new request, which uses a new place."
NOT_STARTED = (
    "Nothing more happens: it closed before a visit was held. "
    "If support is needed again, it is a new request, which uses a new place."
)
GIVEN = (
    "The S2S co-ordinator gives this request to a teacher of a complex needs school, "
    "who gets in touch with the contact person."
)
TOUCH = "S2S teacher Person gets in touch with the contact person to arrange a visit."
AGREE = "S2S teacher Person and the school or setting agree a time for the first visit."
VISIT = "The visit is on Thursday 28 November 2024, 09:30"
WRITES = "S2S teacher Person writes the record of the visit on 28 November 2024."
REINSTATE = "Nothing more happens. Until the end of 20 December 2024 you can reinstate it, if a place is free for it."
#: The next step in each status as the adviser, the co-ordinator, the teacher who has it and the commissioner read it;
#: None: they do not see it.
STEPS = {
    S.SUBMITTED: (GIVEN, "Give this request to a teacher, who gets in touch with the contact person.", None, GIVEN),
    S.RETURNED: (
        "Answer S2S’s question. The request keeps its place and its date, and S2S goes on when you have.",
        "The adviser has been asked for more information. The request goes on when they have answered.",
        None,
        "The adviser has been asked for more information. S2S goes on when they have answered; the place is kept.",
    ),
    S.ASSIGNED: (TOUCH, TOUCH, "Get in touch with the contact person, and log each attempt.", TOUCH),
    S.IN_CONTACT: (
        AGREE,
        AGREE,
        "Agree a time for the first visit with the school or setting, and book it.",
        AGREE,
    ),
    S.BOOKED: (
        f"{VISIT}, with S2S teacher Person.",
        f"{VISIT}, with S2S teacher Person.",
        f"{VISIT}. Afterwards tell what became of it.",
        f"{VISIT}, with S2S teacher Person.",
    ),
    S.SUPPORTING: (WRITES, WRITES, "Write and finalise the record of the visit on 28 November 2024.", WRITES),
    S.DECLINED: (NOTHING, NOTHING, None, REINSTATE),
    S.CLOSED: (NOT_STARTED, NOT_STARTED, None, NOT_STARTED),
}
CONTACT = ["Reach the school or setting by 3 December 2024: 5 working days left."]
VISITING = ["Hold the first visit by 24 December 2024: 20 working days left."]
#: R10's clocks in each status: the same for everybody.
CLOCKS = {
    S.SUBMITTED: CONTACT,
    S.RETURNED: [
        "Reach the school or setting: paused since 26 November 2024, as the adviser has been asked for information."
    ],
    S.ASSIGNED: CONTACT,
    S.IN_CONTACT: VISITING,
    S.BOOKED: VISITING,
    S.SUPPORTING: [
        "Finalise the record of visit by 12 December 2024: 12 working days left.",
        "Hold the review by 9 January 2025: 32 working days left.",
    ],
    S.DECLINED: [],
    S.CLOSED: [],
}
TO_END = (A.DECLINE, A.CLOSE_NOT_STARTED)
KEPT_UP = (A.CORRECT, A.WITHDRAW_AGREEMENT)
#: What each may press: the green button (None: there is none) and the rest. The request has an agreement.
BUTTONS = {
    S.SUBMITTED: (
        (None, {*KEPT_UP, A.WITHDRAW}),
        (A.ASSIGN, {A.ASK, *KEPT_UP, *TO_END}),
        None,
        (None, set()),
    ),
    S.RETURNED: (
        (A.SEND_BACK, {*KEPT_UP, A.WITHDRAW}),
        (None, {A.TAKE_BACK, *KEPT_UP, *TO_END}),
        None,
        (None, set()),
    ),
    S.ASSIGNED: (
        (None, {*KEPT_UP, A.WITHDRAW}),
        (None, {A.ASK, A.REASSIGN, A.COVER, *KEPT_UP, *TO_END}),
        (A.LOG_CONTACT, {A.ASK, A.WITHDRAW_AGREEMENT, A.CLOSE_NOT_STARTED}),
        (None, set()),
    ),
    S.IN_CONTACT: (
        (None, {*KEPT_UP, A.WITHDRAW}),
        (None, {A.ASK, A.REASSIGN, A.COVER, *KEPT_UP, *TO_END}),
        (A.BOOK, {A.LOG_CONTACT, A.ASK, A.WITHDRAW_AGREEMENT, A.CLOSE_NOT_STARTED}),
        (None, set()),
    ),
    S.BOOKED: (
        (None, {*KEPT_UP, A.WITHDRAW}),
        (None, {A.ASK, A.REASSIGN, A.COVER, *KEPT_UP, *TO_END}),
        (None, {A.LOG_CONTACT, A.BOOK, A.ASK, A.WITHDRAW_AGREEMENT, A.CLOSE_NOT_STARTED}),
        (None, set()),
    ),
    S.SUPPORTING: (
        (None, {A.WITHDRAW_AGREEMENT}),
        (None, {A.REASSIGN, A.COVER, A.WITHDRAW_AGREEMENT}),
        ("Write the record of the visit", {A.LOG_CONTACT, A.BOOK, A.CLOSE, A.WITHDRAW_AGREEMENT}),
        (None, set()),
    ),
    S.DECLINED: ((None, set()), (None, set()), None, (None, {A.REINSTATE})),
    S.CLOSED: ((None, set()), (None, set()), None, (None, set())),
}


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def see(council, client_for):
    """The request's page as somebody with this role sees it, or None."""

    def page(request: Referral, role: Role) -> str | None:
        answer = client_for(council.people[role]).get(page_of(request))
        return None if answer.status_code == 404 else text_of(answer)

    return page


def page_of(request) -> str:
    return reverse("referrals:referral_detail", args=[request.reference])


def step_in(html: str) -> str:
    return re.search(r"What happens next</h2>\s*<p class=\"govuk-body\">(.*?)</p>", html, re.S).group(1)


def clocks_in(html: str) -> list[str]:
    """The sentences of the clocks, without their tags."""
    listed = re.findall(r"<li>((?:Reach the|Hold the|Finalise the)[^<]*)", html)
    return [words.strip() for words in listed]


def green_in(html: str) -> str:
    found = re.search(r'class="govuk-button" data-module="govuk-button">(.*?)</a>', html)
    return found.group(1) if found else ""


def also_in(html: str) -> set[str]:
    rest = html.split("You can also</h2>")[1].split("</ul>")[0] if "You can also</h2>" in html else ""
    return set(re.findall(r">([^<]+)</a>", rest))


def links_in(html: str) -> list[str]:
    """The links below the visits."""
    return re.findall(r">([^<]+)<span class=\"govuk-visually-hidden\">: Observation", html)


def words(actions) -> set[str]:
    """The words of these actions' buttons."""
    return {PAGES[action][0] for action in actions}


def test_the_tables_know_every_status():
    reached_elsewhere = {S.WAITING, S.LAPSED, S.WITHDRAWN, S.TRANSFERRED}
    assert STEPS.keys() == CLOCKS.keys() == BUTTONS.keys() == set(Status) - reached_elsewhere


@pytest.mark.parametrize("status", STEPS)
def test_what_each_reads_and_may_press(council, see, status):
    request = support.in_status(council.early_years, status)
    for role, step, buttons in zip(WHO, STEPS[status], BUTTONS[status], strict=True):
        html = see(request, role)
        assert (html is None) == (step is None) == (buttons is None)
        if html is None:
            continue
        first, others = buttons
        assert (role, step_in(html), clocks_in(html)) == (role, step, CLOCKS[status])
        assert {green_in(html)} - {""} == (words([first]) if first in PAGES else {first} - {None})
        assert also_in(html) == words(others)


def test_what_a_status_that_is_over_says(council, see, client_for):
    withdrawn = council.withdrawn
    assert step_in(see(withdrawn, Role.EARLY_YEARS_ADVISER)) == NOTHING
    assert step_in(see(withdrawn, Role.COMMISSIONER)) == REINSTATE
    Referral.objects.filter(pk=council.early_years.pk).update(status=Status.TRANSFERRED)
    moved = see(council.early_years, Role.COMMISSIONER)
    assert step_in(moved) == "It was moved at the contract’s end, and support goes on there."
    assert also_in(moved) == set()


@pytest.mark.moment(AT + 60 * DAY)
def test_nobody_is_offered_to_reinstate_after_the_allocation_deadline(council, see):
    assert also_in(see(council.withdrawn, Role.COMMISSIONER)) == set()


def lacking_agreement(request) -> Referral:
    Referral.objects.filter(pk=request.pk).update(agreement=Agreement.NOT_YET)
    return Referral.objects.get(pk=request.pk)


def test_without_an_agreement_it_comes_first(council, see):
    request = lacking_agreement(support.in_status(council.early_years, S.IN_CONTACT))
    assert request.about == About.CHILD
    teachers, advisers = see(request, Role.S2S_TEACHER), see(request, Role.EARLY_YEARS_ADVISER)
    assert "Record the parents’ agreement: a named child is not observed without it." in step_in(teachers)
    assert {green_in(teachers)} - {""} == words([A.RECORD_AGREEMENT])
    assert words([A.BOOK]) <= also_in(teachers)
    assert "record it if they gave it" in step_in(advisers)
    assert step_in(see(request, Role.COMMISSIONER)) == AGREE


def test_clocks_that_are_overdue_due_today_or_cannot_be_named(council, see):
    request = council.early_years
    for days, words, tag in (
        (7, "by 3 December 2024: that is today.", "Today"),
        (6, "by 3 December 2024: 1 working day left.", ""),
        (8, "by 3 December 2024: overdue by 1 working day.", "Overdue"),
        (10, "by 3 December 2024: overdue by 3 working days.", "Overdue"),
    ):
        with time_machine.travel(AT + days * DAY, tick=False):
            html = see(request, Role.S2S_COORDINATOR)
        assert clocks_in(html) == [f"Reach the school or setting {words}"]
        assert (f">{tag}</strong>" in html) == bool(tag)


def test_a_clock_that_ends_on_a_saturday_is_not_due_on_the_friday(council, see):
    teacher = council.people[Role.S2S_TEACHER]
    friday = AT + 3 * DAY
    request = support.in_contact(council.early_years, teacher=teacher, at=friday)
    Referral.objects.filter(pk=request.pk).update(observation_paused_days=1)
    with time_machine.travel(friday + 28 * DAY, tick=False):
        html = see(request, Role.S2S_TEACHER)
    assert clocks_in(html) == ["Hold the first visit by 28 December 2024: 1 working day left."]


def test_where_term_dates_are_missing_the_page_says_so(council, client_for):
    request = support.in_contact(council.mainstream)
    html = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(page_of(request)))
    assert clocks_in(html) == ["Hold the first visit: term dates are not entered, so no day can be named."]
    load_norfolk_calendar(by=council.people[Role.ADMINISTRATOR], at=AT)
    html = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(page_of(request)))
    assert re.match("Hold the first visit by 7 January 2025: [0-9]+ working days left.", clocks_in(html)[0])


def test_the_clocks_follow_the_settings_of_the_moment(council, see):
    numbers = {"contact_working_days": 2, "observation_weeks": 4, "record_working_days": 10, "review_weeks": 6}
    numbers |= {"usual_visits": 3, "most_visits": 6, "road_percent": 130, "km_per_hour": 45}
    by = council.people[Role.COMMISSIONER]
    ServiceStandards.objects.create(in_force_from=AT - DAY, reason="Sooner", set_by=by, set_at=AT - DAY, **numbers)
    ServiceStandards.objects.create(
        in_force_from=AT + DAY, reason="Later", set_by=by, set_at=AT, **numbers | {"contact_working_days": 9}
    )
    [clock] = clocks_in(see(council.early_years, Role.COMMISSIONER))
    assert clock == "Reach the school or setting by 28 November 2024: 2 working days left."


def test_who_has_it_and_who_covers_it_today(council, see):
    teacher, cover = council.people[Role.S2S_TEACHER], person(Role.S2S_TEACHER, full_name="Ida Mautby")
    request = support.assigned(council.early_years, teacher=teacher)
    days = {"starts_on": AT.date(), "ends_on": AT.date() + 3 * DAY}
    by = council.people[Role.S2S_COORDINATOR]
    covering.cover(referral=request, teacher=cover, **days, by=by, at=AT)
    html = see(request, Role.COMMISSIONER)
    assert "S2S teacher</dt>" in html
    assert "Ida Mautby looks after it until 29 November 2024, in place of S2S teacher Person." in html
    with time_machine.travel(AT + 4 * DAY, tick=False):
        assert "looks after it until" not in see(request, Role.COMMISSIONER)


def test_whoever_covers_reads_what_the_teacher_reads(council, client_for):
    cover = person(Role.S2S_TEACHER, full_name="Ida Mautby")
    request = support.assigned(council.early_years)
    days = {"starts_on": AT.date(), "ends_on": AT.date()}
    covering.cover(referral=request, teacher=cover, **days, by=council.people[Role.S2S_COORDINATOR], at=AT)
    html = text_of(client_for(cover).get(page_of(request)))
    assert step_in(html) == "Get in touch with the contact person, and log each attempt."
    assert green_in(html) == "Log a contact"


def test_a_second_teacher_of_a_visit_only_looks(council, client_for):
    other = person(Role.S2S_TEACHER, full_name="Ida Mautby")
    request = support.in_contact(council.early_years)
    support.book(request, AT + 2 * DAY, teachers=[request.teacher, other])
    html = text_of(client_for(other).get(page_of(request)))
    assert "Tasburgh" in html
    assert "Ida Mautby, S2S teacher Person" in html
    assert (step_in(html), also_in(html)) == (f"{VISIT}, with S2S teacher Person.", set())


def test_planned_visits_say_when_where_and_what_is_wrong(council, see):
    request = support.in_contact(council.early_years)
    one = support.book(request, AT + 2 * DAY)
    support.book(request, AT + 3 * DAY, mode=BookingMode.REMOTE)
    for cause, detail in ((BookingProblem.TEACHER_AWAY, "On leave."), (BookingProblem.SETTING_CLOSED, "Closed.")):
        BookingFlag.objects.create(booking=one, cause=cause, detail=detail, raised_at=AT)
    settled = {"settled_at": AT, "settled_by": request.teacher, "settlement": "Kept."}
    BookingFlag.objects.create(
        booking=one, cause=BookingProblem.OUT_OF_TERM, detail="Holidays.", raised_at=AT, **settled
    )
    for role in (Role.S2S_TEACHER, Role.COMMISSIONER):
        html = see(request, role)
        planned = html.split("Planned visits</h2>")[1].split("</ul>")[0]
        assert planned.count("<li>") == 2
        assert planned.count("S2S teacher Person") == 2
        assert planned.count(", remote") == 1
        assert "Thursday 28 November 2024, 09:30</time> to 10:30" in planned
        assert ("On leave." in planned, "Closed." in planned, "Holidays." in planned) == (True, True, False)
        assert "Visits so far" not in html
    assert "Look at the visit on 28 November 2024 again" in step_in(see(request, Role.S2S_TEACHER))
    assert "S2S teacher Person looks at the visit on 28 November 2024 again" in step_in(see(request, Role.COMMISSIONER))


def test_a_visit_that_began_waits_for_its_outcome(council, see):
    support.booked(council.early_years)
    with time_machine.travel(AT + 3 * DAY, tick=False):
        teachers, others = (see(council.early_years, role) for role in (Role.S2S_TEACHER, Role.COMMISSIONER))
    assert step_in(teachers) == "Tell what became of the visit on 28 November 2024."
    assert green_in(teachers) == "Tell what became of the visit"
    assert links_in(teachers) == ["Tell what became of it", "See this visit"]
    assert (green_in(others), links_in(others)) == ("", ["See this visit"])
    assert step_in(others) == "S2S teacher Person tells what became of the visit on 28 November 2024."


def test_visits_so_far_say_what_became_of_them(council, see):
    request = support.in_contact(council.early_years)
    first, second, third = (support.book(request, AT + days * DAY) for days in (1, 2, 3))
    support.held(first, outcome=VisitOutcome.HELD_LATE, minutes_late=1)
    support.held(second, outcome=VisitOutcome.NOT_HELD, reason=NotHeldReason.CHILD_ABSENT, note="Wilf had a cold.")
    support.held(third, outcome=VisitOutcome.HELD_LATE, minutes_late=20)
    teachers, others = (see(request, role) for role in (Role.S2S_TEACHER, Role.COMMISSIONER))
    for html in (teachers, others):
        for words in (
            "Held, began 1 minute late",
            "Held, began 20 minutes late",
            "Not held: the child was not there",
        ):
            assert words in html.split("Visits so far</h2>")[1]
        assert "Planned visits" not in html
    assert ("Wilf had a cold." in teachers, "Wilf had a cold." in others) == (True, False)


def test_the_log_is_for_those_who_see_the_case(council, see):
    request = support.assigned(council.early_years)
    for minutes, outcome, told in (
        (0, ContactOutcome.NO_ANSWER, {}),
        (5, ContactOutcome.MESSAGE_LEFT, {"who": "The office", "note": "Ring back about Wilf."}),
        (9, ContactOutcome.REACHED, {}),
    ):
        at = AT + timedelta(minutes=minutes)
        attempt = support.attempt(at=at, outcome=outcome, **told)
        contacting.log_contact(referral=request, attempt=attempt, by=request.teacher, at=at)
    with time_machine.travel(AT + timedelta(minutes=10), tick=False):
        teachers, commissioners = (see(request, role) for role in (Role.S2S_TEACHER, Role.COMMISSIONER))
    log = teachers.split("Contact log</h2>")[1].split("</ol>")[0]
    titles = re.findall(r'app-timeline__title">([^<]+)<', log)
    assert titles == ["Phone: reached, Perran Oxnead", "Phone: message left, The office", "Phone: no answer"]
    assert "Ring back about Wilf." in log
    assert "Contact log" not in commissioners
    assert [words for words in ("Perran", "The office", "Ring back") if words in commissioners] == []
    assert "Phone, 26 November 2024, 09:39: reached." in commissioners


def test_the_question_is_open_to_those_who_see_the_case(council, see):
    request = support.in_status(council.early_years, S.RETURNED)
    assert "Which mornings?" in see(request, Role.EARLY_YEARS_ADVISER)
    assert "Which mornings?" not in see(request, Role.COMMISSIONER)


def test_how_it_closed(council, see):
    support.held(support.booked(council.early_years))
    request = Referral.objects.get(pk=council.early_years.pk)
    support.closed(request, result=GoalResult.NOT_WORKED_ON)
    goal = request.goals.order_by("position")[0].text
    with time_machine.travel(AT + 4 * DAY, tick=False):
        teachers, commissioners = (see(request, role) for role in (Role.S2S_TEACHER, Role.COMMISSIONER))
        coordinators = see(request, Role.S2S_COORDINATOR)
    for html in (teachers, commissioners):
        assert "<strong>Ended early</strong>, on 29 November 2024" in html
        assert clocks_in(html) == []
    assert "The strategies are in daily use." in teachers
    assert f"{goal}<br><strong>Not worked on</strong>" in teachers
    assert "The strategies are in daily use." not in commissioners
    assert goal not in commissioners
    assert re.search("Goals: [1-5] not worked on\\.", commissioners)
    assert "the S2S co-ordinator can open it again" in step_in(teachers)
    assert "you can open it again" in step_in(coordinators)
    assert "Open it again" in also_in(coordinators)
    with time_machine.travel(AT + 400 * DAY, tick=False):
        assert "Open it again" not in also_in(see(request, Role.S2S_COORDINATOR))


def test_between_two_visits_it_says_what_may_follow(council, see):
    support.recorded(support.held(support.booked(council.early_years)))
    with time_machine.travel(AT + 3 * DAY, tick=False):
        teachers, others = (see(council.early_years, role) for role in (Role.S2S_TEACHER, Role.COMMISSIONER))
    assert step_in(teachers) == "Book another visit, or close the request with a summary and what became of each goal."
    assert {green_in(teachers)} - {""} == words([A.BOOK])
    assert step_in(others) == "S2S teacher Person plans another visit, or closes the request."
    assert links_in(teachers) == links_in(others) == ["Read the record"]
    assert f"/requests/{council.early_years.reference}/records/1/" in teachers
    assert clocks_in(others) == ["Hold the review by 9 January 2025: 29 working days left."]


def test_withdrawn_with_a_teacher_it_shows_no_clock(council, see):
    request = support.in_status(council.early_years, S.BOOKED)
    why = {"reason": WithdrawReason.OTHER, "note": ""}
    withdrawing.withdraw(referral=request, **why, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
    html = see(request, Role.S2S_TEACHER)
    assert (clocks_in(html), step_in(html)) == ([], NOTHING)
    assert "Planned visits" not in html


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("role", WHO)
def test_few_statements_however_many_visits_and_contacts(council, client_for, django_assert_num_queries, count, role):
    request = support.in_contact(council.early_years)
    for days in range(count):
        one = support.book(request, AT + (1 + days) * DAY)
        BookingFlag.objects.create(booking=one, cause=BookingProblem.TEACHER_AWAY, detail="On leave.", raised_at=AT)
        support.held(one)
        contacting.log_contact(referral=request, attempt=support.attempt(), by=request.teacher, at=AT)
    support.book(request, AT + 9 * DAY, reasons={BookingProblem.OVER_SOFT_CAP: "They asked for it."})
    with time_machine.travel(AT + 6 * DAY, tick=False):
        browser = client_for(council.people[role])
        with django_assert_num_queries(STATEMENTS[role]):
            browser.get(page_of(request))


STATEMENTS = dict(zip(WHO, (13, 15, 14, 12), strict=True))


@pytest.mark.parametrize("status", STEPS)
def test_never_more_than_fifteen_statements(council, client_for, status, django_assert_max_num_queries):
    request = support.in_status(council.early_years, status)
    for role in WHO:
        browser = client_for(council.people[role])
        with django_assert_max_num_queries(15):
            browser.get(page_of(request))


def test_the_teacher_can_ring_the_contact_from_the_next_step(council, see):
    request = support.assigned(council.early_years)
    html = see(request, Role.S2S_TEACHER)
    assert f'href="tel:{request.contact_telephone.replace(" ", "")}"' in html
    for role in (Role.EARLY_YEARS_ADVISER, Role.S2S_COORDINATOR, Role.COMMISSIONER):
        assert 'href="tel:' not in see(request, role)


def test_for_a_group_no_agreement_is_asked_for(council, see):
    request = support.assigned(council.early_years)
    Referral.objects.filter(pk=request.pk).update(agreement=Agreement.NOT_YET)
    assert words([A.RECORD_AGREEMENT]) <= also_in(see(request, Role.S2S_TEACHER))
    Referral.objects.filter(pk=request.pk).update(about=About.GROUP)
    assert not words([A.RECORD_AGREEMENT]) & also_in(see(request, Role.S2S_TEACHER))
