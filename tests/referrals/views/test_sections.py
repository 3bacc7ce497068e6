"""The sections of a draft: saved with a version, judged by the rules, never losing what was typed."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from referrals.actions import drafts as actions
from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import About, Agreement, Section, YearGroup
from referrals.models import DraftReferral, DraftSection, IndesSection, NeedType
from referrals.rules.answers import sections_for
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.queries.establishments import key_of
from tests.factories.organisations import PASSWORD, EstablishmentFactory, MembershipFactory
from tests.factories.referrals import answers_for, filled_draft, load_codes, sent_request, start_draft
from tests.referrals.views.desk import Desk, desk, section_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CONVERSATION = {
    "conversation_on_day": "20",
    "conversation_on_month": "11",
    "conversation_on_year": "2024",
    "conversation_with": "Perran Oxnead",
    "conversation_agreed": "An observation.",
}


def typed(section: Section, answers: dict) -> dict[str, object]:
    """What a browser posts for these answers."""
    posted: dict[str, object] = {}
    for name in SECTION_FIELDS[section]:
        value = answers[name]
        if isinstance(value, date):
            posted |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
        elif value is not None:
            posted[name] = value
    return posted


def started(role: Role = Role.EARLY_YEARS_ADVISER) -> tuple[Desk, DraftReferral]:
    """An adviser and the draft they have just started."""
    load_codes()
    here = desk(role)
    return here, start_draft(here.setting, by=here.user)


@pytest.mark.parametrize("role", [Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER])
def test_every_section_is_saved_and_leads_to_the_next_and_the_last_to_the_check(role):
    here, draft = started(role)
    answers = answers_for(draft.stream)
    order = sections_for(draft.stream)[1:]
    for section, following in zip(order, [*order[1:], None], strict=True):
        answer = here.post(section_url(draft, section), version="0", **typed(section, answers))
        expected = section_url(draft, following) if following else f"/drafts/{draft.key}/check/"
        assert (answer.status_code, answer.headers.get("Location")) == (302, expected), text_of(answer)
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in answers} == answers


def test_a_saved_section_is_shown_again_on_another_machine():
    here, draft = started()
    here.post(section_url(draft, Section.CONVERSATION), version="0", **CONVERSATION)
    page = text_of(here.colleague().get(section_url(draft, Section.CONVERSATION)))
    assert 'value="Perran Oxnead"' in page
    assert 'name="conversation_on_month" type="text" inputmode="numeric" value="11"' in page
    assert 'name="version" value="1"' in page


def test_continuing_names_everything_that_is_missing_in_the_order_of_the_page():
    here, draft = started()
    page = text_of(here.post(section_url(draft, Section.CONVERSATION), version="0", conversation_with="Perran"))
    first = page.index('<a href="#id_conversation_on_0">Enter the date of your conversation')
    assert first < page.index('<a href="#id_conversation_agreed">Enter what was agreed')
    assert 'value="Perran"' in page
    assert not DraftSection.objects.filter(section=Section.CONVERSATION).exists()


def test_coming_back_later_saves_what_is_there_and_the_task_list_says_in_progress():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    answer = here.post(url, version="0", action="later", conversation_with="Perran", follow=True)
    assert answer.redirect_chain == [(f"/drafts/{draft.key}/", 302)]
    assert "is saved" in text_of(answer)
    assert "In progress" in text_of(answer)
    draft.refresh_from_db()
    assert draft.conversation_with == "Perran"


def test_coming_back_later_still_refuses_what_cannot_be_stored():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    page = text_of(here.post(url, version="0", **CONVERSATION | {"action": "later", "conversation_on_day": "31"}))
    assert "must be a real date" in page
    assert 'value="31"' in page
    assert 'value="Perran Oxnead"' in page


def test_a_conversation_tomorrow_is_refused_by_the_rule():
    here, draft = started()
    page = here.post(
        section_url(draft, Section.CONVERSATION), version="0", **CONVERSATION | {"conversation_on_day": "27"}
    )
    assert "must be today or in the past" in text_of(page)


def test_a_section_changed_from_the_check_goes_back_there():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION) + "?from=check"
    assert f'href="/drafts/{draft.key}/check/"' in text_of(here.get(url))
    assert here.post(url, version="0", **CONVERSATION).url == f"/drafts/{draft.key}/check/"


def test_choosing_a_group_forgets_the_child_so_that_no_name_stays_behind():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url = section_url(draft, Section.CHILD)
    name = {"child_first_name": "Wilf", "date_of_birth_day": "99"}
    here.post(url, version="1", about="GROUP", group_size="6", group_description="All in one room", **name)
    draft.refresh_from_db()
    assert (draft.about, draft.child_first_name, draft.date_of_birth, draft.group_size) == (About.GROUP, "", None, 6)


def test_saying_not_yet_forgets_the_details_of_an_agreement():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    here.post(section_url(draft, Section.AGREEMENT), version="1", agreement="NOT_YET", agreement_how="FORGED")
    draft.refresh_from_db()
    assert (draft.agreement, draft.agreement_by, draft.agreement_on, draft.agreement_how) == ("NOT_YET", "", None, "")


def test_not_needed_is_offered_only_where_no_child_is_named():
    here = desk()
    about_a_child = filled_draft(here.setting, by=here.user)
    assert 'value="NOT_NEEDED"' not in text_of(here.get(section_url(about_a_child, Section.AGREEMENT)))
    new = start_draft(here.setting, by=here.user)
    assert 'value="NOT_NEEDED"' in text_of(here.get(section_url(new, Section.AGREEMENT)))
    about_a_child.agreement = Agreement.NOT_NEEDED
    about_a_child.save()
    page = here.post(section_url(about_a_child, Section.AGREEMENT), version="1", agreement="NOT_NEEDED")
    assert "This request names a child" in text_of(page)


# --- Needs ------------------------------------------------------------------------------------------------------
def test_the_year_by_date_of_birth_stands_beside_the_question_and_a_mismatch_warns_without_blocking():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url = section_url(draft, Section.NEEDS)
    assert "By date of birth: Nursery: age 3" in text_of(here.get(url))
    answers = answers_for(draft.stream, year_group=YearGroup.R)
    answer = here.post(url, version="1", follow=True, **typed(Section.NEEDS, answers))
    assert "If the child is placed out of year, leave it as it is" in text_of(answer)
    draft.refresh_from_db()
    assert draft.year_group == YearGroup.R


def test_early_years_offers_the_years_before_school_and_never_asks_for_indes():
    here, draft = started()
    page = text_of(here.get(section_url(draft, Section.NEEDS)))
    years = page.partition('name="year_group"')[2].partition("</select>")[0]
    assert re.findall('option value="(.+?)"', years) == ["U2", "N1", "N2", "R"]
    assert "indes" not in page.lower()


def test_a_school_is_offered_nursery_to_year_13_and_asked_for_indes_where_it_applies():
    here, draft = started(Role.SEND_ADVISER)
    url = section_url(draft, Section.NEEDS)
    page = text_of(here.get(url))
    assert '<option value="U2"' not in page
    assert '<option value="13"' in page
    answers = answers_for(draft.stream, indes_section_id=None, indes_level=None)
    assert "Select the INDES section" in text_of(here.post(url, version="0", **typed(Section.NEEDS, answers)))
    without = typed(Section.NEEDS, answers | {"sen_status": "N"})
    assert here.post(url, version="0", **without).status_code == 302


def test_a_level_above_the_scale_is_refused():
    here, draft = started(Role.SEND_ADVISER)
    answers = answers_for(draft.stream, indes_level=8)
    page = here.post(section_url(draft, Section.NEEDS), version="0", **typed(Section.NEEDS, answers))
    assert "INDES level must be 7 or less" in text_of(page)


def test_a_type_of_need_that_has_ended_is_kept_in_sight_and_refused():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    NeedType.objects.filter(pk=draft.primary_need_id).update(valid_to=date(2024, 11, 1))
    url = section_url(draft, Section.NEEDS)
    assert "no longer used" in text_of(here.get(url))
    page = here.post(url, version="1", **typed(Section.NEEDS, answers_for(draft.stream)))
    assert "cannot be used today" in text_of(page)
    other = answers_for(draft.stream, primary_need_id=NeedType.objects.get(code="ASD").pk)
    assert here.post(url, version="1", **typed(Section.NEEDS, other)).status_code == 302


def test_a_type_of_need_that_has_not_begun_is_not_offered():
    here, draft = started()
    assert "Down syndrome" not in text_of(here.get(section_url(draft, Section.NEEDS)))


# --- The setting ------------------------------------------------------------------------------------------------
def test_the_setting_of_a_draft_is_changed_by_search():
    here, draft = started()
    other = EstablishmentFactory(zone=here.zone, name="Little Terns Nursery")
    url = section_url(draft, Section.SETTING)
    page = text_of(here.get(url, q="terns"))
    assert f'value="{key_of(other)}"' in page
    assert 'name="version" value="1"' in page
    answer = here.post(url + "?from=check", setting=key_of(other), version="1")
    assert answer.url == f"/drafts/{draft.key}/check/"
    draft.refresh_from_db()
    assert draft.establishment == other


def test_a_setting_of_another_zone_or_stream_cannot_be_forged_into_a_draft():
    here, draft = started()
    for wrong in (EstablishmentFactory(), EstablishmentFactory(school=True, zone=here.zone)):
        page = here.post(section_url(draft, Section.SETTING), setting=key_of(wrong), version="1")
        assert "Choose a school or setting from the list" in text_of(page)
    draft.refresh_from_db()
    assert draft.establishment == here.setting


def test_two_people_changing_the_setting_are_told():
    here, draft = started()
    mine, theirs = EstablishmentFactory.create_batch(2, zone=here.zone)
    url = section_url(draft, Section.SETTING)
    here.colleague().post(url, setting=key_of(theirs), version="1")
    page = text_of(here.post(url, setting=key_of(mine), version="1"))
    assert f"Ida Mautby has changed the school or setting to {theirs}" in page
    assert here.post(url, setting=key_of(mine), version="2").status_code == 302


# --- Two people at once -----------------------------------------------------------------------------------------
def test_a_conflict_keeps_what_was_typed_and_shows_what_the_other_saved_beside_it():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    here.colleague().post(url, version="0", **CONVERSATION | {"conversation_agreed": "Advice only."})
    page = text_of(here.post(url, version="0", **CONVERSATION))
    assert "Ida Mautby saved this section at 09:30 while you were writing" in page
    assert '<a href="#theirs-conversation_agreed">' in page
    assert "Advice only." in page
    assert ">\nAn observation.</textarea>" in page
    assert 'id="theirs-conversation_with"' not in page
    assert 'name="version" value="1"' in page
    assert "<title>Error:" in page
    draft.refresh_from_db()
    assert draft.conversation_agreed == "Advice only."
    assert here.post(url, version="1", **CONVERSATION).status_code == 302
    draft.refresh_from_db()
    assert draft.conversation_agreed == "An observation."


def test_the_same_answers_sent_twice_are_no_conflict():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    first, second = (here.post(url, version="0", **CONVERSATION) for _ in range(2))
    assert first.url == second.url
    assert DraftSection.objects.get(section=Section.CONVERSATION).version == 1


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 5000, "5", "1.5", "\x00"])
def test_a_forged_version_is_no_error_and_overwrites_nothing(version):
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url = section_url(draft, Section.TRIED)
    page = here.post(url, version=version, strategies_tried="Mine", strategies_outcome="Mine")
    assert page.status_code == 200
    assert "You saved this section at 09:30" in text_of(page)
    draft.refresh_from_db()
    assert draft.strategies_tried != "Mine"


def test_a_forged_version_of_a_section_that_nobody_saved_is_its_first_save():
    here, draft = started()
    answer = here.post(section_url(draft, Section.CONVERSATION), version="7", **CONVERSATION)
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert "An observation." in draft.conversation_agreed


# --- Hostile and mistaken text ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "=HYPERLINK(1)", "+44", "@x", "‮sdrawkcab", "مرحبا", "👩‍👧 says yes", "a\r\nb", "%00"],
    ids=["script", "formula", "plus", "at", "rtl override", "rtl", "emoji", "lines", "percent"],
)
def test_any_text_is_stored_as_typed_and_shown_escaped(text):
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    assert here.post(url, version="0", **CONVERSATION | {"conversation_agreed": text}).status_code == 302
    draft.refresh_from_db()
    assert draft.conversation_agreed == text.replace("\r\n", "\n")
    raw = here.get(url).content.decode() + here.get(f"/drafts/{draft.key}/check/").content.decode()
    assert "<script>alert" not in raw


@pytest.mark.parametrize("name", ["conversation_agreed", "conversation_with"])
def test_two_megabytes_are_refused_with_the_limit_and_given_back(name):
    here, draft = started()
    long = "long " * 400_000
    page = here.post(section_url(draft, Section.CONVERSATION), version="0", **CONVERSATION | {name: long})
    assert "characters or fewer" in text_of(page)
    assert long.strip() in text_of(page)


def test_a_limit_counts_a_line_break_once():
    here, draft = started()
    url, most = section_url(draft, Section.CONVERSATION), "a\r\n" * 2000
    assert here.post(url, version="0", **CONVERSATION | {"conversation_agreed": most}).status_code == 302
    page = here.post(url, version="1", **CONVERSATION | {"conversation_agreed": most + "bbb"})
    assert "4000 characters or fewer" in text_of(page)


@pytest.mark.parametrize("name", ["conversation_agreed", "conversation_with"])
def test_a_null_byte_is_refused_with_a_sentence(name):
    here, draft = started()
    page = here.post(section_url(draft, Section.CONVERSATION), version="0", **CONVERSATION | {name: "be\x00fore"})
    assert "must not include characters that cannot be shown" in text_of(page)


@pytest.mark.parametrize(
    ("charset", "status", "stored"),
    [
        ("", 302, "caf\ufffd"),
        ("; charset=utf-8", 302, "caf\ufffd"),
        # No browser sends these: every page of ours is UTF-8.
        ("; charset=latin-1", 400, ""),
        ("; charset=none-such", 400, ""),
    ],
)
def test_wrong_encoding_is_not_an_error(charset, status, stored):
    here, draft = started()
    body = b"version=0&strategies_tried=caf%E9&strategies_outcome=%FF%FE"
    kind = f"application/x-www-form-urlencoded{charset}"
    answer = here.client.generic("POST", section_url(draft, Section.TRIED), body, content_type=kind)
    assert answer.status_code == status
    draft.refresh_from_db()
    assert draft.strategies_tried == stored


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (Section.CHILD, "about"),
        (Section.CHILD, "group_size"),
        (Section.CHILD, "date_of_birth_year"),
        (Section.NEEDS, "year_group"),
        (Section.NEEDS, "sen_status"),
        (Section.NEEDS, "primary_need_id"),
        (Section.NEEDS, "indes_section_id"),
        (Section.NEEDS, "indes_level"),
        (Section.SUPPORT, "support_wanted"),
        (Section.AGREEMENT, "agreement"),
        (Section.AGREEMENT, "agreement_how"),
        (Section.CONTACT, "contact_email"),
    ],
)
@pytest.mark.parametrize("action", ["continue", "later"])
def test_a_forged_choice_or_number_is_refused_with_a_sentence(section, name, action):
    here, draft = started(Role.SEND_ADVISER)
    posted = typed(section, answers_for(draft.stream)) | {"action": action}
    if name == "group_size":
        posted |= {"about": "GROUP", "group_description": "All in one room"}
    for value in ("FORGED", "9" * 5000, "-1", "1.5", "\x00", "ü", "99999999999999999999"):
        page = here.post(section_url(draft, section), version="0", **posted | {name: value})
        assert page.status_code == 200
        assert "There is a problem" in text_of(page)


@pytest.mark.parametrize(
    ("number", "fine"), [("01603 496000 ext 12 (mornings)", True), ("+44 1603", True), ("ask Jo", False)]
)
def test_a_telephone_number_needs_digits_and_little_else(number, fine):
    here, draft = started()
    posted = typed(Section.CONTACT, answers_for(draft.stream)) | {"contact_telephone": number}
    answer = here.post(section_url(draft, Section.CONTACT), version="0", **posted)
    assert (answer.status_code == 302) is fine


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (" ann@exämple.invalid ", "ann@xn--exmple-cua.invalid"),
        ("änn@setting.invalid", None),
        ("ann@straße.invalid", None),
        ("ann@" + "ä." * 80 + "invalid", None),  # short enough as typed, too long as servers take it
    ],
)
def test_a_contact_with_an_international_address_can_be_written_to(address, kept):
    here, draft = started()
    posted = typed(Section.CONTACT, answers_for(draft.stream)) | {"contact_email": address}
    answer = here.post(section_url(draft, Section.CONTACT), version="0", **posted)
    if kept is None:
        assert "e-mail address" in text_of(answer).partition("There is a problem")[2].lower()
        return
    draft.refresh_from_db()
    assert draft.contact_email == kept


def test_single_lines_are_tidied():
    here, draft = started()
    posted = typed(Section.CONTACT, answers_for(draft.stream)) | {"contact_name": "  Perran \t Oxnead "}
    here.post(section_url(draft, Section.CONTACT), version="0", **posted)
    draft.refresh_from_db()
    assert draft.contact_name == "Perran Oxnead"


@pytest.mark.parametrize("section", ["bogus", "SETTING", "conversation%00"])
def test_an_unknown_section_is_404(section):
    here, draft = started()
    assert here.get(f"/drafts/{draft.key}/{section}/").status_code == 404


# --- Gone, signed out, audited ----------------------------------------------------------------------------------
def test_a_save_after_somebody_sent_the_draft_shows_the_text_and_the_request():
    here = desk()
    sent = sent_request(here.setting, by=here.user)
    page = here.post(f"/drafts/{sent.submission_key}/tried/", version="1", strategies_tried="Typed late.")
    assert page.status_code == 409
    assert "Typed late." in text_of(page)
    assert sent.reference in text_of(page)


def test_a_save_after_somebody_deleted_the_draft_shows_the_text():
    here, draft = started()
    actions.delete(draft=draft, by=here.user, at=draft.started_at)
    page = here.post(section_url(draft, Section.TRIED), version="1", strategies_tried="Typed late.")
    assert page.status_code == 404
    assert "Typed late." in text_of(page)


def test_every_page_of_a_sent_draft_leads_to_its_confirmation():
    here = desk()
    sent = sent_request(here.setting, by=here.user)
    for rest in ("", "check/", "child/", "setting/", "delete/"):
        answer = here.get(f"/drafts/{sent.submission_key}/{rest}")
        assert answer.url == f"/requests/{sent.reference}/sent/"


def test_text_typed_after_the_session_ended_is_waiting_after_signing_in():
    here, draft = started()
    url = section_url(draft, Section.CONVERSATION)
    here.client.logout()
    to_sign_in = here.post(url, version="0", **CONVERSATION)
    assert to_sign_in.url.startswith(reverse("account_login"))
    here.client.post(to_sign_in.url, {"login": here.user.email, "password": PASSWORD})
    page = text_of(here.get(url))
    assert "You were signed out. What you typed is below: press Save and continue to keep it." in page
    assert 'value="Perran Oxnead"' in page
    assert 'name="version" value="0"' in page
    assert not DraftSection.objects.filter(section=Section.CONVERSATION).exists()
    assert "You were signed out" not in text_of(here.get(url))


@pytest.mark.parametrize("section", ["child", "needs"])
def test_every_reading_leaves_one_audit_row(section):
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    for press in (here.get, here.post):
        before = set(AuditEvent.objects.values_list("pk", flat=True))
        press(f"/drafts/{draft.key}/{section}/")
        row = AuditEvent.objects.exclude(pk__in=before).get()
        assert (row.kind, row.what, row.reference) == (
            AuditKind.READ,
            f"read {section} of a draft",
            draft.audit_reference,
        )
        assert row.user_id == here.user.pk


#: Eight that every page of a draft takes; needs look up their codes; the setting holds no answer, so its reading leaves
#: no audit row.
QUERIES = dict.fromkeys(Section, 8) | {Section.NEEDS: 9, Section.SETTING: 7}


@pytest.mark.parametrize(("section", "queries"), QUERIES.items())
def test_a_section_page_takes_few_queries(section, queries, django_assert_num_queries):
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    with django_assert_num_queries(queries):
        assert here.get(section_url(draft, section)).status_code == 200


def test_pages_of_a_draft_are_never_stored_by_the_browser():
    here, draft = started()
    assert "no-store" in here.get(section_url(draft, Section.CHILD)).headers["Cache-Control"]


def test_saved_later_than_shown_is_told_in_london_time():
    here, draft = started()
    colleague = here.colleague()
    at = datetime.fromisoformat("2024-11-26T14:02:00+00:00")
    actions.save_section(
        draft=draft,
        section=Section.TRIED,
        answers={"strategies_tried": "Theirs"},
        version=0,
        by=colleague.user,
        at=at - timedelta(days=120),  # in summer time
    )
    page = here.post(section_url(draft, Section.TRIED), version="0", strategies_tried="Mine", strategies_outcome="x")
    assert "Ida Mautby saved this section at 15:02" in text_of(page)


def test_somebody_of_both_streams_cannot_move_a_draft_into_the_other():
    here, draft = started()
    MembershipFactory(user=here.user, role=Role.SEND_ADVISER, zones=[here.zone])
    school = EstablishmentFactory(school=True, zone=here.zone)
    url = section_url(draft, Section.SETTING)
    page = text_of(here.get(url, q=school.name, setting=key_of(school)))
    assert "not yours to file" in page
    assert f'value="{key_of(school)}"' not in page
    assert "not yours to file" in text_of(here.post(url, setting=key_of(school), version="1"))


def test_a_group_is_asked_for_the_year_of_most_of_its_children():
    here = desk()
    draft = filled_draft(here.setting, by=here.user, about="GROUP", agreement="NOT_NEEDED")
    page = text_of(here.get(section_url(draft, Section.NEEDS)))
    assert "The one that most of the children are in" in page
    assert "By date of birth" not in page


def test_an_indes_section_of_an_older_scale_stays_in_sight():
    here = desk(Role.SEND_ADVISER)
    draft = filled_draft(here.setting, by=here.user)
    IndesSection.objects.update(valid_to=date(2024, 11, 1))
    page = text_of(here.get(section_url(draft, Section.NEEDS)))
    assert f'<option value="{draft.indes_section_id}" selected>' in page
    assert "A number from 1 to 7" in page


def test_a_level_is_held_against_its_own_sections_scale():
    here, draft = started(Role.SEND_ADVISER)
    answers = answers_for(draft.stream, indes_level=5)
    IndesSection.objects.filter(pk=answers["indes_section_id"]).update(top_level=4)
    page = here.post(section_url(draft, Section.NEEDS), version="0", **typed(Section.NEEDS, answers))
    assert "INDES level must be 4 or less for this section" in text_of(page)
