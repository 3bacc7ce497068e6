"""Needs by stream, whole for those who see the cases and hidden by R16 from others; support asked for and given."""

import uuid
from datetime import date

import pytest

from referrals.actions import code_lists
from referrals.choices import BookingKind, YearGroup
from referrals.documents.code_lists import in_words
from referrals.models import NeedType, Referral
from referrals.rules.disclosure import Hidden
from s2s_portal.oversight.documents.needs import needs_figures
from s2s_portal.oversight.queries.needs import answer_of, needs_of, requests_of
from s2s_portal.oversight.rules.aims import AIM_OF, AIMS
from s2s_portal.oversight.rules.year_bands import BAND_OF, BANDS
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.queries.harbour import references, values

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SPEECH, AUTISM = "Speech, language and communication needs", "Autistic spectrum disorder"
FEW, HIDDEN = Hidden.FEWER, Hidden.NOT_SHOWN


def by_label(figure) -> dict[str, tuple]:
    return {line[0]: line[1:] for line in values(figure)}


def label(code: str) -> str:
    return NeedType.objects.get(code=code).label


def test_the_coordinator_sees_every_number(harbour):
    need, year, sen, _, _ = needs_figures(needs_of(harbour.readings(by=harbour.coordinator)))
    needs = by_label(need)
    assert (needs[label("SLCN")], needs[label("ASD")]) == ((8, 1, 9), (1, 0, 1))
    assert needs["All requests"] == (9, 1, 10)
    assert sum(line[2] for name, line in needs.items() if name != "All requests") == 10
    years = {name: line for name, line in by_label(year).items() if line != (0, 0, 0)}
    assert years == {
        "Nursery, age 2": (1, 0, 1),
        "Nursery, age 3": (8, 0, 8),
        "Years 3 to 6": (0, 1, 1),
        "All requests": (9, 1, 10),
    }
    assert [line[1:] for line in values(sen)] == [(1, 0, 1), (8, 1, 9), (0, 0, 0), (0, 0, 0), (9, 1, 10)]
    assert not any(figure.hides for figure in (need, year, sen))


def test_the_commissioner_sees_no_small_number_of_needs_or_children(harbour):
    """Eight may be seen; of the other stream's one nobody learns, nor from the sum of both."""
    need, year, sen, wanted, given = needs_figures(needs_of(harbour.readings()))
    needs = by_label(need)
    assert (needs[label("SLCN")], needs[label("ASD")]) == ((8, FEW, HIDDEN), (FEW, FEW, HIDDEN))
    assert by_label(year)["Nursery, age 3"] == (8, FEW, HIDDEN)
    assert by_label(sen)["SEN support"] == (8, FEW, HIDDEN)
    for figure in (need, year, sen):
        assert figure.hides
        shown = {count for line in values(figure)[:-1] for count in line[1:] if not isinstance(count, Hidden)}
        assert shown == {8}
        drawn = {value for series in figure.chart.series for value in series.values}
        assert drawn == {8.0, FEW}
        assert {line.key for line in figure.lines} == {""}
    assert not wanted.hides
    assert not given.hides


def test_no_stream_alone_tells_what_both_hide(harbour):
    both = by_label(needs_figures(needs_of(harbour.readings()))[0])
    for at, stream in enumerate(("EARLY_YEARS", "MAINSTREAM")):
        alone = by_label(needs_figures(needs_of(harbour.readings(stream=stream)))[0])
        assert {name: line[0] for name, line in alone.items()} == {name: line[at] for name, line in both.items()}


def test_nothing_leads_to_whose_needs_are_hidden(harbour):
    own, theirs = harbour.readings(by=harbour.coordinator), harbour.readings()
    need, year, sen, _, _ = needs_figures(needs_of(own))
    for figure in (need, year, sen):
        for line in figure.lines[:-1]:
            assert len(references(requests_of(own, figure.key, line.key))) == line.values[-1]
            assert requests_of(theirs, figure.key, line.key) is None
    autism = str(NeedType.objects.get(code="ASD").pk)
    assert references(requests_of(own, "need", autism)) == {harbour.e8.reference}


