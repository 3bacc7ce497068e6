"""The dashboard of demand that was not met: who opens it, what it says, and what it leaves unsaid."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.actions import requests, waiting
from referrals.documents.unmet import unmet_sentence
from referrals.rules.disclosure import Hidden
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.documents.unmet import unmet_answer, unmet_figures
from s2s_portal.oversight.queries.unmet import answer_of, unmet_of
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import quota_of
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CONTRACT_ENDS
from tests.oversight.queries.asking import readings
from tests.referrals.queries.test_unmet import NEXT_YEAR, Town, period_with_places
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGE = reverse("oversight:dashboard", args=["unmet"])
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet", "Puddle Lane", "Perran")


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def signed_in(town, client_for):
    return client_for(town.commissioner)


def cells_of(page, caption: str) -> list[list[str]]:
    """The lines of one table, cell by cell, as people read them."""
    [table] = re.findall(rf"<caption[^>]*>{caption}</caption>(.*?)</table>", text_of(page), re.DOTALL)
    rows = re.findall(r'<tr class="govuk-table__row" role="row">\s*<th scope="row"(.*?)</tr>', table, re.DOTALL)
    return [re.findall(r'app-stacked__value">(?:<span class="app-nowrap">)?(?:<strong>)?([^<]*)', row) for row in rows]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else_opens_it(town, client_for, role):
    town.refused()
    page = client_for(person(role, zones=[town.zone])).get(PAGE)
    assert page.status_code == 403
    assert "Reedham" not in text_of(page)


def test_a_period_whose_demand_was_met_has_no_tables(signed_in):
    page = signed_in.get(PAGE)
    assert "No request of this period is without a place." in text_of(page)
    assert "<table" not in text_of(page)


def test_where_nothing_is_counted_there_is_one_heading_and_no_file_of_nothing(signed_in):
    html = signed_in.get(PAGE).content.decode()
    assert re.findall(r'<h2 class="govuk-heading-m" id="figure-([a-z]*)"', html) == ["why"]
    assert "As above." not in html
    assert "app-chart__files" not in html


def test_before_the_first_period_there_is_nothing_to_count(client_for):
    assert "No period has been set up yet" in text_of(client_for(person(Role.COMMISSIONER)).get(PAGE))


def test_the_sums_and_three_tables(town, signed_in):
    for _ in range(7):
        town.refused()
    town.joined(town.far_setting)
    page = signed_in.get(PAGE)
    words = text_of(page)
    assert (
        "8 requests are without a place: 7 were refused and have not been sent since (all places were used); "
        "1 waits for a place now." in words
    )
    assert cells_of(page, "By reason") == [["Refused: all places were used", "7"], ["", "1"], ["Total", "8"]]
    assert "Waits: no place was free when it was sent</a>" in words
    assert cells_of(page, "By zone") == [
        ["Reedham Reach", "7", "0", "0", "7"],
        ["Saltings", "0", "1", "0", "1"],
        ["Total", "7", "1", "0", "8"],
    ]
    assert cells_of(page, "By week") == [["25 November 2024", "7", "1", "0", "8"], ["Total", "7", "1", "0", "8"]]
    needs = cells_of(page, "By main type of need")
    assert needs[-1] == ["Total", "7", "1", "0", "8"]
    # Seven of one need beside noughts: if it were shown, so were they.
    assert ["Speech, language and communication needs", "not shown", "fewer than 6", "0", "not shown"] in needs
    assert "protect children" in words
    assert [name for name in CHILD if name in words] == []


def test_each_week_has_a_bar_of_what_was_refused(town, signed_in):
    town.refused()
    town.refused()
    town.refused(at=AT + timedelta(days=14))
    week = unmet_figures(unmet_of(readings(town.period, at=AT + timedelta(days=14), by=town.commissioner)))[-1]
    assert week.chart.categories == ("25 November 2024", "2 December 2024", "9 December 2024")
    assert [(one.label, one.values) for one in week.chart.series] == [
        ("Refused", (2.0, 0.0, 1.0)),
        ("Waiting now", (0.0, 0.0, 0.0)),
        ("No place came free", (0.0, 0.0, 0.0)),
    ]
    assert "style=" not in signed_in.get(PAGE).content.decode()


def test_the_chart_of_needs_says_in_words_what_the_table_hides(town):
    for _ in range(7):
        town.refused()
    need = unmet_figures(unmet_of(readings(town.period, by=town.commissioner)))[2]
    assert need.hides
    for line in need.lines[:-1]:
        at = need.chart.categories.index(line.values[0])
        drawn = [series.values[at] for series in need.chart.series]
        assert drawn == [shown.value if isinstance(shown, Hidden) else float(shown) for shown in line.values[1:4]]


def test_it_is_narrowed_to_a_stream(town, signed_in):
    town.refused()
    school = filled_draft(town.school, by=town.send_adviser)
    requests.submit(key=school.key, by=town.send_adviser, at=AT)
    assert "2 requests are without" in text_of(signed_in.get(PAGE))
    assert (
        "1 early years request is without a place: 1 was refused and has not been sent since (all places were used)."
        in text_of(signed_in.get(PAGE, {"stream": "EARLY_YEARS"}))
    )
    assert "1 mainstream request is without" in text_of(signed_in.get(PAGE, {"stream": "MAINSTREAM"}))


def test_it_shows_the_period_that_counts_until_another_is_chosen(town, signed_in):
    later = period_with_places(early_years=0, mainstream=0, by=town.commissioner, **NEXT_YEAR)
    town.refused()
    assert "1 request is without" in text_of(signed_in.get(PAGE))
    assert "No request of this period" in text_of(signed_in.get(PAGE, {"period": later.pk}))
    assert "1 request is without" in text_of(signed_in.get(PAGE, {"period": town.period.pk}))


@pytest.mark.moment(CONTRACT_ENDS)
def test_after_the_deadline_it_says_for_whom_no_place_came_free(town, signed_in):
    town.joined(at=AT)
    town.joined(at=AT)
    waiting.lapse(quota=quota_of(town.period), by=ensure_system_user(), at=CONTRACT_ENDS)
    words = text_of(signed_in.get(PAGE))
    assert "2 waited until the last day on which places were given, and no place came free." in words


@pytest.mark.parametrize(
    "nonsense",
    [{"period": "999999"}, {"period": "x\x00"}, {"period": ""}, {"stream": "BOTH"}, {"stream": "9" * 5000}],
    ids=lambda it: repr(it)[:30],
)
def test_nonsense_in_the_address_gets_the_period_that_counts(town, signed_in, nonsense):
    period_with_places(by=town.commissioner, **NEXT_YEAR)
    town.refused()
    page = signed_in.get(PAGE, nonsense)
    assert page.status_code == 200
    assert "1 request is without a place" in text_of(page)


def test_the_page_takes_the_same_queries_for_more_zones(town, signed_in):
    def queries(zones: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(cells_of(signed_in.get(PAGE), "By zone")) == zones + 1
        return len(captured)

    town.refused()
    town.joined()
    one = queries(zones=1)
    for _ in range(2):
        town.adviser = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
        setting = EstablishmentFactory(zone=town.adviser.memberships.get().zones.get())
        town.refused(setting)
        town.joined(setting)
    assert queries(zones=3) == one <= 15


@pytest.mark.parametrize(
    ("refused", "waits", "lapsed", "sentence"),
    [
        ({}, 0, 0, "No early years request of this period is without a place."),
        ({}, 1, 0, "1 early years request is without a place: 1 waits for a place now."),
        (
            {"FULL": 2},
            0,
            1,
            "3 early years requests are without a place: 2 were refused and have not been sent since (all places were "
            "used); 1 waited until the last day on which places were given, and no place came free.",
        ),
        (
            {"OTHER_REFERRERS": 1, "CUT_OFF": 1200, "OTHERS_WAITING": 3},
            0,
            0,
            "1,204 early years requests are without a place: 1,204 were refused and have not been sent since "
            "(3 because others waited for the places that were free, 1,200 because requests had closed, "
            "1 because only SEND Advisers file under the contract).",
        ),
    ],
    ids=str,
)
def test_sentence(refused, waits, lapsed, sentence):
    assert unmet_sentence(stream_label="early years", refused=refused, waiting=waits, lapsed=lapsed) == sentence


@pytest.mark.moment(CONTRACT_ENDS)
def test_those_that_wait_or_waited_in_vain_can_be_looked_at(town, signed_in):
    town.refused(at=AT)
    rows = [town.joined(at=AT) for _ in range(2)]
    waiting.lapse(quota=quota_of(town.period), by=ensure_system_user(), at=CONTRACT_ENDS)
    listed = reverse("oversight:requests", args=["unmet", "why", "lapsed"])
    assert f'href="{listed}"' in signed_in.get(PAGE).content.decode()
    assert "2 requests, as at" in text_of(signed_in.get(listed))
    assert all(row.reference in text_of(signed_in.get(listed)) for row in rows)
    for line in ("waiting", "refused", "FULL"):
        assert signed_in.get(reverse("oversight:requests", args=["unmet", "why", line])).status_code == 404
    assert signed_in.get(reverse("oversight:requests", args=["unmet", "zone", "lapsed"])).status_code == 404


@pytest.mark.parametrize("stream", ["", "EARLY_YEARS", "MAINSTREAM"])
def test_the_overview_says_what_the_page_says(town, stream):
    for _ in range(2):
        town.refused()
    town.joined()
    school = filled_draft(town.school, by=town.send_adviser)
    requests.submit(key=school.key, by=town.send_adviser, at=AT)
    asked = readings(town.period, by=town.commissioner, stream=stream)
    assert answer_of(asked) == unmet_answer(unmet_of(asked))
    without = {"": 4, "EARLY_YEARS": 3, "MAINSTREAM": 1}[stream]
    assert (answer_of(asked).figure, answer_of(asked).level) == (f"{without} without a place", "low")


def test_a_period_in_which_nobody_was_turned_away_says_so(town):
    answer = answer_of(readings(town.period, by=town.commissioner))
    assert (answer.figure, answer.level) == ("Nobody", "")
