"""What the lists of an autumn's requests say of each: reckoned by hand, in order, in parts as in one."""

from datetime import date

import pytest

from referrals.models import Referral
from s2s_portal.oversight.documents.facts import Packed
from s2s_portal.oversight.views.drilling import behind_or_404
from s2s_portal.oversight.views.pages import PAGES
from tests.oversight.queries.autumn import when

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOV_4, NOV_11, NOV_18 = date(2024, 11, 4), date(2024, 11, 11), date(2024, 11, 18)
LISTS = {
    "stuck/why/contact": {"silent": ("Past a due day: first contact", NOV_11, 25)},
    "stuck/why/idle": {"answered": ("Nothing has happened", NOV_18, 20)},
    "waits/contact-stream/EARLY_YEARS": {
        "silent": (30, NOV_11, "Overdue"),
        "asked": (28, date(2024, 11, 13), "Paused"),
        "new": (5, date(2024, 12, 16), "Not due yet"),
        "quick": (0, NOV_11, "In time"),
        "slow": (5, NOV_11, "In time"),
        "left_early": (None, None, "Ended before"),
        "gave_up": (6, NOV_11, "Late"),
        "answered": (5, NOV_18, "In time"),
        "back": (2, date(2024, 11, 27), "In time"),
    },
    "waits/visit-zone/all": {
        "answered": (4.0, date(2024, 12, 16), "Not due yet"),
        "back": (24 / 7, date(2024, 12, 20), "Not due yet"),
        "quick": (2 / 7, date(2024, 12, 2), "In time"),
        "slow": (29 / 7, date(2024, 12, 9), "Late"),
        "gave_up": (None, None, "Ended before"),
        "school": (2.0, date(2024, 12, 3), "In time"),
    },
    "waits/record-stream/all": {
        "slow": (date(2024, 12, 10), 4, date(2024, 12, 24), "Not due yet"),
        "quick": (date(2024, 11, 26), 5, date(2024, 12, 10), "In time"),
        "school": (date(2024, 11, 19), 8, date(2024, 12, 3), "In time"),
    },
    "flow/ages/0": {"back": (date(2024, 11, 20), 3), "new": (date(2024, 12, 9), 1)},
    "flow/came-in/2024-11-18": {"quick": (date(2024, 11, 20),), "back": (date(2024, 11, 20),)},
    "flow/left/2024-11-11": {
        "quick": (date(2024, 11, 14), "Completed"),
        "gave_up": (date(2024, 11, 14), "Withdrawn"),
    },
    "flow/weeks/2024-11-11": dict.fromkeys(("slow", "answered", "asked", "school", "silent"), (NOV_4,)),
    "team/schools/not-given": {
        "asked": ("First contact (paused)", date(2024, 11, 13), None),
        "new": ("First contact", date(2024, 12, 16), None),
    },
    "contract-end/fate/finish": {
        "quick": ("Its review is due before the last day of visits.",),
        "slow": ("A visit has no outcome or no finalised record yet.",),
        "back": ("Its planned visits are over before the last day of visits.",),
    },
    "contract-end/why/visit-in-time": {"back": ("Finish under this contract",)},
}
"""By the address of a list the requests in their order, and what is said of each."""


def told(autumn, address, *, at_a_time=None, **asked):
    """The columns of a list, and what it says by the names of its requests, in order."""
    slug, figure, line = address.split("/")
    behind = behind_or_404(PAGES[slug], autumn.readings(**asked), figure, line, at_a_time=at_a_time)
    names = {row.pk: name for name, row in vars(autumn).items() if isinstance(row, Referral)}
    facts = list(behind.facts)
    assert {len(one) for one in facts} == {len(behind.columns)}
    return behind.columns, list(zip([names[pk] for pk in behind.ids], facts, strict=True))


@pytest.mark.parametrize("at_a_time", [None, 2])
@pytest.mark.parametrize("address", [address for address, listed in LISTS.items() if listed])
def test_a_list_says_why_each_is_on_it(autumn, address, at_a_time):
    columns, found = told(autumn, address, at_a_time=at_a_time)
    assert found == list(LISTS[address].items())
    assert columns


def test_what_is_late_is_in_front(autumn):
    """On Friday 27 December all four of Alder Carr School's open requests are; no holidays are entered."""
    columns, found = told(autumn, f"team/schools/{autumn.alder.pk}", at=when(12, 27))
    assert [column.label for column in columns] == ["What is due", "Due", "Working days overdue"]
    assert found == [
        ("answered", ("First visit", date(2024, 12, 16), 9)),
        ("quick", ("Review", date(2024, 12, 18), 7)),
        ("back", ("First visit", date(2024, 12, 20), 5)),
        ("slow", ("Record of a visit", date(2024, 12, 24), 3)),
    ]


def test_of_several_visits_a_school_is_told_of_its_own(autumn):
    _, found = told(autumn, f"waits/record-school/{autumn.birch.pk}")
    assert found == [("school", (date(2024, 11, 19), 8, date(2024, 12, 3), "In time"))]


def test_facts_that_are_alike_are_kept_once():
    packed = Packed()
    packed.extend([("a", 1), ("b", 2)])
    packed.extend([("a", 1)] * 3)
    assert list(packed) == [("a", 1), ("b", 2), *[("a", 1)] * 3]
    assert len(packed.known) == 2
    other = Packed()
    other.extend([("b", 2), ("a", 1)])
    assert packed.sorted([1, 4]) == other
    assert packed != other
