"""Long lists are read part by part: the parts make up the whole, line by line of every figure."""

import pytest
from django.http import Http404

from s2s_portal.oversight.queries.cases import cases_of
from s2s_portal.oversight.queries.parts import parts_of
from s2s_portal.oversight.queries.stuck import stuck_cases
from s2s_portal.oversight.views.drilling import behind_or_404
from s2s_portal.oversight.views.pages import PAGES
from tests.oversight.queries.autumn import when
from tests.oversight.queries.drilled import lines_told_in_parts


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 8, 9])
def test_every_request_is_in_one_part(autumn, at_a_time):
    """Nine of the ten were sent at one moment: the edges of parts fall among them."""
    whole = cases_of(autumn.readings().scope)
    parts = [cases_of(part) for part in parts_of(autumn.readings().scope, at_a_time)]
    assert [case for part in parts for case in part] == whole
    assert {len(part) for part in parts[:-1]} == {at_a_time}
    assert 0 < len(parts[-1]) <= at_a_time


@pytest.mark.parametrize("more", [0, 1])
def test_a_period_of_few_requests_is_one_part(autumn, more, django_assert_num_queries):
    scope = autumn.readings().scope
    count = len(cases_of(scope))
    with django_assert_num_queries(1):
        assert parts_of(scope, count + more) == [scope]


@pytest.mark.parametrize("slug", ["waits", "stuck", "zones", "flow", "team", "contract-end"])
def test_the_parts_of_a_line_make_up_what_it_counts(autumn, slug):
    assert lines_told_in_parts(PAGES[slug], autumn.readings)


def test_in_parts_too_the_longest_stuck_is_in_front(autumn):
    page, later = PAGES["stuck"], {"at": when(12, 30)}
    days = {case.pk: one.days for case, one in stuck_cases(autumn.readings(**later))}
    keys = [line.key for line in page.figures(autumn.readings(**later))[0].lines if line.key]
    lists = [list(behind_or_404(page, autumn.readings(**later), "with", key, at_a_time=1).ids) for key in keys]
    for ids in lists:
        assert [days[pk] for pk in ids] == sorted((days[pk] for pk in ids), reverse=True)
    assert any(ids != sorted(ids) for ids in lists)


def test_a_line_that_no_part_knows_is_not_found(autumn):
    with pytest.raises(Http404):
        behind_or_404(PAGES["stuck"], autumn.readings(), "with", "nobody", at_a_time=2)
