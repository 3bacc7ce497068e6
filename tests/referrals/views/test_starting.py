"""Choosing a school or setting, the task list, and deleting a draft."""

import re
from datetime import date

import pytest
import time_machine

from referrals.actions import withdrawing
from referrals.choices import Status
from referrals.models import DraftReferral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.queries.establishments import key_of
from tests.factories import support
from tests.factories.organisations import PASSWORD, ContactPersonFactory, EstablishmentFactory, person
from tests.factories.quotas import period_with_places, use_places
from tests.factories.referrals import filled_draft, sent_request, start_draft
from tests.moments import AN_ORDINARY_TUESDAY, FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import desk, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
START = "/requests/new/"
NEXT_PERIOD = {
    "opens_on": date(2025, 4, 7),
    "requests_close_on": date(2025, 6, 1),
    "allocation_deadline_on": date(2025, 6, 8),
    "delivery_ends_on": date(2025, 7, 1),
}


def test_a_search_by_name_finds_own_settings_and_a_press_starts_a_draft():
    here = desk()
    page = here.get(START, q=here.setting.name)
    assert here.setting.name in text_of(page)
    assert "Start a request" in text_of(page)
    answer = here.post(START, setting=key_of(here.setting))
    draft = DraftReferral.objects.get()
    assert (draft.establishment, draft.started_by) == (here.setting, here.user)
    assert answer.url == f"/drafts/{draft.key}/"


@pytest.mark.parametrize("field", ["urn", "postcode", "town"])
def test_a_search_by_urn_postcode_or_town_finds_it_too(field):
    here = desk()
    page = here.get(START, q=getattr(here.setting, field))
    assert f'value="{key_of(here.setting)}"' in text_of(page)


def test_a_suggestion_that_was_picked_is_the_only_result():
    here = desk()
    other = EstablishmentFactory(zone=here.zone)
    page = here.get(START, q="Puddle Lane", setting=key_of(other))
    assert f'value="{key_of(other)}"' in text_of(page)
    assert f'value="{key_of(here.setting)}"' not in text_of(page)


def test_an_empty_search_says_what_to_enter():
    page = desk().get(START, q="   ")
    assert "Enter a name, URN, postcode or town" in text_of(page)
    assert "<title>Error:" in text_of(page)


def test_a_setting_that_cannot_be_chosen_is_shown_with_the_reason():
    here = desk()
    EstablishmentFactory(name="Farther Staithe Pre-school")
    EstablishmentFactory(name="Farther Marsh Pre-school", zone=here.zone, closed=True)
    EstablishmentFactory(school=True, name="Farther Fen Primary School", zone=here.zone)
    page = text_of(here.get(START, q="farther"))
    assert "outside your zones" in page
    assert "closed in the register" in page
    assert "not yours to file" in page
    assert 'name="setting" value="' not in page


def test_more_results_than_fit_say_so():
    here = desk()
    EstablishmentFactory.create_batch(21, zone=here.zone)
    page = text_of(here.get(START, q="puddle lane"))
    assert "The first 20 of more" in page
    assert page.count('name="setting" value="') == 20


def test_a_colleagues_draft_and_a_request_of_this_period_are_named_and_do_not_block():
    here = desk()
    colleague = here.colleague()
    draft = start_draft(here.setting, by=colleague.user)
    sent = sent_request(here.setting, by=here.user)
    page = text_of(here.get(START, q=here.setting.name))
    assert f"/drafts/{draft.key}/" in page
    assert "by Ida Mautby" in page
    assert sent.reference in page
    assert "Start another request" in page
    here.post(START, setting=key_of(here.setting))
    assert DraftReferral.objects.filter(started_by=here.user).count() == 1


def already_sent(page: str) -> list[tuple[str, str]]:
    """The requests a search names as sent already, with what it says of each."""
    return re.findall(r"Already sent:</strong> <a [^>]+>([^<]+)</a> on 26 November 2024 \(([^)]+)\)", page)


def test_a_withdrawn_request_and_one_of_another_period_are_not_already_sent():
    here = desk()
    withdrawn, sent = (sent_request(here.setting, by=here.user) for _ in range(2))
    withdrawing.withdraw(referral=withdrawn, reason="OTHER", note="", by=here.user, at=AN_ORDINARY_TUESDAY)
    page = text_of(here.get(START, q=here.setting.name))
    assert already_sent(page) == [(sent.reference, "Sent to S2S")]
    assert withdrawn.reference not in page
    period_with_places(**NEXT_PERIOD)
    with time_machine.travel(AN_ORDINARY_TUESDAY.replace(year=2025, month=5), tick=False):
        page = text_of(here.get(START, q=here.setting.name))
    assert already_sent(page) == []
    assert sent.reference not in page


def test_what_is_already_sent_says_where_it_stands():
    here = desk()
    sent = sent_request(here.setting, by=here.user)
    support.in_status(sent, Status.SUPPORTING)
    page = text_of(here.get(START, q=here.setting.name))
    assert already_sent(page) == [(sent.reference, "Support under way")]


@pytest.mark.parametrize(("used", "level"), [(3, ""), (4, "low"), (5, "full")])
def test_the_figure_of_places_left_changes_colour(used, level):
    here = desk(early_years=5)
    use_places(here.quota, used, by=here.user)
    [found] = re.findall(r'class="app-figure(?: app-figure--(\w+))?">', text_of(here.get("/home/")))
    assert found == level


