"""Checking, sending, the confirmation and the refusal."""

import pytest

from referrals.actions import withdrawing
from referrals.actions.drafts import CannotChoose
from referrals.models import Decision, DraftReferral, Referral
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.organisations import EstablishmentFactory, MembershipFactory, person
from tests.factories.quotas import use_places
from tests.factories.referrals import filled_draft, sent_request, start_draft
from tests.moments import AN_ORDINARY_TUESDAY, FIRST_MOMENT_TOO_LATE, LAST_SECOND
from tests.referrals.views.desk import desk, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
FACTS = (
    "The rule",
    "The count at that moment",
    "Who set it, and when",
    "The next date",
    "The waiting list",
    "What else can help now, and whom to ask",
)


# --- Check your answers -----------------------------------------------------------------------------------------
def test_the_check_shows_every_answer_with_a_way_to_change_it_and_what_sending_uses():
    here = desk()
    use_places(here.quota, 44, by=here.user)
    draft = filled_draft(here.setting, by=here.user)
    page = text_of(here.get(f"/drafts/{draft.key}/check/"))
    for words in ("Wilf", "4 March 2021", "SEN support", "Observation and recommendations", "On a signed form"):
        assert words in page
    assert f'href="/drafts/{draft.key}/needs/?from=check"' in page
    assert "This will use one early years place. 6 of 50 are left now." in page
    assert page.count("Send the request</button>") == 1
    assert 'data-prevent-double-click="true"' in page
    assert "INDES" not in page


def test_the_check_of_an_unfinished_draft_lists_what_is_missing_and_cannot_send():
    here = desk()
    draft = filled_draft(here.setting, by=here.user, goal_1="", conversation_with="")
    page = text_of(here.get(f"/drafts/{draft.key}/check/"))
    assert f'<a class="govuk-link" href="/drafts/{draft.key}/support/?from=check">Enter at least one goal</a>' in page
    assert "Enter who you spoke to" in page
    assert "Send the request" not in page
    assert "Not answered" in page


def test_the_check_warns_of_a_year_that_does_not_fit_and_of_an_agreement_that_is_not_there_yet():
    here = desk()
    nothing = {"agreement_by": "", "agreement_on": None, "agreement_how": "", "agreement_held": ""}
    draft = filled_draft(here.setting, by=here.user, year_group="R", agreement="NOT_YET", **nothing)
    page = text_of(here.get(f"/drafts/{draft.key}/check/"))
    assert "If the child is placed out of year" in page
    assert "cannot book an observation of a named child" in page
    assert "Send the request" in page
    assert "Who agreed" not in page


def test_the_check_has_no_warnings_without_a_reason():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    assert "govuk-warning-text" not in text_of(here.get(f"/drafts/{draft.key}/check/"))


def test_reading_the_check_leaves_one_audit_row(django_assert_num_queries):
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    with django_assert_num_queries(10):
        here.get(f"/drafts/{draft.key}/check/")
    row = AuditEvent.objects.get(kind=AuditKind.READ)
    assert (row.what, row.reference, row.user_id) == ("read a whole draft", draft.audit_reference, here.user.pk)


# --- Sending ----------------------------------------------------------------------------------------------------
def test_sending_uses_one_place_and_confirms_with_reference_and_next_steps():
    here = desk()
    use_places(here.quota, 44, by=here.user)
    draft = filled_draft(here.setting, by=here.user)
    answer = here.post(f"/drafts/{draft.key}/submit/", follow=True)
    referral = Referral.objects.get()
    assert answer.redirect_chain == [(f"/requests/{referral.reference}/sent/", 302)]
    page = text_of(answer)
    assert referral.reference in page
    assert "This used one early years place. 5 of 50 are left." in page
    assert "within 5 working days to arrange an observation" in page
    assert f'href="/requests/{referral.reference}/"' in page
    assert "Wilf" not in page
    assert not DraftReferral.objects.exists()


