"""A case list of very many requests: few of them are in memory, those of its cohorts' children too."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from referrals.choices import Status
from referrals.models import NeedType, Referral
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, EstablishmentKind, User, Zone
from s2s_portal.oversight.documents.case_list import READS, Narrowed, case_list_sheet
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.exports.reading import as_csv, as_xlsx, below
from tests.oversight.exports.test_memory import as_csv as write_csv
from tests.oversight.exports.test_sheets import MADE

COUNT = 2_000
MOST = 5 * 2**20
"""Bytes: 500 requests take 3 MB, all of them more than 10. Workbooks: test_memory."""


def requests(count: int) -> Iterator[Any]:
    """Requests as the query gives them, each made when it is asked for."""
    kind, zone, adviser = EstablishmentKind(name="Pre-school"), Zone(name="Saltings"), User(full_name="Amara Whitlock")
    for number in range(count):
        one: Any = Referral(
            reference=f"EY-{number}",
            stream=Stream.EARLY_YEARS,
            status=Status.SUBMITTED,
            child_first_name=f"Wilf {number}",
            submitted_at=AT,
            zone=zone,
            submitted_by=adviser,
            establishment=Establishment(name=f"Marram Pre-school {number}", urn=str(number), kind=kind),
            primary_need=NeedType(label="Speech"),
        )
        one.placed_at = one.next_visit_at = AT
        one.last_visit_at = one.last_record_at = None
        one.records, one.named_children = 0, []
        yield one


def sheet(count: int):
    return case_list_sheet(MADE, Narrowed("", ""), "For the hand-over.", requests(count), count)


def test_a_long_case_list_takes_little_memory():
    write_csv(sheet(1))  # what is made once for all stays
    tracemalloc.start()
    try:
        write_csv(sheet(COUNT))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST


@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_both_formats_have_every_column(read):
    rows = below(read(sheet(3)), "Reference")
    assert [len(row) for row in rows] == [len(READS)] * 3
    assert [row[:4] for row in rows] == [[f"EY-{n}", "Early years", "Sent to S2S", f"Wilf {n}"] for n in range(3)]
