"""Pages of long lists: bounded, tolerant of any page number."""

import pytest

from s2s_portal.core import pages
from s2s_portal.core.pages import page_of


@pytest.mark.parametrize(
    ("rows", "total", "capped", "last"),
    [
        (0, "0", False, 1),
        (1, "1", False, 1),
        (50, "50", False, 1),
        (51, "51", False, 2),
        (1_000, "1,000", False, 20),
        (1_001, "1,000+", True, 20),
        (5_000, "1,000+", True, 20),
    ],
)
def test_page_of_counts_to_a_thousand(rows, total, capped, last):
    page = page_of(list(range(rows)), "1")
    assert (page.paginator.total, page.paginator.is_capped, page.paginator.num_pages) == (total, capped, last)


@pytest.mark.parametrize(
    ("number", "first"),
    [("1", 0), ("2", 50), ("3", 100), ("4", 100), ("0", 100), ("-1", 100), ("x", 0), (None, 0), ("\x00", 0)],
)
def test_page_of_takes_any_number(number, first):
    assert page_of(list(range(120)), number)[0] == first


def test_page_of_never_goes_beyond_the_cap():
    page = page_of(list(range(pages.CAP + 500)), "9" * 50)
    assert list(page) == list(range(950, 1_000))