def test_a_double_click_the_back_button_and_a_second_post_make_one_request():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    first = here.post(f"/drafts/{draft.key}/submit/")
    again = here.post(f"/drafts/{draft.key}/submit/")
    assert first.url == again.url
    back = here.get(f"/drafts/{draft.key}/check/")
    assert back.url == first.url
    assert here.post(f"/drafts/{draft.key}/submit/").url == first.url
    assert Referral.objects.count() == 1
    assert here.quota.entries.filter(kind="DRAWN").count() == 1


def test_two_colleagues_sending_the_same_draft_make_one_request():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    first = here.post(f"/drafts/{draft.key}/submit/")
    second = here.colleague().post(f"/drafts/{draft.key}/submit/")
    assert second.url == first.url
    assert Referral.objects.count() == 1


def test_an_address_opened_by_hand_sends_nothing():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    assert here.get(f"/drafts/{draft.key}/submit/").url == f"/drafts/{draft.key}/check/"
    assert not Referral.objects.exists()


def test_an_unfinished_draft_goes_back_to_the_check_which_names_the_sections():
    here = desk()
    draft = filled_draft(here.setting, by=here.user, goal_1="", strategies_tried="")
    page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True))
    assert "The request has not been sent." in page
    assert "“What has been tried”, “Support wanted and goals”" in page
    assert not Referral.objects.exists()


def test_a_key_that_never_was_is_404():
    assert desk().post("/drafts/00000000-0000-4000-8000-000000000000/submit/").status_code == 404


@pytest.mark.moment(LAST_SECOND)
def test_the_last_second_of_the_cut_off_day_is_in_time():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    assert "/sent/" in here.post(f"/drafts/{draft.key}/submit/").url


# --- Refusals ---------------------------------------------------------------------------------------------------
def test_a_full_quota_refuses_with_six_facts_and_keeps_the_draft():
    here = desk(early_years=1)
    use_places(here.quota, 1, by=here.user)
    draft = filled_draft(here.setting, by=here.user)
    answer = here.post(f"/drafts/{draft.key}/submit/", follow=True)
    decision = Decision.objects.get()
    assert answer.redirect_chain == [(f"/refusals/{decision.reference}/", 302)]
    page = text_of(answer)
    for title in FACTS:
        assert title in page
    assert "At 09:30:00 on 26 November 2024, 1 of 1 early years places were used." in page
    assert "Merle Ketteringham set the number of places to 1" in page
    assert decision.reference in page
    assert f'href="/drafts/{draft.key}/"' in page
    assert "Wilf" not in page
    assert not Referral.objects.exists()


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_the_first_moment_after_the_cut_off_refuses_with_six_facts():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True))
    for title in FACTS:
        assert title in page
    assert "up to and including 13 December 2024" in page
    assert "Closed: it closed with the cut-off" in page


def test_where_no_places_were_bought_the_refusal_says_so():
    here = desk(with_places=False)
    draft = filled_draft(here.setting, by=here.user)
    page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True))
    assert "no places have been bought" in page


def test_a_refused_draft_that_was_sent_later_leads_from_the_refusal_to_the_request():
    here = desk(early_years=1)
    holder = sent_request(here.setting, by=here.user)
    draft = filled_draft(here.setting, by=here.user)
    refusal = here.post(f"/drafts/{draft.key}/submit/").url
    withdrawing.withdraw(referral=holder, reason="CHILD_MOVED", note="", by=here.user, at=AN_ORDINARY_TUESDAY)
    here.post(f"/drafts/{draft.key}/submit/")
    sent = Referral.objects.get(submission_key=draft.key)
    page = text_of(here.get(refusal))
    assert f'href="/requests/{sent.reference}/"' in page
    assert f"/drafts/{draft.key}/" not in page


