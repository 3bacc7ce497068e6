"""Raising and lowering on the page: asked, previewed, confirmed; nothing typed is lost, nothing happens unseen (R9)."""

import re
from datetime import date

import pytest
from django.urls import reverse

from quotas import queries
from quotas.actions import levers
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LEDGER = reverse("quotas:quota_detail", args=["early-years"])
ADJUST = reverse("quotas:quota_adjust", args=["early-years"])
RAISE = {"direction": "RAISE", "places": "5", "reason": "More were bought"}
LOWER = {"direction": "LOWER", "places": "5", "reason": "The budget"}


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def viewer(by, client_for):
    return client_for(by)


@pytest.fixture
def quota(by):
    quota = quota_of(period_with_places(by=by))
    use_places(quota, 46, by=by)
    return quota


def hidden(page):
    """What the page's form carries on, by name."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def confirm(viewer, page, **changed):
    return viewer.post(ADJUST, hidden(page) | {"step": "confirm"} | changed, follow=True)


def test_the_ledger_leads_to_the_levers(viewer, quota):
    page = text_of(viewer.get(LEDGER))
    assert f'href="{ADJUST}"' in page
    assert f'href="{reverse("quotas:quota_move", args=["early-years"])}"' in page
    assert "50 − 46 = 4 left" in text_of(viewer.get(ADJUST))


def test_a_preview_says_when_places_run_out_and_who_waits(viewer, quota, by):
    page = " ".join(re.sub(r"<[^>]+>", " ", text_of(viewer.post(ADJUST, RAISE))).split())
    assert "They run out Early years Now No pace yet Change Afterwards No pace yet" in page
    assert "Wait for a place Early years Now Nobody Change Afterwards Nobody" in page


def test_a_preview_shows_before_and_after_and_changes_nothing(viewer, quota):
    page = text_of(viewer.post(ADJUST, RAISE))
    assert "Raise the early years quota by 5?</h1>" in page
    assert "50 − 46 = 4 left" in page
    assert "50 + 5 − 46 = 9 left" in page
    assert "More were bought" in page
    assert "no new requests" not in page
    assert queries.places_left(quota) == 4


def test_a_confirmed_preview_is_one_line_and_says_so(viewer, quota, by):
    page = text_of(confirm(viewer, text_of(viewer.post(ADJUST, RAISE))))
    assert "The early years quota has been raised by 5: 50 + 5 − 46 = 9 left." in page
    assert "govuk-notification-banner--success" in page
    line = queries.last_line(quota)
    assert (line.places, line.reason, line.by, line.at) == (5, "More were bought", by, AT)
    assert "Raised" in page


def test_lowering_below_use_says_plainly_what_it_does(viewer, quota):
    page = text_of(viewer.post(ADJUST, LOWER))
    assert "50 − 5 − 46 = over by 1" in page
    assert "Over by 1: no new requests until 2 places are given back or bought." in page
    page = text_of(confirm(viewer, page))
    assert "has been lowered by 5: 50 − 5 − 46 = over by 1." in page
    assert "Over by 1: no new requests until 2 places" in page


def test_a_ledger_that_moved_on_is_previewed_again_and_nothing_typed_is_lost(viewer, quota, by):
    first = text_of(viewer.post(ADJUST, RAISE))
    levers.adjust(quota=quota, places=-2, reason="Meanwhile", by=by, at=AT)
    again = text_of(confirm(viewer, first))
    assert "The ledger has moved on since you looked. Nothing has been changed." in again
    assert "50 − 2 − 46 = 2 left" in again
    assert "50 + 3 − 46 = 7 left" in again
    assert queries.places_left(quota) == 2
    assert hidden(again)["reason"] == "More were bought"
    assert "has been raised by 5" in text_of(confirm(viewer, again))
    assert queries.places_left(quota) == 7


def test_a_second_press_says_what_the_first_has_done_and_does_not_raise_twice(viewer, quota, by):
    page = text_of(viewer.post(ADJUST, RAISE))
    assert "has been raised by 5" in text_of(confirm(viewer, page))
    assert "has been raised by 5: 50 + 5 − 46 = 9 left" in text_of(confirm(viewer, page))
    assert queries.places_left(quota) == 9
    levers.adjust(quota=quota, places=-2, reason="Meanwhile", by=by, at=AT)
    assert "has been raised by 5: 50 + 3 − 46 = 7 left" in text_of(confirm(viewer, page))
    assert queries.places_left(quota) == 7


@pytest.mark.parametrize("other", [{"places": 4}, {"reason": "For the spring"}])
def test_another_change_than_the_one_just_made_is_no_second_press(viewer, quota, by, other):
    page = text_of(viewer.post(ADJUST, RAISE))
    levers.adjust(quota=quota, by=by, at=AT, **({"places": 5, "reason": "More were bought"} | other))
    assert "The ledger has moved on" in text_of(confirm(viewer, page))


def test_the_same_change_by_somebody_else_is_no_second_press(viewer, quota):
    page = text_of(viewer.post(ADJUST, RAISE))
    levers.adjust(quota=quota, places=5, reason="More were bought", by=commissioner(), at=AT)
    assert "The ledger has moved on" in text_of(confirm(viewer, page))


def test_what_can_no_longer_be_goes_back_to_the_question(viewer, quota, by):
    page = text_of(viewer.post(ADJUST, LOWER | {"places": "50"}))
    levers.adjust(quota=quota, places=-10, reason="Meanwhile", by=by, at=AT)
    page = text_of(confirm(viewer, page))
    assert "Only 40 places are bought, so no more than 40 can be taken away." in page
    assert 'value="50"' in page


def test_changing_the_answer_keeps_what_was_typed(viewer, quota):
    preview = text_of(viewer.post(ADJUST, RAISE))
    page = text_of(viewer.post(ADJUST, hidden(preview) | {"step": "ask"}))
    assert "Raise or lower the early years quota</h1>" in page
    assert 'value="5"' in page
    assert "More were bought" in page
    assert "Error:" not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"places": "0"}, "The number of places must be 1 or more"),
        ({"places": "-5"}, "The number of places must be 1 or more"),
        ({"places": "five"}, "The number of places must be a number, like 12"),
        ({"places": "2.5"}, "The number of places must be a number, like 12"),
        ({"places": ""}, "Enter the number of places"),
        ({"places": "100000"}, "The number of places must be 99999 or less"),
        ({"places": "9" * 5000}, "The number of places must be"),
        ({"places": "99999"}, "A quota has at most 99,999 places."),
        ({"direction": "LOWER", "places": "51"}, "Only 50 places are bought, so no more than 50 can be taken away."),
        ({"direction": "SIDEWAYS"}, "Select whether to raise or lower it"),
        ({"direction": ""}, "Select whether to raise or lower it"),
        ({"reason": ""}, "Enter the reason"),
        ({"reason": "  \n "}, "Enter the reason"),
        ({"reason": "x" * 501}, "The reason must be 500 characters or fewer"),
        ({"reason": "a\x00b"}, "The reason must not include characters that cannot be shown"),
    ],
)
@pytest.mark.parametrize("step", ["", "confirm"])
def test_what_cannot_be_is_said_at_the_question(viewer, quota, changed, words, step):
    answer = viewer.post(ADJUST, RAISE | changed | {"step": step, "seen": "47"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert words in page
    assert "<title>Error: " in page
    assert quota.entries.count() == 47


@pytest.mark.parametrize("seen", ["", "x", "-1", "46", "9" * 5000, "\x00"])
def test_a_forged_sight_of_the_ledger_previews(viewer, quota, seen):
    page = text_of(viewer.post(ADJUST, RAISE | {"step": "confirm", "seen": seen}))
    assert "The ledger has moved on" in page
    assert quota.entries.count() == 47


def test_a_reason_is_one_line_and_shown_as_text(viewer, quota):
    page = text_of(viewer.post(ADJUST, RAISE | {"reason": "One\r\n<b>two</b>"}))
    assert "<b>two</b>" not in viewer.post(ADJUST, RAISE | {"reason": "<b>two</b>"}).content.decode()
    confirm(viewer, page)
    assert queries.last_line(quota).reason == "One <b>two</b>"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else_may(client_for, quota, role):
    browser = client_for(person(role))
    assert browser.get(ADJUST).status_code == 403
    assert browser.post(ADJUST, RAISE | {"step": "confirm", "seen": "47"}).status_code == 403
    assert quota.entries.count() == 47


def test_another_periods_quota_is_changed_by_its_own_address(viewer, quota, by):
    dates = {"opens_on": date(2025, 4, 7), "requests_close_on": date(2025, 5, 1)}
    dates |= {"allocation_deadline_on": date(2025, 6, 1), "delivery_ends_on": date(2025, 7, 1)}
    later = quota_of(period_with_places(by=by, early_years=7, **dates))
    address = f"{ADJUST}?period={later.period_id}"
    assert address in text_of(viewer.get(f"{LEDGER}?period={later.period_id}"))
    preview = text_of(viewer.post(address, RAISE))
    answer = viewer.post(address, hidden(preview) | {"step": "confirm"})
    assert answer.url == f"{LEDGER}?period={later.period_id}"
    assert (queries.places_left(later), queries.places_left(quota)) == (12, 4)


@pytest.mark.parametrize(
    "address", [f"{ADJUST}?period=99999", "/quotas/late-years/adjust/", "/quotas/late-years/move/"]
)
def test_what_is_not_there_is_not_found(viewer, quota, address):
    assert viewer.get(address).status_code == 404
    assert viewer.post(address, RAISE).status_code == 404


def test_what_was_typed_outlives_the_session(client, by, quota):
    answer = client.post(ADJUST, RAISE)
    assert answer.status_code == 302
    client.force_login(by)
    page = text_of(client.get(ADJUST))
    assert 'value="5"' in page
    assert "More were bought" in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_takes_the_same_queries(viewer, by, django_assert_num_queries, count):
    use_places(quota_of(period_with_places(by=by)), count, by=by)
    with django_assert_num_queries(12):
        viewer.post(ADJUST, RAISE)