@pytest.mark.parametrize("setting", ["", "nonsense", "OFSTED:", "GIAS:999999", "\x00", "OFSTED:" + "9" * 5000, "😀:‮"])
def test_a_forged_choice_is_refused_with_a_sentence(setting):
    page = desk().post(START, setting=setting)
    assert page.status_code == 200
    assert "Choose a school or setting from the list" in text_of(page)
    assert not DraftReferral.objects.exists()


@pytest.mark.parametrize("typed", ["\x00", "x" * 2000, "<script>alert(1)</script>", "=1+1", "‮murram", "%27%22", "😀"])
def test_any_search_text_is_answered_and_shown_back(typed):
    page = desk().get(START, q=typed)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_only_advisers_may_start(at):
    for role in set(Role) - {Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER}:
        assert signed_in(person(role)).get(START).status_code == 403


def test_the_start_page_counts_places_and_says_when_requests_are_closed():
    assert "50 of 50 early years places are left." in text_of(desk().get(START))


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_after_the_cut_off_the_start_page_says_so():
    assert "Requests closed at the end of Friday 13 December 2024" in text_of(desk().get(START))


def test_before_places_are_bought_a_draft_can_be_started():
    assert "No places have been bought" in text_of(desk(with_places=False).get(START))


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_results(count, django_assert_num_queries):
    here = desk()
    for setting in [here.setting, *EstablishmentFactory.create_batch(count - 1, zone=here.zone)]:
        start_draft(setting, by=here.user)
        sent_request(setting, by=here.user)
    with django_assert_num_queries(12):
        page = here.get(START, q="puddle lane")
    assert text_of(page).count("Already sent:") == count


# --- The task list ----------------------------------------------------------------------------------------------
def test_a_new_draft_lists_its_sections_and_where_to_begin():
    here = desk()
    draft = start_draft(here.setting, by=here.user)
    page = text_of(here.get(f"/drafts/{draft.key}/"))
    assert "1 of 8 sections are done" in page
    assert page.count("Not started") == 7
    assert "Started today" in page
    assert f'href="/drafts/{draft.key}/conversation/"' in page
    assert 'data-server-now="2024-11-26T09:30:00+00:00"' in page
    assert 'datetime="2024-12-14T00:00:00+00:00"' in page


def test_a_school_has_no_conversation_section():
    here = desk(Role.SEND_ADVISER)
    draft = start_draft(here.setting, by=here.user)
    page = text_of(here.get(f"/drafts/{draft.key}/"))
    assert "1 of 7 sections are done" in page
    assert here.get(f"/drafts/{draft.key}/conversation/").status_code == 404


def test_a_known_contact_is_offered_for_checking():
    here = desk()
    ContactPersonFactory(establishment=here.setting, name="Perran Oxnead")
    draft = start_draft(here.setting, by=here.user)
    assert "please check" in text_of(here.get(f"/drafts/{draft.key}/"))
    assert 'value="Perran Oxnead"' in text_of(here.get(f"/drafts/{draft.key}/contact/"))


def test_a_finished_draft_leads_to_the_check_and_one_that_went_stale_says_why():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    assert "Check and send" in text_of(here.get(f"/drafts/{draft.key}/"))
    here.setting.status = "CLOSED"
    here.setting.save()
    page = text_of(here.get(f"/drafts/{draft.key}/"))
    assert "Needs attention" in page
    assert "closed in the register" in page
    assert "Check and send" not in page


def test_a_colleague_sees_the_draft_and_a_stranger_does_not():
    here = desk()
    draft = start_draft(here.setting, by=here.user)
    assert here.colleague().get(f"/drafts/{draft.key}/").status_code == 200
    stranger = signed_in(person(Role.EARLY_YEARS_ADVISER, zones=[EstablishmentFactory().zone]))
    of_other_stream = signed_in(person(Role.SEND_ADVISER, zones=[here.zone]))
    for client in (stranger, of_other_stream):
        for rest in ("", "check/", "child/", "setting/", "delete/"):
            assert client.get(f"/drafts/{draft.key}/{rest}").status_code == 404
        assert client.post(f"/drafts/{draft.key}/submit/").status_code == 404
        assert client.post(f"/drafts/{draft.key}/delete/").status_code == 404
    assert DraftReferral.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-4000-8000-000000000000", "..%2F", "1"])
def test_a_key_that_is_no_draft_is_404(key):
    assert desk().get(f"/drafts/{key}/").status_code == 404


# --- Deleting ---------------------------------------------------------------------------------------------------
def test_a_draft_is_deleted_only_after_asking():
    here = desk()
    draft = start_draft(here.setting, by=here.user)
    page = here.get(f"/drafts/{draft.key}/delete/")
    assert "Delete this draft?" in text_of(page)
    assert DraftReferral.objects.exists()
    answer = here.post(f"/drafts/{draft.key}/delete/", follow=True)
    assert not DraftReferral.objects.exists()
    assert "has been deleted" in text_of(answer)
    assert here.post(f"/drafts/{draft.key}/delete/").status_code == 404


def test_a_setting_chosen_after_the_session_ended_is_offered_again_after_signing_in():
    here = desk()
    here.client.logout()
    to_sign_in = here.post(START, setting=key_of(here.setting))
    here.client.post(to_sign_in.url, {"login": here.user.email, "password": PASSWORD})
    page = text_of(here.get(START))
    assert "Your choice" in page
    assert f'value="{key_of(here.setting)}"' in page
    assert not DraftReferral.objects.exists()
