"""The words about zones: nothing to share out, one zone, many, the same everywhere."""

import pytest

from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.zones import StreamZones, Zones, ZoneShare, zones_answer, zones_figures

EY, MAINSTREAM = Stream.EARLY_YEARS, Stream.MAINSTREAM


def stream_zones(*zones: tuple[str, int, int], stream: Stream = EY, without_zone: int = 0) -> StreamZones:
    """Zones of a name, so many requests and so many settings."""
    shares = [ZoneShare(str(at), *zone) for at, zone in enumerate(zones)]
    return StreamZones(stream, shares, without_zone)


@pytest.mark.parametrize(
    ("zones", "sentence"),
    [
        ([], "No zone has been set up yet."),
        ([("Ness", 0, 5)], "No early years request has a place: there is nothing to share out yet."),
        ([("Ness", 1, 4)], "Early years: 1 request from 1 of 1 zone, 25.0 per 100 settings; all in Ness."),
        (
            [("Ness", 2, 0), ("Quay", 0, 0)],
            "Early years: 2 requests from 1 of 2 zones; no setting that is open has a zone.",
        ),
        (
            [("Ness", 1, 4), ("Quay", 2, 8)],
            "Early years: 3 requests from 2 of 2 zones, 25.0 per 100 settings; as many in every zone.",
        ),
        (
            [("A", 4, 4), ("B", 2, 4), ("C", 1, 4), ("D", 1, 4)],
            "Early years: 8 requests from 4 of 4 zones, 50.0 per 100 settings; "
            "the most in A (100.0), the fewest in C and D (25.0).",
        ),
        (
            [("A", 1, 4), *[(name, 0, 4) for name in "BCDE"]],
            "Early years: 1 request from 1 of 5 zones, 5.0 per 100 settings; the most in A (25.0), none in 4 zones. "
            "Under half of an even share: 4 zones.",
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else len(it),
)
def test_sentence(zones, sentence):
    assert stream_zones(*zones).sentence == sentence


def test_the_answer_of_both_streams_says_once_what_is_true_of_both():
    nothing = Zones([stream_zones(), stream_zones(stream=MAINSTREAM)])
    assert zones_answer(nothing).sentence == "No zone has been set up yet."
    assert (zones_answer(nothing).figure, zones_answer(nothing).level) == ("Nothing yet", "")
    assert [figure.lines for figure in zones_figures(nothing)] == [(), ()]
    both = Zones([stream_zones(("A", 1, 1), ("B", 0, 1)), stream_zones(("A", 2, 1), ("B", 1, 0), stream=MAINSTREAM)])
    assert (zones_answer(both).figure, zones_answer(both).level) == ("1 of 2 zones under half a share", "low")
    assert [one.under_half for one in both.streams] == [["B"], []]


@pytest.mark.parametrize(
    ("zones", "few"),
    [
        ([("A", 3, 2), ("B", 1, 2)], []),  # exactly half of an even share
        ([("A", 4, 2), ("B", 1, 3)], ["B"]),
        ([("A", 4, 2), ("B", 0, 0)], []),  # a zone without a setting lacks nothing
        ([("A", 0, 2), ("B", 0, 2)], []),
    ],
    ids=str,
)
def test_zones_under_half_of_an_even_share(zones, few):
    assert stream_zones(*zones).under_half == few


def test_where_each_zone_has_its_share_the_answer_is_not_coloured():
    answer = zones_answer(Zones([stream_zones(("A", 3, 2), ("B", 1, 2))]))
    assert (answer.figure, answer.level) == ("Every zone has half a share or more", "")


@pytest.mark.parametrize(
    ("count", "note"),
    [
        (0, "Every open mainstream school has a zone."),
        (1, "1 open mainstream school has no zone yet, so it is in no zone’s share."),
        (1200, "1,200 open mainstream schools have no zone yet, so they are in no zone’s share."),
    ],
)
def test_those_without_a_zone_are_said(count, note):
    [figure] = zones_figures(Zones([stream_zones(("A", 1, 1), stream=MAINSTREAM, without_zone=count)]))
    assert figure.notes == (note,)
