"""Every role × every page: one table says what each gets, and a page that is not in it fails (R17).

The rows are real: two zones, two streams and colleagues' work, so that a leak would answer 200.
"""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver, reverse

from quotas.actions import moves
from referrals.actions import cohort_schools
from referrals.choices import CohortPart, Section
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.calendar import ClosureFactory, LeaveFactory, TermFactory
from tests.factories.cohorts import child_answers, ready_cohort, send
from tests.factories.organisations import person
from tests.factories.quotas import quota_of
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.routes import MODULES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

WHO = [
    *("EARLY_YEARS_ADVISER", "SEND_ADVISER", "S2S_COORDINATOR", "S2S_TEACHER"),
    *("COMMISSIONER", "ADMINISTRATOR", "AUDITOR", "anonymous", "deactivated"),
]
#: What a GET answers, in the order of WHO. 302 leads to the sign-in page, away from it for those who are signed in, and
#: from draft_submit to the draft's check page. Pages of one request or draft are those of an early years setting in the
#: advisers' zone; the move of places was proposed by another commissioner, who alone may cancel it.
GET = """
route                               EY  SEND COORD TEACH COMM ADMIN AUDIT ANON GONE
start                               200 200  200   200   200  200   200   200  200
home                                200 200  200   200   200  200   200   302  302
live                                200 200  200   200   200  200   200   200  200
ready                               503 503  503   503   503  503   503   503  503
account_login                       302 302  302   302   302  302   302   200  200
account_logout                      200 200  200   200   200  200   200   302  302
account_inactive                    200 200  200   200   200  200   200   200  200
account_change_password             200 200  200   200   200  200   200   302  302
account_reauthenticate              200 200  200   200   200  200   200   302  302
referrals:referral_list             200 200  200   200   200  403   403   302  302
referrals:zone_requests             200 200  403   403   403  403   403   302  302
referrals:referral_detail           200 404  200   404   200  404   404   302  302
referrals:referral_withdraw         200 404  403   404   403  404   404   302  302
referrals:request_sent              200 404  403   403   403  403   403   302  302
referrals:refusal_detail            200 404  200   404   200  403   403   302  302
referrals:draft_list                200 200  403   403   403  403   403   302  302
referrals:planning                  403 200  403   403   403  403   403   302  302
referrals:waiting_list              200 200  200   200   200  403   403   302  302
referrals:waiting_give              403 403  403   403   404  403   403   302  302
referrals:draft_start               200 200  403   403   403  403   403   302  302
referrals:draft_detail              200 404  403   403   403  403   403   302  302
referrals:draft_section             200 404  403   403   403  403   403   302  302
referrals:draft_check               200 404  403   403   403  403   403   302  302
referrals:draft_submit              302 302  403   403   403  403   403   302  302
referrals:draft_delete              200 404  403   403   403  403   403   302  302
referrals:cohort_choose             403 200  403   403   403  403   403   302  302
referrals:cohort_file               403 200  403   403   403  403   403   302  302
referrals:cohort_template           403 200  403   403   403  403   403   302  302
referrals:cohort_review             403 200  403   403   403  403   403   302  302
referrals:cohort_plan               403 200  403   403   403  403   403   302  302
referrals:cohort_check              403 200  403   403   403  403   403   302  302
referrals:cohort_send               403 302  403   403   403  403   403   302  302
referrals:cohort_sent               403 200  403   403   403  403   403   302  302
referrals:cohort_refused            403 200  403   403   403  403   403   302  302
quotas:quota_list                   403 403  403   403   200  403   403   302  302
quotas:quota_detail                 403 403  403   403   200  403   403   302  302
quotas:quota_adjust                 403 403  403   403   200  403   403   302  302
quotas:quota_move                   403 403  403   403   200  403   403   302  302
quotas:move_detail                  403 403  403   403   200  403   403   302  302
quotas:move_cancel                  403 403  403   403   403  403   403   302  302
referrals:cohort_list               403 200  403   403   403  403   403   302  302
referrals:cohort_start              403 200  403   403   403  403   403   302  302
referrals:cohort_detail             404 200  404   404   404  403   403   302  302
referrals:cohort_describe           403 302  403   403   403  403   403   302  302
referrals:cohort_describe_part      403 200  403   403   403  403   403   302  302
referrals:cohort_school             403 200  403   403   403  403   403   302  302
referrals:cohort_school_remove      403 200  403   403   403  403   403   302  302
referrals:cohort_child_add          403 200  403   403   403  403   403   302  302
referrals:cohort_child_remove       403 200  403   403   403  403   403   302  302
referrals:cohort_copy               403 200  403   403   403  403   403   302  302
referrals:cohort_withdraw           403 200  403   403   403  403   403   302  302
referrals:cohort_delete             403 200  403   403   403  403   403   302  302
organisations:establishment_list    403 403  403   403   403  200   403   302  302
organisations:establishment_detail  403 403  403   403   403  200   403   302  302
organisations:establishment_suggest 200 200  403   403   403  403   403   302  302
organisations:person_list           403 403  403   403   403  200   403   302  302
organisations:zone_list             403 403  403   403   403  200   403   302  302
organisations:job_list              403 403  403   403   403  200   403   302  302
organisations:access_log            403 403  403   403   403  403   200   302  302
organisations:look_at_request       403 403  403   403   403  403   200   302  302
organisations:calendar              200 200  200   200   200  200   200   302  302
organisations:calendar_add          403 403  403   403   403  200   403   302  302
organisations:calendar_change       403 403  403   403   403  200   403   302  302
organisations:calendar_remove       403 403  403   403   403  200   403   302  302
organisations:school_closure_list   403 403  200   403   403  403   403   302  302
organisations:school_closures       403 403  200   403   403  403   403   302  302
organisations:school_closure_add    403 403  200   403   403  403   403   302  302
organisations:school_closure_change 403 403  200   403   403  403   403   302  302
organisations:school_closure_remove 403 403  200   403   403  403   403   302  302
organisations:my_leave              403 403  403   200   403  403   403   302  302
organisations:my_week               403 403  403   200   403  403   403   302  302
organisations:my_leave_add          403 403  403   200   403  403   403   302  302
organisations:my_leave_remove       403 403  403   200   403  403   403   302  302
organisations:teacher_list          403 403  200   403   403  403   403   302  302
organisations:teacher_leave         403 403  200   403   403  403   403   302  302
organisations:teacher_week          403 403  200   403   403  403   403   302  302
organisations:teacher_leave_add     403 403  200   403   403  403   403   302  302
organisations:teacher_leave_remove  403 403  200   403   403  403   403   302  302
demo:components                     200 200  200   200   200  200   200   200  200
demo:personas                       200 200  200   200   200  200   200   200  200
demo:sign_in                        405 405  405   405   405  405   405   405  405
demo:practice_date                  403 403  403   403   403  200   403   302  302
"""
#: What an empty POST answers, on every page that takes one and is ours. Refusals must not depend on what is sent.
POST = """
route                               EY  SEND COORD TEACH COMM ADMIN AUDIT ANON GONE
referrals:referral_withdraw         200 404  403   404   403  404   404   302  302
referrals:waiting_give              403 403  403   403   404  403   403   302  302
referrals:draft_start               200 200  403   403   403  403   403   302  302
referrals:draft_section             200 404  403   403   403  403   403   302  302
referrals:draft_submit              302 404  403   403   403  403   403   302  302
referrals:draft_delete              302 404  403   403   403  403   403   302  302
quotas:quota_adjust                 403 403  403   403   200  403   403   302  302
quotas:quota_move                   403 403  403   403   200  403   403   302  302
quotas:move_detail                  403 403  403   403   200  403   403   302  302
quotas:move_cancel                  403 403  403   403   403  403   403   302  302
referrals:cohort_choose             403 200  403   403   403  403   403   302  302
referrals:cohort_file               403 200  403   403   403  403   403   302  302
referrals:cohort_review             403 302  403   403   403  403   403   302  302
referrals:cohort_plan               403 200  403   403   403  403   403   302  302
referrals:cohort_send               403 302  403   403   403  403   403   302  302
referrals:cohort_start              403 200  403   403   403  403   403   302  302
referrals:cohort_describe_part      403 200  403   403   403  403   403   302  302
referrals:cohort_school             403 200  403   403   403  403   403   302  302
referrals:cohort_child_add          403 200  403   403   403  403   403   302  302
referrals:cohort_copy               403 200  403   403   403  403   403   302  302
referrals:cohort_withdraw           403 200  403   403   403  403   403   302  302
referrals:cohort_child_remove       403 302  403   403   403  403   403   302  302
referrals:cohort_school_remove      403 302  403   403   403  403   403   302  302
referrals:cohort_delete             403 302  403   403   403  403   403   302  302
organisations:look_at_request       403 403  403   403   403  403   200   302  302
organisations:calendar_add          403 403  403   403   403  200   403   302  302
organisations:calendar_change       403 403  403   403   403  200   403   302  302
organisations:calendar_remove       403 403  403   403   403  200   403   302  302
organisations:school_closure_add    403 403  200   403   403  403   403   302  302
organisations:school_closure_change 403 403  200   403   403  403   403   302  302
organisations:school_closure_remove 403 403  200   403   403  403   403   302  302
organisations:my_week               403 403  403   200   403  403   403   302  302
organisations:my_leave_add          403 403  403   200   403  403   403   302  302
organisations:my_leave_remove       403 403  403   302   403  403   403   302  302
organisations:teacher_week          403 403  200   403   403  403   403   302  302
organisations:teacher_leave_add     403 403  200   403   403  403   403   302  302
organisations:teacher_leave_remove  403 403  302   403   403  403   403   302  302
demo:practice_date                  403 403  403   403   403  200   403   302  302
"""


