"""Dashboards on a first day: hardly anything has happened, and each figure says so."""

import pytest

from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.documents.flow import flow_figures
from s2s_portal.oversight.documents.stuck import stuck_figures
from s2s_portal.oversight.documents.team import team_figures
from s2s_portal.oversight.documents.waits import Measure, waits_figures
from s2s_portal.oversight.queries import stuck
from s2s_portal.oversight.queries.flow import flow_of
from s2s_portal.oversight.queries.team import team_of
from s2s_portal.oversight.queries.waits import answer_of, waits_of
from tests.factories import contract_ends as ends
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import waiting_request
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_request_that_never_held_a_place_does_not_wait_for_contact(db):
    period = period_with_places(early_years=0, mainstream=0)
    zone = ZoneFactory()
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    waiting_request(EstablishmentFactory(zone=zone), by=adviser)
    asked = readings(period)
    assert len(asked.cases) == 1
    assert waits_of(asked).overall[Measure.CONTACT].requests == 0
    assert answer_of(asked).sentence == "No school or setting has waited for anything yet."
    assert all(figure.lines == () for figure in waits_figures(waits_of(asked)))


def test_a_period_without_requests(council):
    empty = ends.successor(council.period.contract).periods.get()
    figures = flow_figures(flow_of(readings(empty)))
    assert [figure.lines for figure in figures] == [(), (), (), ()]
    assert figures[0].sentence == "No request has come in yet."


def test_nothing_is_stuck_at_first(council):
    asked = readings(council.period)
    assert stuck.answer_of(asked).sentence == "No open request is stuck."
    assert [figure.lines for figure in stuck_figures(stuck.stopped(asked))] == [(), (), ()]


def test_nobody_yet(council):
    """Nobody has a request yet; one teacher signs in, without a school."""
    assert [line.values for line in team_figures(team_of(readings(council.period)))[0].lines] == [
        ("No school entered", 1, 0, 0, 0, 0, 0.0),
        ("Not given to a teacher yet", 0, 3, 0, 0, 0, None),
        ("All", 1, 3, 0, 0, 0, 0.0),
    ]
