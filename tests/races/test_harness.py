"""The harness itself: it must really overlap, or every race it judges would pass for nothing."""

import os

import pytest

from tests.races.harness import Answer, Call, most_at_once, statuses, together, visitor
from tests.server import Site, SiteDidNotStart

pytestmark = pytest.mark.race


def test_requests_overlap_inside_each_of_two_worker_processes():
    site = Site(url_of_database="sqlite://:memory:", application="tests.races.overlap_application")
    most_by_process: dict[str, int] = {}
    try:
        for _ in range(
            5
        ):  # which worker the kernel wakes is not ours to say: on a full machine one may sleep through it
            answers = together([Call(visitor(site), "GET", "/") for _ in range(64)])
            assert statuses(answers) == {200: 64}
            assert most_at_once(answers) > 32
            for process, most in (answer.body.split() for answer in answers):
                most_by_process[process] = max(most_by_process.get(process, 0), int(most))
            if len(most_by_process) == 2:
                break
    finally:
        site.stop()
    assert len(most_by_process) == 2
    assert str(os.getpid()) not in most_by_process
    assert max(most_by_process.values()) == 4


def test_calls_one_after_the_other_do_not_count_as_overlapping():
    call = Call(None, "GET", "/")
    one_by_one = [Answer(call, 200, {}, "", start, start + 1) for start in (0.0, 1.0, 2.0)]
    assert most_at_once(one_by_one) == 1


def test_a_site_that_cannot_start_says_why():
    with pytest.raises(SiteDidNotStart, match="ModuleNotFoundError"):
        Site(url_of_database="sqlite://:memory:", application="tests.races.no_such_application")


@pytest.mark.django_db(transaction=True)
def test_the_site_sees_what_the_test_has_committed(racing_site):
    answers = together([Call(visitor(racing_site), "GET", "/") for _ in range(8)])
    assert {answer.status for answer in answers} <= {200, 302}
    assert most_at_once(answers) > 1
