"""Lists about needs, waiting and outcomes are read part by part: the parts make up the whole, line by line."""

import pytest

from s2s_portal.oversight.views.pages import PAGES
from tests.oversight.queries.drilled import lines_told_in_parts


@pytest.mark.parametrize("slug", ["waiting", "needs", "outcomes"])
def test_the_parts_of_a_line_make_up_what_it_counts(harbour, slug):
    assert lines_told_in_parts(PAGES[slug], harbour.readings)
