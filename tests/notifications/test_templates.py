"""What the messages say: every kind has its three templates, and none has anything about a child."""

import re
from dataclasses import fields

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string

from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.documents import DOCUMENTS, spoken
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import ADVISER, CONTEXTS, MOVE_PAGE, SENT, WHOM_TO_ASK

FOR_THE_ADVISER = [
    *(Kind.REQUEST_SENT_ADVISER, Kind.REQUEST_WITHDRAWN_ADVISER, Kind.WAITING_JOINED_ADVISER),
    *(Kind.PLACE_GIVEN_ADVISER, Kind.WAITING_LAPSED_ADVISER, Kind.REQUEST_STATUS_ADVISER, Kind.INFORMATION_ASKED),
]
WITH_A_COUNT = [Kind.REQUEST_SENT_ADVISER, Kind.REQUEST_WITHDRAWN_ADVISER, Kind.PLACE_GIVEN_ADVISER, Kind.COHORT_SENT]
FOR_THE_CONTACT = [
    *(Kind.REQUEST_SENT_CONTACT, Kind.REQUEST_WITHDRAWN_CONTACT),
    *(Kind.WAITING_JOINED_CONTACT, Kind.WAITING_LAPSED_CONTACT, Kind.REQUEST_STATUS_CONTACT),
]
#: What the subject of a message names that is not about one school or setting alone.
IN_SUBJECT = {
    Kind.PERSON_INVITED: "Ada Ministrator invites you",
    Kind.ADDRESS_CHANGED: "Ada Ministrator has changed your e-mail address",
    Kind.WORK_LEFT: "Jo Reeve has left: 3 open requests and 1 planned visit are with nobody; "
    "1 visit that was to be held has no record",
    Kind.PLACE_FREE: "2 early years places free, 3 requests waiting",
    Kind.COHORT_SENT: "Cohort CO-5T8W-2K: 2 requests sent, 2 waiting for a place",
    Kind.QUOTA_THRESHOLD: "At least 80% of the early years places for S2S support are used: 10 left",
    Kind.CHANGE_PROPOSED: "Please decide: Move 5 places from early years to mainstream",
    Kind.CHANGE_DECIDED: "Approved: Move 5 places from early years to mainstream",
    Kind.CUT_OFF_MOVED: "Requests for early years support are open until 31 January 2025",
    Kind.CONTRACT_END_ACCOUNT: "School to School support 2024 to 2025: the end of the contract is done",
    Kind.CUT_OFF_PASSED: "Requests for early years support have closed",
    Kind.ALLOCATION_ENDED: "No more early years places are given: what it came to",
    Kind.LEDGER_DIFFERS: "The ledger and the requests differ: 2 differences",
    Kind.DIGEST: "2 messages for you in the S2S portal, 27 November 2024",
    Kind.REMIND_CONTRACT_END: "The contract ends on 31 March 2025 and 2 requests are open",
    Kind.REMIND_WEEKLY_DIGEST: "What waits for you in the S2S portal this week, 2 December 2024",
}
#: Where each message without a request's reference leads.
LINKS = {
    Kind.PLACE_FREE: "/waiting-list/",
    Kind.COHORT_SENT: "/cohorts/CO-5T8W-2K/",
    Kind.QUOTA_THRESHOLD: "/home/",
    Kind.CHANGE_PROPOSED: MOVE_PAGE,
    Kind.CHANGE_DECIDED: MOVE_PAGE,
    Kind.CUT_OFF_PASSED: "/drafts/",
    Kind.ALLOCATION_ENDED: "/dashboards/unmet/",
    Kind.DRAFT_PURGE_NEAR: "/drafts/5d0c1d3e-6a5d-4f3c-9d3b-0f1f4f8a7e11/",
    Kind.LEDGER_DIFFERS: "/reconciliation/",
    Kind.DIGEST: "/messages/",
    Kind.ADDRESS_CHANGED: "/home/",
    Kind.WORK_LEFT: "/hand-over/",
}