#: The pages of S2S's own work have their rows beside what they are about.
GET += "".join(module.GET for module in MODULES)
POST += "".join(module.POST for module in MODULES)


def rows_of(table: str) -> dict[str, list[int]]:
    """The statuses of each route, in the order of WHO."""
    lines = [line.split() for line in table.strip().splitlines()[1:] if line.strip()]
    return {name: [int(status) for status in statuses] for name, *statuses in lines}


def routes() -> Iterator[str]:
    """The name of every route of the site."""

    def walk(patterns: list, space: str) -> Iterator[str]:
        for entry in patterns:
            if isinstance(entry, URLPattern):
                yield f"{space}{entry.name}"
            else:
                yield from walk(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)

    return walk(get_resolver().url_patterns, "")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def sent_cohort(council) -> dict[str, dict[str, object]]:
    """What the pages of a cohort's sending are about: one that was refused once, too late, and sent before that."""
    by = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=by)
    [refused] = send(cohort, by=by, at=FIRST_MOMENT_TOO_LATE).decisions
    about = {"reference": cohort.reference}
    pages = ("choose", "file", "template", "review", "plan", "check", "send")
    return {f"referrals:cohort_{page}": about for page in pages} | {
        "referrals:cohort_sent": about | {"edition": send(cohort, by=by).edition},
        "referrals:cohort_refused": about | {"decision": refused.reference},
    }


