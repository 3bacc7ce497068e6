"""Joining the waiting list where no place is free: the check, the press, the confirmation, a refusal’s way on (R7)."""

import re
from datetime import timedelta

import pytest
import time_machine

from quotas.actions import places
from referrals.actions import requests, waiting, withdrawing
from referrals.choices import Section, Status
from referrals.models import Decision, DraftReferral, Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.factories.quotas import use_places
from tests.factories.referrals import filled_draft, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND
from tests.referrals.views.desk import desk, section_url, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
JOIN = {"or_wait": "1"}


@pytest.fixture
def here():
    """An adviser, whose one place is used."""
    adviser = desk(early_years=1)
    use_places(adviser.quota, 1, by=adviser.user)
    return adviser


@pytest.fixture
def draft(here):
    return filled_draft(here.setting, by=here.user)


def button_of(page: str) -> str:
    """The words of the button that submits the draft."""
    [words] = re.findall(r'data-prevent-double-click="true">([^<]+)</button>', page)
    return words


def frees_a_place(here) -> None:
    places.grant(quota=here.quota, places=1, reason="One more", by=person(Role.COMMISSIONER), at=AT)


class TestCheck:
    def test_it_offers_the_list_and_says_what_that_means(self, here, draft):
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert button_of(page) == "Join the waiting list"
        assert 'name="or_wait"' in page
        assert f'name="edition" value="{draft.edition}"' in page
        for words in (
            "All 1 early years places are used.",
            "yours is the first, and nobody who comes later overtakes it",
            "it holds no place",
            "Until the end of 13 December 2024 a place that comes free goes to the first who waits.",
            "After that the commissioner gives it, in the same order, until the end of 20 December 2024.",
            "If none comes free by then, the adviser and the contact are told.",
        ):
            assert words in page
        assert "Send the request" not in page

    @pytest.mark.parametrize(("ahead", "words"), [(1, "1 request is ahead of yours"), (2, "2 requests are ahead of")])
    def test_it_counts_those_ahead(self, here, draft, ahead, words):
        for _ in range(ahead):
            waiting_request(here.setting, by=here.user)
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert words in page
        assert f"{ahead} request{' is' if ahead == 1 else 's are'} waiting." in page

    def test_a_place_that_is_left_is_not_offered_to_a_newcomer_while_others_wait(self, here, draft):
        waiting_request(here.setting, by=here.user)
        frees_a_place(here)
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert "1 of 2 early years places is left. 1 request is waiting and comes first." in page
        assert button_of(page) == "Join the waiting list"

    def test_places_beyond_those_of_the_list_are_offered(self, here, draft):
        waiting_request(here.setting, by=here.user)
        for _ in range(2):
            frees_a_place(here)
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert button_of(page) == "Send the request"
        assert "2 of 3 are left now." in page
        assert "1 of them goes to a request on the waiting list." in page

    def test_an_unfinished_draft_can_do_neither(self, here):
        draft = filled_draft(here.setting, by=here.user, goal_1="")
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert "or_wait" not in page
        assert "A request sent now can join the waiting list as number 1." in page

    @pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
    def test_after_the_cut_off_there_is_no_list_to_join(self, here, draft):
        page = text_of(here.get(f"/drafts/{draft.key}/check/"))
        assert button_of(page) == "Send the request"
        assert "or_wait" not in page
        assert "Requests closed at the end of" in page

    def test_the_task_list_and_the_start_say_it_too(self, here, draft):
        waiting_request(here.setting, by=here.user)
        sentence = "All 1 early years places are used. 1 request is waiting."
        page = text_of(here.get(f"/drafts/{draft.key}/"))
        assert sentence in page
        assert "Check and join the waiting list" in page
        for address in ("/", "/home/", "/requests/new/"):
            assert sentence in text_of(here.get(address))