def written(kind, **changes):
    """The message of this kind as it goes out: (subject, plain text, HTML)."""
    queue(
        kind=kind,
        key="one",
        to_email="somebody@council.invalid",
        to_name="Rowan <b>Marsh",
        context=CONTEXTS[kind] | changes,
        at=AN_ORDINARY_TUESDAY,
    )
    deliver_waiting()
    [message] = mail.outbox
    html = message.alternatives[0]
    return message.subject, message.body, html.content


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_subject_a_text_and_html(kind):
    subject, text, html = written(kind)
    assert IN_SUBJECT.get(kind, SENT["establishment"]) in subject
    assert "\n" not in subject
    assert len(subject) < 120
    if "Puddle" in str(CONTEXTS[kind]):
        assert "Puddle Lane Pre-school & Nursery" in text
        assert "Puddle Lane Pre-school &amp; Nursery" in html
    assert html.startswith("<!DOCTYPE html>")
    for part in (subject, text, words(html)):
        assert not re.search(r"{[{%]|None(?! has)|&amp;amp;|  +is left", part)
    assert not re.search(r"\n\n\n| \n|\S  | [.,;:]", text)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_names_are_escaped_in_html_and_plain_in_text(kind):
    _, text, html = written(kind)
    assert "Dear Rowan <b>Marsh,\n" in text
    assert "Dear Rowan &lt;b&gt;Marsh," in html


@pytest.mark.parametrize("kind", Kind)
def test_no_kind_has_a_field_about_a_child(kind):
    forbidden = {"child", "birth", "dob", "initials", "pupil", "need", "reason", "narrative", "diagnosis"}
    names = [field.name for field in fields(DOCUMENTS[kind])]
    assert [name for name in names if any(word in name for word in forbidden)] == []


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("part", ["subject.txt", "txt", "html"])
def test_templates_print_nothing_but_the_fields_of_their_kind(kind, part):
    name = f"notifications/{kind.lower()}.{part}"
    empty = render_to_string(name, {})
    full = render_to_string(name, spoken(CONTEXTS[kind]) | {"child_name": "Wren Okafor", "date_of_birth": "1 May 2021"})
    assert "Wren" not in full
    assert "1 May 2021" not in full
    assert len(full) > len(empty)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FOR_THE_ADVISER)
def test_advisers_read_which_request_where_to_look_and_whom_to_ask(kind):
    _, text, html = written(kind)
    for part in (text, html):
        assert SENT["reference"] in part
        assert f"{settings.BASE_URL}/requests/EY-7K4M-2Q/" in part
        assert WHOM_TO_ASK in part
        assert "What happens next" in part


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WITH_A_COUNT)
@pytest.mark.parametrize(
    ("left", "sentence"), [(5, "5 of 50 are left."), (1, "1 of 50 is left."), (0, "0 of 50 are left.")]
)
def test_a_count_of_what_is_left_is_told_as_people_say_it(kind, left, sentence):
    _, text, html = written(kind, places_left=left)
    assert sentence in text
    assert sentence in words(html)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "stream_label"),
    [(Kind.REQUEST_WITHDRAWN_ADVISER, "early years"), (Kind.COHORT_SENT, "mainstream")],
)
def test_a_quota_lowered_below_its_use_is_over(kind, stream_label):
    _, text, html = written(kind, places_left=-2)
    sentence = f"All 50 {stream_label} places are used, and 2 more: over by 2."
    assert sentence in text
    assert sentence in words(html)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LINKS)
def test_messages_about_more_than_one_request_say_what_next_where_and_whom_to_ask(kind):
    _, text, html = written(kind)
    assert f"\n{settings.BASE_URL}{LINKS[kind]}\n" in text
    assert f'href="{settings.BASE_URL}{LINKS[kind]}"' in html
    for part in (text, html):
        assert "What happens next" in part
        assert "Whom to ask" in part


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FOR_THE_CONTACT)
def test_settings_read_whom_to_ask_and_get_no_link_they_cannot_open(kind):
    _, text, html = written(kind)
    for part in (text, html):
        assert SENT["reference"] in part
        assert ADVISER["adviser_name"] in part
        assert ADVISER["adviser_email"] in part
        assert "/requests/" not in part


