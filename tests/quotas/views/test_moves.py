"""Moving places on the page: proposed by one commissioner, seen and decided by a second (R9)."""

import re
import uuid

import pytest
from django.urls import reverse

from quotas import queries
from quotas.actions import levers, moves
from quotas.models import LedgerEntry
from s2s_portal.organisations.choices import ChangeOutcome, Role, Stream
from s2s_portal.organisations.models import ProposedChange
from tests.factories.organisations import person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
QUOTAS = reverse("quotas:quota_list")
MOVE = reverse("quotas:quota_move", args=["mainstream"])
ASKED = {"places": "5", "reason": "More early years need"}
APPROVE = {"decision": "APPROVE", "note": "Agreed by telephone"}


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def second():
    return person(Role.COMMISSIONER, full_name="Tamsin Oulton")


@pytest.fixture
def viewer(by, client_for):
    return client_for(by)


@pytest.fixture
def other(second, client_for):
    return client_for(second)


@pytest.fixture
def early_years(by):
    quota = quota_of(period_with_places(early_years=3, mainstream=8, by=by), Stream.EARLY_YEARS)
    use_places(quota, 3, by=by)
    return quota


@pytest.fixture
def mainstream(early_years):
    return quota_of(early_years.period, Stream.MAINSTREAM)


@pytest.fixture
def change(mainstream, early_years, by, second):
    return moves.propose(source=mainstream, target=early_years, places=5, reason="More need", by=by, at=AT)


@pytest.fixture
def page_of_it(change):
    return reverse("quotas:move_detail", args=[change.key])