class TestPress:
    def test_it_joins_and_confirms_with_its_number(self, here, draft):
        waiting_request(here.setting, by=here.user)
        answer = here.post(f"/drafts/{draft.key}/submit/", follow=True, edition=draft.edition, **JOIN)
        referral = Referral.objects.get(submission_key=draft.key)
        assert (referral.status, referral.turn) == (Status.WAITING, 2)
        assert answer.redirect_chain == [(f"/requests/{referral.reference}/sent/", 302)]
        page = text_of(answer)
        for words in (
            "You are number 2 on the waiting list",
            referral.reference,
            "1 request was ahead of it.",
            "No place was used.",
            "What happens next",
            "Until the end of 13 December 2024",
            "26 November 2024 at 09:30",
        ):
            assert words in page
        assert "Wilf" not in page
        assert not DraftReferral.objects.exists()

    def test_twice_it_joins_once(self, here, draft):
        first = here.post(f"/drafts/{draft.key}/submit/", **JOIN)
        second = here.post(f"/drafts/{draft.key}/submit/", **JOIN)
        assert first.url == second.url
        assert Referral.objects.filter(submission_key=draft.key).count() == 1
        assert "You are number 1 on the waiting list" in text_of(here.get(second.url))

    def test_where_a_place_came_free_meanwhile_it_is_sent_and_the_page_says_so(self, here, draft):
        here.get(f"/drafts/{draft.key}/check/")
        frees_a_place(here)
        page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True, **JOIN))
        assert "A place had come free, so your request was sent and does not have to wait." in page
        assert "This used one early years place. 0 of 2 are left." in page
        again = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True, **JOIN))
        assert "A place had come free" in again  # the same moment: it is the same press

    def test_a_later_press_for_what_was_sent_long_ago_does_not_speak_of_a_free_place(self, here, draft):
        frees_a_place(here)
        here.post(f"/drafts/{draft.key}/submit/")
        with time_machine.travel(AT + timedelta(hours=1), tick=False):
            page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True, **JOIN))
        assert "A place had come free" not in page

    def test_what_was_changed_since_the_check_is_checked_again(self, here, draft):
        answer = here.post(f"/drafts/{draft.key}/submit/", follow=True, edition=str(draft.edition - 1), **JOIN)
        assert "Somebody has changed this draft since you opened this page" in text_of(answer)
        assert not Referral.objects.exists()

    def test_an_unfinished_draft_does_not_join(self, here):
        draft = filled_draft(here.setting, by=here.user, goal_1="")
        assert "The request has not been sent." in text_of(
            here.post(f"/drafts/{draft.key}/submit/", follow=True, **JOIN)
        )
        assert not Referral.objects.exists()

    def test_in_the_last_second_it_joins(self, here, draft):
        with time_machine.travel(LAST_SECOND, tick=False):
            answer = signed_in(here.user).post(f"/drafts/{draft.key}/submit/", JOIN)
        assert "/sent/" in answer.url

    def test_after_the_cut_off_the_refusal_says_that_the_list_is_closed(self, here, draft):
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            page = text_of(signed_in(here.user).post(f"/drafts/{draft.key}/submit/", JOIN, follow=True))
        assert "Closed: it closed with the cut-off on 13 December 2024. Your draft is kept." in page
        assert "or_wait" not in page
        assert f'href="/drafts/{draft.key}/"' in page

    def test_a_stranger_finds_no_draft(self, here, draft):
        stranger = signed_in(person(Role.EARLY_YEARS_ADVISER))
        assert stranger.post(f"/drafts/{draft.key}/submit/", JOIN).status_code == 404


