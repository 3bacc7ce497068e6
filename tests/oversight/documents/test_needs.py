"""The words about needs and support: none, one, ties, and what R16 leaves to be said."""

from dataclasses import replace

import pytest

from referrals.rules.disclosure import Hidden
from s2s_portal.oversight.documents.needs import Given, Group, Needs, needs_answer, needs_figures

FEW, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN


def needs(*columns: tuple, visits: tuple[int, ...] = ()) -> Needs:
    """Early years requests (and mainstream ones, with two columns) by need A, B, C; visits of kinds K, L, M."""
    rows = list(zip(*columns, strict=True))
    return Needs(
        streams=("early years", "mainstream")[: len(columns)],
        totals=tuple(sum(20 if isinstance(count, Hidden) else count for count in column) for column in columns),
        needs=[Group("", label, row) for label, row in zip("ABC", rows, strict=False)],
        given=[Given(kind, kind, count, count) for kind, count in zip("KLM", visits, strict=False)],
        supported=sum(visits),
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (needs((0, 0, 0)), "No request has a place yet."),
        (needs((1, 0, 0)), "Early years: 1 request, the most for A (1). No visit has been held yet."),
        (needs((7, 7, 6)), "Early years: 20 requests, the most for A and B (7 each). No visit has been held yet."),
        (
            needs((7, FEW, NOT_SHOWN), (0, 0, 0), visits=(1,)),
            "Early years: 47 requests, the most for A (7). 1 visit was held: k.",
        ),
        (
            needs((FEW, FEW, FEW), (8, 1, 0), visits=(0, 3)),
            "Early years: 60 requests, too few of each type of need to be shown. "
            "Mainstream: 9 requests, the most for A (8). 3 visits were held: l every time.",
        ),
        (
            needs((1, 0, 0), visits=(2, 2, 1)),
            "Early years: 1 request, the most for A (1). 5 visits were held, the most for k and l (2 each).",
        ),
    ],
)
def test_sentence(asked, sentence):
    assert needs_answer(asked).sentence == sentence


def test_without_a_request_or_visit_there_are_no_tables():
    assert [figure.lines for figure in needs_figures(needs((0, 0, 0), (0, 0, 0)))] == [()] * 5


def test_one_stream_alone_has_one_column():
    need = needs_figures(needs((3, 2, 1)))[0]
    assert [column.label for column in need.columns] == ["Main type of need", "Early years"]
    assert need.lines[-1].values == ("All requests", 6)


def test_each_table_of_requests_has_a_sentence_of_its_own():
    asked = replace(
        needs((7, 7, 6)),
        years=[Group("Y1", "Year 1", (12,)), Group("Y2", "Year 2", (8,))],
        statuses=[Group("K", "SEN support", (FEW,)), Group("E", "Education, health and care plan", (NOT_SHOWN,))],
    )
    assert [figure.sentence for figure in needs_figures(asked)[:3]] == [
        "Early years: 20 requests, the most for A and B (7 each).",
        "Early years: 20 requests, most often Year 1 (12).",
        "Early years: 20 requests, too few of each SEN status to be shown.",
    ]