@pytest.fixture
def own_cohort(council) -> dict[str, dict[str, object]]:
    """What the other pages of a cohort are about: one that was not sent, with a school and a named child."""
    by = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=by, names_reason="S2S has to know one of them.")
    [line] = cohort.schools.all()
    child = cohort_schools.name_child(school=line, answers=child_answers(), by=by, at=AT)
    about = {"reference": cohort.reference}
    school = about | {"key": line.key}
    pages = ("detail", "describe", "copy", "withdraw", "delete")
    return {f"referrals:cohort_{page}": about for page in pages} | {
        "referrals:cohort_describe_part": about | {"part": CohortPart.GROUP.value},
        "referrals:cohort_school": school,
        "referrals:cohort_school_remove": school,
        "referrals:cohort_child_add": school,
        "referrals:cohort_child_remove": school | {"child": child.pk},
    }


@pytest.fixture
def days(council) -> dict[str, dict[str, object]]:
    """What the calendar's pages are about: a term, closed days of the setting, and leave of the teacher."""
    teacher = council.people[Role.S2S_TEACHER]
    term = {"part": "terms", "pk": TermFactory().pk}
    place = {"source": council.setting.source, "urn": council.setting.urn}
    closure = place | {"pk": ClosureFactory(establishment=council.setting).pk}
    leave = {"pk": LeaveFactory(user=teacher).pk}
    return {
        "organisations:calendar_add": {"part": "terms"},
        "organisations:calendar_change": term,
        "organisations:calendar_remove": term,
        "organisations:school_closures": place,
        "organisations:school_closure_add": place,
        "organisations:school_closure_change": closure,
        "organisations:school_closure_remove": closure,
        "organisations:my_leave_remove": leave,
        "organisations:teacher_leave": {"teacher": teacher.pk},
        "organisations:teacher_week": {"teacher": teacher.pk},
        "organisations:teacher_leave_add": {"teacher": teacher.pk},
        "organisations:teacher_leave_remove": leave | {"teacher": teacher.pk},
    }