def hidden(page):
    """What the page's form carries on, by name."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_a_proposal_is_previewed_for_both_streams_and_then_waits(viewer, mainstream, early_years, second):
    preview = text_of(viewer.post(MOVE, ASKED))
    assert "Propose to move 5 places from mainstream to early years?</h1>" in preview
    for words in ("8 left", "8 − 5 = 3 left", "3 − 3 = 0 left", "3 + 5 − 3 = 5 left", "Nothing moves yet."):
        assert words in preview
    assert not ProposedChange.objects.exists()
    page = text_of(viewer.post(MOVE, hidden(preview) | {"step": "confirm"}, follow=True))
    assert "The move has been proposed." in page
    assert "Waiting for a second person" in page
    assert "You proposed this, so you cannot approve it yourself" in page
    assert "Tamsin Oulton has had an e-mail." in page
    assert queries.places_left(mainstream) == 8


def test_alone_one_is_told_that_nobody_can_approve(viewer, mainstream, early_years):
    preview = text_of(viewer.post(MOVE, ASKED))
    page = text_of(viewer.post(MOVE, hidden(preview) | {"step": "confirm"}, follow=True))
    assert "There is no other commissioner who can sign in" in page


def test_a_second_press_is_the_same_proposal(viewer, mainstream, early_years):
    sent = hidden(text_of(viewer.post(MOVE, ASKED))) | {"step": "confirm"}
    first, again = viewer.post(MOVE, sent), viewer.post(MOVE, sent)
    assert first.url == again.url == reverse("quotas:move_detail", args=[ProposedChange.objects.get().key])


def test_a_ledger_that_moved_on_is_previewed_again(viewer, mainstream, early_years, by):
    first = text_of(viewer.post(MOVE, ASKED))
    levers.adjust(quota=early_years, places=2, reason="Meanwhile", by=by, at=AT)
    again = text_of(viewer.post(MOVE, hidden(first) | {"step": "confirm"}))
    assert "The ledger has moved on" in again
    assert "3 + 7 − 3 = 7 left" in again
    assert hidden(again)["key"] == hidden(first)["key"]
    assert viewer.post(MOVE, hidden(again) | {"step": "confirm"}).status_code == 302
    levers.adjust(quota=mainstream, places=-6, reason="Meanwhile", by=by, at=AT)
    page = text_of(viewer.post(MOVE, hidden(again) | {"step": "confirm", "key": ""}))
    assert "Only 2 mainstream places are unused, so 5 cannot be moved." in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"places": "9"}, "Only 8 mainstream places are unused, so 9 cannot be moved."),
        ({"places": "0"}, "The number of places must be 1 or more"),
        ({"places": "-1"}, "The number of places must be 1 or more"),
        ({"places": "many"}, "The number of places must be a number, like 12"),
        ({"places": "9" * 5000}, "The number of places must be"),
        ({"reason": ""}, "Enter the reason"),
    ],
)
@pytest.mark.parametrize("step", ["", "confirm"])
def test_what_cannot_be_is_said_at_the_question(viewer, mainstream, early_years, changed, words, step):
    sent = ASKED | changed | {"step": step, "seen": "1", "seen_target": "4", "key": "x"}
    answer = viewer.post(MOVE, sent)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not ProposedChange.objects.exists()


def test_a_stream_without_another_says_so(viewer, mainstream, early_years):
    LedgerEntry.objects.filter(quota=early_years).delete()
    early_years.delete()
    assert "nowhere to move places to" in text_of(viewer.get(MOVE, follow=True))


def test_what_waits_is_on_the_list_and_what_was_decided_below(viewer, other, change, page_of_it):
    page = text_of(viewer.get(QUOTAS))
    assert "Waiting for a second person</h2>" in page
    assert f'href="{page_of_it}"' in page
    assert "Moves decided last" not in page
    other.post(page_of_it, APPROVE)
    page = text_of(viewer.get(QUOTAS))
    assert "Waiting for a second person" not in page
    assert "Moves decided last</h2>" in page


def test_the_second_person_finds_it_at_home_and_whoever_proposed_it_does_not(viewer, other, change, page_of_it):
    home = reverse("home")
    page = text_of(other.get(home))
    assert "Move 5 places from mainstream to early years</strong> was proposed by Merle Ketteringham" in page
    assert f'href="{page_of_it}"' in page
    assert page_of_it not in text_of(viewer.get(home))
    other.post(page_of_it, APPROVE)
    assert page_of_it not in text_of(other.get(home))


def test_the_second_person_sees_both_streams_and_approves(other, change, page_of_it, mainstream, early_years):
    page = text_of(other.get(page_of_it))
    for words in ("8 − 5 = 3 left", "3 + 5 − 3 = 5 left", "More need", "Merle Ketteringham", "Your decision"):
        assert words in page
    page = text_of(other.post(page_of_it, APPROVE, follow=True))
    assert "The places have been moved." in page
    assert "What it did</h2>" in page
    assert "Tamsin Oulton, 26 November 2024, 09:30" in page
    assert "Agreed by telephone" in page
    assert "Your decision" not in page
    assert (queries.places_left(mainstream), queries.places_left(early_years)) == (3, 5)


def test_the_ledger_names_both_people_and_leads_to_the_change(other, change, page_of_it):
    other.post(page_of_it, APPROVE)
    page = text_of(other.get(reverse("quotas:quota_detail", args=["early-years"])))
    assert f'<a href="{page_of_it}" class="govuk-link">Moved in</a>' in page
    assert "Proposed by Merle Ketteringham" in page
    assert "Tamsin Oulton" in page


def test_a_refusal_says_why(other, viewer, change, page_of_it, mainstream):
    page = text_of(other.post(page_of_it, {"decision": "REFUSE", "note": " "}))
    assert "Enter why you refuse it" in page
    page = text_of(other.post(page_of_it, {"decision": "REFUSE", "note": "Not now"}, follow=True))
    assert "The move has been refused, and Merle Ketteringham gets an e-mail." in page
    assert "Nothing moved." in page
    assert "Not now" in text_of(viewer.get(page_of_it))
    assert queries.places_left(mainstream) == 8


@pytest.mark.parametrize("decision", ["APPROVE", "REFUSE", "CANCEL", ""])
def test_a_forged_decision_about_ones_own_is_forbidden(viewer, change, page_of_it, decision):
    answer = viewer.post(page_of_it, {"decision": decision, "note": "Mine"})
    assert answer.status_code == 403
    assert "a second person has to decide it" in text_of(answer)
    change.refresh_from_db()
    assert change.outcome == ChangeOutcome.WAITING


@pytest.mark.parametrize("decision", ["CANCEL", "", "\x00", "x" * 5000])
def test_a_decision_that_is_none_is_asked_again(other, change, page_of_it, decision):
    answer = other.post(page_of_it, {"decision": decision, "note": "a"})
    assert answer.status_code == 200
    assert "Select what you decide" in text_of(answer)
    assert not LedgerEntry.objects.exclude(change=None).exists()


def test_places_that_are_gone_are_said_before_and_after_the_press(other, change, page_of_it, mainstream, by):
    levers.adjust(quota=mainstream, places=-4, reason="Meanwhile", by=by, at=AT)
    words = "Only 4 mainstream places are unused, so 5 cannot be moved."
    assert words in text_of(other.get(page_of_it))
    page = text_of(other.post(page_of_it, APPROVE | {"note": "As agreed on Monday"}))
    assert f"{words} Nothing has moved, and the proposal still waits" in page
    assert "<title>Error: " in page
    for kept in ("Your decision", "As agreed on Monday", f'value="{APPROVE["decision"]}" checked'):
        assert kept in page


def test_who_comes_second_reads_who_was_first(other, client_for, change, page_of_it):
    third = client_for(person(Role.COMMISSIONER))
    third.get(page_of_it)
    other.post(page_of_it, APPROVE)
    page = text_of(third.post(page_of_it, {"decision": "REFUSE", "note": "No"}, follow=True))
    assert "This had already been approved by Tamsin Oulton." in page
    assert LedgerEntry.objects.filter(change=change).count() == 2


def test_the_proposer_cancels_after_a_page_that_asks(viewer, other, change, page_of_it):
    cancel = reverse("quotas:move_cancel", args=[change.key])
    assert f'href="{cancel}"' in text_of(viewer.get(page_of_it))
    assert "Cancel this proposal?</h1>" in text_of(viewer.get(cancel))
    assert "The proposal has been cancelled." in text_of(viewer.post(cancel, follow=True))
    assert viewer.get(cancel).url == page_of_it
    assert "Cancelled" in text_of(other.get(page_of_it))
    assert "This had already been cancelled" in text_of(other.post(page_of_it, APPROVE, follow=True))


def test_cancelling_what_was_decided_says_so(viewer, other, change, page_of_it):
    other.post(page_of_it, APPROVE)
    page = text_of(viewer.post(reverse("quotas:move_cancel", args=[change.key]), follow=True))
    assert "Tamsin Oulton had decided it before: Approved." in page


def test_only_the_proposer_cancels(other, change):
    cancel = reverse("quotas:move_cancel", args=[change.key])
    assert other.get(cancel).status_code == other.post(cancel).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else_may(client_for, change, page_of_it, role):
    browser = client_for(person(role))
    for address in (MOVE, page_of_it, reverse("quotas:move_cancel", args=[change.key])):
        assert browser.get(address).status_code == browser.post(address, APPROVE).status_code == 403
    change.refresh_from_db()
    assert change.outcome == ChangeOutcome.WAITING


@pytest.mark.parametrize("key", [str(uuid.UUID(int=1)), "1", "x"])
def test_a_move_that_is_not_there_is_not_found(viewer, key):
    assert viewer.get(f"/quotas/moves/{key}/").status_code == 404
    assert viewer.post(f"/quotas/moves/{key}/", APPROVE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_moves_take_the_same_queries(viewer, mainstream, early_years, by, django_assert_num_queries, count):
    for _ in range(count):
        change = moves.propose(source=mainstream, target=early_years, places=1, reason="A need", by=by, at=AT)
    with django_assert_num_queries(11):
        assert text_of(viewer.get(QUOTAS)).count("A need") == count
    with django_assert_num_queries(9):
        viewer.get(reverse("quotas:move_detail", args=[change.key]))