class TestRefusal:
    @pytest.fixture
    def refusal(self, here, draft):
        """The address of a refusal: the last place went between look and press."""
        return here.post(f"/drafts/{draft.key}/submit/").url

    def test_it_offers_the_list_with_one_press(self, here, draft, refusal):
        page = text_of(here.get(refusal))
        assert "Open: nobody was waiting, so you could join as number 1." in page
        assert button_of(page) == "Join the waiting list as number 1"
        assert f'action="/drafts/{draft.key}/submit/"' in page
        answer = here.post(f"/drafts/{draft.key}/submit/", follow=True, edition=draft.edition, **JOIN)
        assert "You are number 1 on the waiting list" in text_of(answer)

    def test_the_number_is_that_of_now_and_the_facts_those_of_then(self, here, refusal):
        waiting_request(here.setting, by=here.user)
        page = text_of(here.get(refusal))
        assert "you could join as number 1" in page
        assert button_of(page) == "Join the waiting list as number 2"

    def test_where_a_place_has_come_free_it_offers_to_send(self, here, refusal):
        frees_a_place(here)
        page = text_of(here.get(refusal))
        assert "A place has come free" in page
        assert button_of(page) == "Send the request now"
        assert "or_wait" not in page

    def test_where_the_draft_was_changed_since_the_answers_are_checked_first(self, here, draft, refusal):
        answers = {"strategies_tried": "Something else", "strategies_outcome": "Better"}
        with time_machine.travel(AT + timedelta(minutes=5), tick=False):
            version = draft.sections.get(section=Section.TRIED).version
            here.post(section_url(draft, Section.TRIED), action="continue", version=version, **answers)
            page = text_of(here.get(refusal))
        assert "The draft has been changed since." in page
        assert "or_wait" not in page

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.S2S_COORDINATOR])
    def test_who_only_reads_it_is_offered_nothing(self, refusal, role):
        page = text_of(signed_in(person(role)).get(refusal))
        assert "Open: nobody was waiting" in page
        assert "<form" not in page.split("<main")[1]

    def test_after_the_cut_off_it_offers_nothing_any_more(self, here, refusal):
        with time_machine.travel(FIRST_MOMENT_TOO_LATE, tick=False):
            page = text_of(signed_in(here.user).get(refusal))
        assert "or_wait" not in page
        assert "Go to the draft" in page

    def test_once_joined_it_leads_to_the_request(self, here, draft, refusal):
        here.post(f"/drafts/{draft.key}/submit/", **JOIN)
        page = text_of(here.get(refusal))
        reference = Referral.objects.get(submission_key=draft.key).reference
        assert (
            f'The draft has joined the waiting list since: <a class="govuk-link" href="/requests/{reference}/">' in page
        )

    def test_nobody_overtakes_by_the_plain_press(self, here, draft):
        waiting_request(here.setting, by=here.user)
        frees_a_place(here)
        page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True))
        assert "others wait for the places that are free" in page
        assert "nobody overtakes: the places that are free go to those who wait" in page
        assert button_of(page) == "Join the waiting list as number 2"
        assert Decision.objects.get().rule == "OTHERS_WAITING"


class TestConfirmation:
    def test_it_says_if_the_request_has_moved_on(self, here):
        waits = waiting_request(here.setting, by=here.user)
        frees_a_place(here)
        waiting.fill(quota=here.quota, by=ensure_system_user(), at=AT)
        page = text_of(here.get(f"/requests/{waits.reference}/sent/"))
        assert "It joined as number 1. This request is now:" in page
        assert "Sent to S2S" in page
        assert "What happens next" not in page

    def test_of_one_that_left(self, here):
        waits = waiting_request(here.setting, by=here.user)
        withdrawing.withdraw(referral=waits, reason="OTHER", note="", by=here.user, at=AT)
        page = text_of(here.get(f"/requests/{waits.reference}/sent/"))
        assert "Withdrawn" in page
        assert "You are number" not in page

    def test_its_warning_about_the_parents_agreement(self, here):
        nothing = {"agreement_by": "", "agreement_on": None, "agreement_how": "", "agreement_held": ""}
        waits = waiting_request(here.setting, by=here.user, agreement="NOT_YET", **nothing)
        assert "agreement is not recorded yet" in text_of(here.get(f"/requests/{waits.reference}/sent/"))

    def test_a_stranger_finds_none(self, here):
        waits = waiting_request(here.setting, by=here.user)
        stranger = signed_in(person(Role.EARLY_YEARS_ADVISER))
        assert stranger.get(f"/requests/{waits.reference}/sent/").status_code == 404


def test_what_somebody_types_into_a_draft_that_joined_is_kept_to_copy(here, draft):
    requests.submit(key=draft.key, by=here.user, at=AT, or_wait=True)
    page = text_of(here.post(section_url(draft, Section.TRIED), strategies_tried="Typed late.", version="1"))
    assert "This draft is on the waiting list" in page
    assert "Typed late." in page


def test_a_school_that_waits_is_not_spoken_of_as_sent(here):
    waits = waiting_request(here.setting, by=here.user)
    page = text_of(here.get("/requests/new/", q=here.setting.name))
    assert f'On the waiting list:</strong> <a class="govuk-link" href="/requests/{waits.reference}/">' in page
    assert "Already sent" not in page


def test_the_form_of_a_plain_send_is_as_it_was(here):
    """With a place free nothing speaks of waiting."""
    frees_a_place(here)
    draft = filled_draft(here.setting, by=here.user)
    page = text_of(here.get(f"/drafts/{draft.key}/check/"))
    assert button_of(page) == "Send the request"
    assert "or_wait" not in page