def test_a_refusal_is_seen_by_whom_the_permissions_say():
    here = desk(early_years=0)
    draft = filled_draft(here.setting, by=here.user)
    refusal = here.post(f"/drafts/{draft.key}/submit/").url
    elsewhere = EstablishmentFactory().zone
    expected = {
        200: [
            here.colleague().client,
            signed_in(person(Role.COMMISSIONER)),
            signed_in(person(Role.S2S_COORDINATOR)),
        ],
        404: [
            signed_in(person(Role.EARLY_YEARS_ADVISER, zones=[elsewhere])),
            signed_in(person(Role.SEND_ADVISER, zones=[here.zone])),
            signed_in(person(Role.S2S_TEACHER)),
        ],
        403: [signed_in(person(Role.ADMINISTRATOR)), signed_in(person(Role.AUDITOR))],
    }
    for status, clients in expected.items():
        assert [client.get(refusal).status_code for client in clients] == [status] * len(clients)
    commissioner = expected[200][1]
    assert "Go to the draft" not in text_of(commissioner.get(refusal))


# --- Who sees the confirmation ----------------------------------------------------------------------------------
def test_a_confirmation_of_another_zone_is_404_and_of_no_request_too():
    here = desk()
    sent = sent_request(here.setting, by=here.user)
    stranger = signed_in(person(Role.EARLY_YEARS_ADVISER, zones=[EstablishmentFactory().zone]))
    assert stranger.get(f"/requests/{sent.reference}/sent/").status_code == 404
    for reference in ("EY-2222-22", "EY-OOOO-OO", "nonsense", "%00"):
        assert here.get(f"/requests/{reference}/sent/").status_code == 404
        assert here.get(f"/refusals/{reference}/").status_code == 404


def test_a_confirmation_says_if_the_request_has_moved_on():
    here = desk()
    sent = sent_request(here.setting, by=here.user)
    withdrawing.withdraw(referral=sent, reason="CHILD_MOVED", note="", by=here.user, at=AN_ORDINARY_TUESDAY)
    page = text_of(here.get(f"/requests/{sent.reference}/sent/"))
    assert "Withdrawn" in page
    assert "What happens next" not in page


def test_a_draft_that_was_changed_since_it_was_checked_goes_back_to_the_check():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    answer = here.post(f"/drafts/{draft.key}/submit/", edition=str(draft.edition - 1), follow=True)
    assert "Somebody has changed this draft since you opened this page" in text_of(answer)
    assert f'name="edition" value="{draft.edition}"' in answer.content.decode()


def test_an_adviser_of_both_streams_files_each_where_it_belongs():
    here = desk()
    MembershipFactory(user=here.user, role=Role.SEND_ADVISER, zones=[here.zone])
    school = EstablishmentFactory(school=True, zone=here.zone)
    use_places(here.quota, 3, by=here.user)
    for establishment, prefix, used in (
        (here.setting, "EY-", "This used one early years place. 46 of 50 are left."),
        (school, "MS-", "This used one mainstream place. 84 of 85 are left."),
    ):
        draft = filled_draft(establishment, by=here.user)
        page = text_of(here.post(f"/drafts/{draft.key}/submit/", follow=True))
        assert used in page
        assert Referral.objects.get(submission_key=draft.key).reference.startswith(prefix)


def test_a_role_for_the_schools_of_one_zone_says_nothing_about_the_settings_there():
    """Two roles in two zones are two pairs, not all four."""
    here = desk()
    elsewhere = EstablishmentFactory(school=True).zone
    MembershipFactory(user=here.user, role=Role.SEND_ADVISER, zones=[elsewhere])
    for wrong in (EstablishmentFactory(school=True, zone=here.zone), EstablishmentFactory(zone=elsewhere)):
        with pytest.raises(CannotChoose, match="outside your zones"):
            start_draft(wrong, by=here.user)
    assert start_draft(EstablishmentFactory(school=True, zone=elsewhere), by=here.user).stream == "MAINSTREAM"


@pytest.mark.parametrize(("became", "queries"), [("sent", 8), ("refused", 10)])
def test_what_came_of_it_takes_few_queries(became, queries, django_assert_num_queries):
    here = desk(early_years=1)
    sent = sent_request(here.setting, by=here.user)
    draft = filled_draft(here.setting, by=here.user)
    url = here.post(f"/drafts/{draft.key}/submit/").url if became == "refused" else f"/requests/{sent.reference}/sent/"
    with django_assert_num_queries(queries):
        assert here.get(url).status_code == 200