@pytest.fixture
def addresses(council, refusal, own_cohort, sent_cohort, days) -> dict[str, str]:
    """The address of each route, about things that the early years adviser may see; of a cohort, the SEND Adviser."""
    move = {"key": proposed_move(council).key}
    request, draft = {"reference": council.early_years.reference}, {"key": council.draft.key}
    about = {
        "referrals:referral_detail": request,
        "referrals:referral_withdraw": request,
        "referrals:request_sent": request,
        "referrals:waiting_give": request,
        "referrals:refusal_detail": {"reference": refusal.reference},
        "referrals:draft_detail": draft,
        "referrals:draft_section": draft | {"section": Section.NEEDS.value},
        "referrals:draft_check": draft,
        "referrals:draft_submit": draft,
        "referrals:draft_delete": draft,
        "quotas:quota_detail": {"stream": "early-years"},
        "quotas:quota_adjust": {"stream": "early-years"},
        "quotas:quota_move": {"stream": "early-years"},
        "quotas:move_detail": move,
        "quotas:move_cancel": move,
        "organisations:establishment_detail": {"source": council.setting.source, "urn": council.setting.urn},
    }
    about |= own_cohort | sent_cohort | days
    for module in MODULES:
        about |= module.about(council)
    return {name: reverse(name, kwargs=about.get(name)) for name in rows_of(GET)}


def proposed_move(council):
    """A move of places that a colleague of the commissioner has proposed."""
    early_years, mainstream = (quota_of(council.period, stream) for stream in Stream)
    given = {"places": 1, "reason": "More need", "by": person(Role.COMMISSIONER), "at": AT}
    return moves.propose(source=early_years, target=mainstream, **given)


@pytest.fixture(params=WHO)
def who(request, council, addresses, client, client_for):
    """Somebody's place in WHO, and their browser."""
    name, place = request.param, WHO.index(request.param)
    if name == "anonymous":
        return place, client
    if name == "deactivated":
        user = council.people[Role.EARLY_YEARS_ADVISER]
        browser = client_for(user)
        user.is_active = False
        user.save()
        return place, browser
    return place, client_for(council.people[Role(name)])


def test_every_route_is_in_the_table():
    known, there = set(rows_of(GET)), set(routes())
    assert there - known == set(), "Say in the table above what each role gets from these pages."
    assert known - there == set(), "These pages are gone: take them out of the table."
    assert all(len(statuses) == len(WHO) for table in (GET, POST) for statuses in rows_of(table).values())


def test_what_each_role_gets(who, addresses):
    place, browser = who
    wanted = {name: statuses[place] for name, statuses in rows_of(GET).items() if name != "account_logout"}
    got = {name: browser.get(addresses[name]).status_code for name in wanted}
    assert got == wanted
    assert browser.get(addresses["account_logout"]).status_code == rows_of(GET)["account_logout"][place]


def test_what_each_role_may_send(who, addresses):
    place, browser = who
    wanted = {name: statuses[place] for name, statuses in rows_of(POST).items()}
    assert {name: browser.post(addresses[name]).status_code for name in wanted} == wanted


def test_signed_out_people_are_sent_to_sign_in_and_come_back(client, addresses):
    answer = client.get(addresses["referrals:referral_detail"])
    assert answer.url == f"/accounts/login/?next={addresses['referrals:referral_detail']}"


def references_in(page) -> set[str]:
    """The references that a list links to."""
    return set(re.findall(r'href="/requests/([A-Z]{2}-[^/"]+)/"', page.content.decode()))


@pytest.mark.parametrize("role", Role)
def test_a_list_shows_the_requests_whose_pages_open_and_no_others(council, client_for, role):
    browser = client_for(council.people[role])
    lists = [reverse("referrals:referral_list"), reverse("referrals:zone_requests")]
    listed = set().union(*(references_in(browser.get(address, {"period": "all"})) for address in lists))
    pages = {one: browser.get(reverse("referrals:referral_detail", args=[one])) for one in council.requests}
    assert listed == {one for one, page in pages.items() if page.status_code == 200}
    assert {page.status_code for page in pages.values()} <= {200, 404}
    expected = {
        Role.EARLY_YEARS_ADVISER: {council.early_years.reference, council.withdrawn.reference},
        Role.SEND_ADVISER: {council.mainstream.reference},
        Role.S2S_COORDINATOR: council.requests,
        Role.COMMISSIONER: council.requests,
    }
    assert listed == expected.get(role, set())


def test_somebody_elses_zone_does_not_open(council, client_for):
    browser = client_for(council.people[Role.EARLY_YEARS_ADVISER])
    for name in ("draft_detail", "draft_check", "draft_delete"):
        assert browser.get(reverse(f"referrals:{name}", args=[council.far_draft.key])).status_code == 404
    for name in ("referral_detail", "referral_withdraw", "request_sent"):
        assert browser.get(reverse(f"referrals:{name}", args=[council.far.reference])).status_code == 404