@pytest.mark.django_db
def test_sent_says_what_it_used_and_what_happens_next():
    _, text, html = written(Kind.REQUEST_SENT_ADVISER)
    assert "This used one early years place. 5 of 50 are left." in text
    assert "contacts the setting within 5 working days to arrange an observation" in text
    assert "Tuesday 26 November 2024 at 09:30" in text
    assert "This used one early years place. 5 of 50 are left." in words(html)


@pytest.mark.django_db
def test_a_school_is_called_a_school_and_one_place_is_left():
    _, text, _ = written(Kind.REQUEST_SENT_ADVISER, stream_label="mainstream", places_left=1, places_granted=85)
    assert "This used one mainstream place. 1 of 85 is left." in text
    assert "contacts the school within" in text
    assert "etting" not in text.split("--")[0]


@pytest.mark.django_db
def test_moments_are_told_in_london_time():
    _, text, _ = written(Kind.REQUEST_SENT_ADVISER, sent_at="2024-09-03T22:59:59+00:00")
    assert "Tuesday 3 September 2024 at 23:59" in text


@pytest.mark.django_db
def test_refusal_gives_the_facts_and_says_that_the_draft_is_kept():
    _, text, html = written(Kind.REQUEST_REFUSED)
    facts = [CONTEXTS[Kind.REQUEST_REFUSED][fact] for fact in ("rule", "count", "next_date", "whom_to_ask")]
    for part in (text, words(html)):
        assert [fact for fact in facts if fact not in part] == []
        assert "Saturday 14 December 2024 at 00:00:01" in part
        assert "your draft is kept" in part
    assert f"{settings.BASE_URL}/refusals/RF-3C4D-9H/" in text
    assert f'href="{settings.BASE_URL}/refusals/RF-3C4D-9H/"' in html


@pytest.mark.django_db
def test_refusal_of_a_cohort_says_that_the_cohort_is_kept_and_leads_to_the_refusals_of_its_schools():
    schools = {"establishment": "3 schools of cohort CO-8M2T-4X", "cohort_reference": "CO-8M2T-4X"}
    subject, text, html = written(Kind.REQUEST_REFUSED, **schools)
    assert subject == "Request for 3 schools of cohort CO-8M2T-4X not accepted (RF-3C4D-9H)"
    for part in (text, words(html)):
        assert "request for 3 schools of cohort CO-8M2T-4X was accepted" in part
        assert "the cohort is kept" in part
        assert "draft" not in part
    assert f"{settings.BASE_URL}/cohorts/CO-8M2T-4X/refused/RF-3C4D-9H/" in text
    assert f'href="{settings.BASE_URL}/cohorts/CO-8M2T-4X/refused/RF-3C4D-9H/"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "sentences"),
    [
        (
            {"place_returned": True},
            ["This gave its early years place back. 5 of 50 are left.", "a new request uses a place of its own."],
        ),
        (
            {"place_returned": False, "carried": True},
            [
                "It used no place of this contract, so none was given back. 5 of 50 are left.",
                "uses a place of its own.",
            ],
        ),
        (
            {"place_returned": False},
            [
                "It was on the early years waiting list and held no place, so none was given back. 5 of 50 are left.",
                "those who waited behind it move up.",
                "a new request does not get its turn back.",
            ],
        ),
    ],
)
def test_withdrawal_says_what_became_of_the_place(place, sentences):
    _, text, html = written(Kind.REQUEST_WITHDRAWN_ADVISER, **place)
    for sentence in sentences:
        assert sentence in text
        assert sentence in words(html)