def test_a_need_that_is_called_otherwise_now_is_one_line_that_leads_to_both(harbour):
    autism = NeedType.objects.get(code="ASD")
    told = {"reason": "The department says so.", "key": uuid.uuid4(), "by": harbour.commissioner, "at": AT}
    code_lists.relabel(code=autism, label="Autism", from_day=date(2024, 12, 1), seen=in_words(autism), **told)
    Referral.objects.filter(pk=harbour.e1.pk).update(primary_need=NeedType.objects.get(label="Autism"))
    need = needs_figures(needs_of(asked := harbour.readings(by=harbour.coordinator)))[0]
    assert by_label(need)["Autism"] == (2, 0, 2)
    assert AUTISM not in by_label(need)
    [key] = [line.key for line in need.lines if line.values[0] == "Autism"]
    assert references(requests_of(asked, "need", key)) == {harbour.e1.reference, harbour.e8.reference}
    before = needs_figures(needs_of(harbour.readings(by=harbour.coordinator, at=AT)))[0]
    assert AUTISM in by_label(before)


def test_support_asked_for_and_had(harbour):
    wanted = needs_figures(needs_of(harbour.readings()))[3]
    some = {name: line for name, line in by_label(wanted).items() if line[0]}
    assert some == {
        "Observation and recommendations": (9, 3),
        "Advice or consultation": (1, None),
        "Modelling strategies in the room": (1, 1),
        "Training for individual staff": (1, 1),
    }
    assert wanted.sentence == "Asked for most: observation and recommendations, by 9 of 10 requests."


def test_support_given(harbour):
    given = needs_figures(needs_of(harbour.readings()))[4]
    some = {name: line for name, line in by_label(given).items() if line[0]}
    assert some == {
        "Observation": (3, 3),
        "Modelling strategies in the room": (1, 1),
        "Training for individual staff": (1, 1),
        "All visits": (4, 5),
    }


@pytest.mark.parametrize("who", ["commissioner", "coordinator"])
def test_support_leads_to_the_requests_it_counts(harbour, who):
    asked = harbour.readings(by=getattr(harbour, who))
    for figure in needs_figures(needs_of(asked))[3:]:
        for line in figure.lines:
            if line.key:
                assert len(references(requests_of(asked, figure.key, line.key))) == line.values[1]
    assert references(requests_of(asked, "given", BookingKind.TRAINING_STAFF)) == {harbour.e1.reference}
    for figure, line in (("given", "ADVICE"), ("wanted", "REVIEW_MEETING"), ("other", "all"), ("need", "")):
        assert requests_of(asked, figure, line) is None


def test_answer(harbour):
    answer = answer_of(harbour.readings())
    assert answer.figure == "10 requests, 5 visits"
    assert answer.sentence == (
        f"Early years: 9 requests, the most for {label('SLCN')} (8). "
        "Mainstream: 1 request, too few of each type of need to be shown. "
        "5 visits were held, the most for observation (3)."
    )
    seen = answer_of(harbour.readings(by=harbour.coordinator)).sentence
    assert f"Mainstream: 1 request, the most for {label('SLCN')} (1)." in seen


def test_it_takes_as_many_statements_as_it_reads(harbour, django_assert_num_queries):
    with django_assert_num_queries(4):  # cases, types of need, visits, support asked for
        needs_figures(needs_of(harbour.readings()))


def test_every_year_has_one_band_and_every_kind_of_visit_one_aim():
    assert set(BAND_OF) == set(YearGroup.values)
    assert sum(len(band.years) for band in BANDS) == len(YearGroup)
    assert set(AIM_OF) == set(BookingKind)
    assert sum(len(serves.kinds) for serves in AIMS.values()) == len(BookingKind)
