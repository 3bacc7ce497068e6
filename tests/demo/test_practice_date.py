"""The practice date page: forward by form or by one click, never back, and nowhere in production."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from s2s_portal.core import clock
from s2s_portal.jobs.models import JobRun
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.rules import Daily, daily_slot
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY, FIRST_MOMENT_TOO_LATE, LONDON

pytestmark = pytest.mark.django_db

CUT_OFF = {"date_day": "13", "date_month": "12", "date_year": "2024", "time": "23:58"}


@pytest.fixture
def url():
    return reverse("demo:practice_date")


@pytest.fixture
def administrator(client, at):
    """An administrator's browser, on a site whose practice date is an ordinary Tuesday."""
    clock.move_to(moment=AN_ORDINARY_TUESDAY)
    client.force_login(person(Role.ADMINISTRATOR))
    return client


def test_shows_the_practice_date_and_the_moments_ahead(administrator, url):
    page = administrator.get(url).content.decode()
    assert "Tuesday 26 November 2024, 09:30" in page
    for label in (
        "13 December 2024, 23:58",
        "14 December 2024, 00:00",
        "20 December 2024, 09:00",
        "31 March 2025, 09:00",
    ):
        assert label in page
    assert "make demo-reset" in page
    assert page.count("<h1") == 1


def test_moves_forward(administrator, url):
    response = administrator.post(url, CUT_OFF, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert clock.now() == datetime(2024, 12, 13, 23, 58, tzinfo=LONDON)
    assert "The practice date is now Friday 13 December 2024, 23:58." in response.content.decode()


def test_every_one_click_moment_moves_there(administrator, url):
    """The page's own hidden inputs are sent, as a browser would send them."""
    for jump in administrator.get(url).context["jumps"]:
        page = administrator.get(url)
        assert jump in page.context["jumps"]
        local = jump.moment
        values = {"date_day": local.day, "date_month": local.month, "date_year": local.year, "time": f"{local:%H:%M}"}
        for name, value in values.items():
            assert f'<input type="hidden" name="{name}" value="{value}">' in page.content.decode()
        assert administrator.post(url, values).status_code == 302
        assert clock.now() == jump.moment
        assert jump not in administrator.get(url).context["jumps"]


def test_moments_that_have_passed_are_not_offered(administrator, url):
    clock.move_to(moment=FIRST_MOMENT_TOO_LATE)
    page = administrator.get(url).content.decode()
    assert "13 December 2024, 23:58" not in page
    assert "20 December 2024, 09:00" in page


def test_refuses_backwards_with_a_sentence_and_keeps_what_was_typed(administrator, url):
    typed = CUT_OFF | {"date_day": "25", "date_month": "11", "time": "14.05"}
    response = administrator.post(url, typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert clock.now() == AN_ORDINARY_TUESDAY
    assert "New practice date must be after Tuesday 26 November 2024, 09:30" in page
    assert "<title>Error: Practice date" in page
    for value in ("25", "11", "2024", "14.05"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    "typed",
    [
        {},
        CUT_OFF | {"date_day": "31", "date_month": "2"},
        CUT_OFF | {"date_year": "99999"},
        CUT_OFF | {"date_year": "1066"},
        CUT_OFF | {"time": "25:00"},
        CUT_OFF | {"time": ""},
        CUT_OFF | {"time": "23:58\x00"},
        CUT_OFF | {"time": "<script>alert(1)</script>"},
        CUT_OFF | {"date_day": "١٣"},
        CUT_OFF | {"time": "9" * 5000},
    ],
)
def test_nonsense_is_refused_with_a_sentence(administrator, url, typed):
    response = administrator.post(url, typed)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert "<script>alert" not in response.content.decode()
    assert clock.now() == AN_ORDINARY_TUESDAY


def test_without_a_practice_date_the_first_move_sets_one(client, at, url):
    client.force_login(person(Role.ADMINISTRATOR))
    assert "No practice date is set" in client.get(url).content.decode()
    client.post(url, CUT_OFF)
    assert clock.is_rehearsing()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_may(client, url, role, method):
    client.force_login(person(role))
    assert getattr(client, method)(url, CUT_OFF).status_code == 403
    assert not clock.is_rehearsing()


def test_signed_out_is_sent_to_sign_in(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_does_not_exist_where_rehearsal_is_off(administrator, settings, url, method):
    settings.S2S_REHEARSAL_CLOCK = False
    assert getattr(administrator, method)(url, CUT_OFF).status_code == 404


def test_posts_need_the_token(url, at):
    clock.move_to(moment=AN_ORDINARY_TUESDAY)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person(Role.ADMINISTRATOR))
    assert strict.post(url, CUT_OFF).status_code == 403
    assert clock.now() == AN_ORDINARY_TUESDAY


def daily(name, days):
    """Have the slots of every daily job done for these days of the portal's."""
    for day in days:
        for job in jobs():
            if isinstance(job.timetable, Daily):
                slot = daily_slot(job.timetable.wall, day)
                JobRun.objects.get_or_create(job=job.name, slot=slot, defaults={"done_at": slot, "line": name})


def test_says_how_many_of_the_days_between_have_been_run(administrator, url):
    """Without JavaScript: the page says where it is, and has a link to itself."""
    first = AN_ORDINARY_TUESDAY.date()
    daily("before", [first - timedelta(days=1), first])
    assert administrator.get(url).context["catching_up"] is None
    administrator.post(url, {"date_day": "14", "date_month": "12", "date_year": "2024", "time": "23:58"})
    said = []
    for number in (0, 1, 12, 18):
        daily("caught up", [first + timedelta(days=day) for day in range(1, number + 1)])
        page = administrator.get(url)
        said.append(page.context["catching_up"])
        text = page.content.decode()
        assert ("Running the days between" in text) == (number < 18)
        assert (f'href="{url}">See how far' in text) == (number < 18)
    # The evening of the first day was skipped too, as there is a job at 23:55; it has been run.
    assert [(one.done, one.days) for one in said[:-1]] == [(1, 19), (2, 19), (13, 19)]
    assert said[-1] is None


def test_what_failed_and_waits_to_be_tried_again_does_not_hold_the_count_up(administrator, url):
    first = AN_ORDINARY_TUESDAY.date()
    daily("before", [first - timedelta(days=1), first])
    clock.move_to(moment=AN_ORDINARY_TUESDAY + timedelta(days=1, hours=14))
    daily("caught up", [first + timedelta(days=1)])
    later = clock.real_now() + timedelta(minutes=5)
    JobRun.objects.filter(job="tidy_jobs", slot__gt=AN_ORDINARY_TUESDAY).update(done_at=None, next_try_at=later)
    assert administrator.get(url).context["catching_up"] is None
