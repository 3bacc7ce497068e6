"""What each school has had, for the adviser of its zone: signals, filters and order, in few queries."""

from datetime import date, datetime, timedelta

import pytest

from referrals.actions import drafts, withdrawing
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import Referral
from referrals.models.referrals import NOT_ENDED
from referrals.queries import planning
from referrals.queries.planning import BY_NAME, NEVER, THIS_PERIOD, Filters, Signals
from s2s_portal.organisations.choices import EstablishmentStatus, Role
from tests.factories import support
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request, start_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.sqlite]

EARLIER = {
    "opens_on": date(2024, 4, 8),
    "requests_close_on": date(2024, 7, 1),
    "allocation_deadline_on": date(2024, 7, 1),
    "delivery_ends_on": date(2024, 7, 31),
}
IN_MAY = datetime(2024, 5, 7, 23, 30, tzinfo=LONDON)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


@pytest.fixture
def school(zone):
    def made(name, **values):
        return EstablishmentFactory(school=True, name=name, **{"zone": zone} | values)

    return made


@pytest.fixture
def periods():
    """The period that counts, and one before it."""
    period_with_places(**EARLIER)
    return period_with_places()


def sent(school, adviser, status=Status.SUBMITTED, at=AT):
    """A request that has come to `status`, whose own actions are tested where they live."""
    request = sent_request(school, by=adviser, at=at, agreement_on=date(2024, 5, 1))
    if status == Status.WITHDRAWN:
        withdrawing.withdraw(referral=request, reason=WithdrawReason.OTHER, note="Why", by=adviser, at=at)
    elif status in (Status.WAITING, Status.LAPSED):
        change(request, status=status, place=None, turn=request.pk)
    elif status == Status.TRANSFERRED:
        change(request, status=status)
    elif status == Status.CLOSED:
        support.closed(support.held(support.booked(request, at=next_morning(at))).referral, at=at + timedelta(days=4))
    else:
        support.in_status(request, status, at=next_morning(at))
    return request


def next_morning(at):
    """A moment at which people work."""
    return (at + timedelta(days=1)).replace(hour=11)


def change(request, **values):
    ended = {} if values["status"] in NOT_ENDED else {"ended_at": AT, "ended_by": request.submitted_by}
    Referral.objects.filter(pk=request.pk).update(**values, **ended)


def signals(school, adviser, at=AT):
    """What the list says of one school."""
    return next(line.signals for line in planning.schools(adviser, Filters(), at)[:] if line.establishment == school)


def names(adviser, **filters):
    return [line.establishment.name for line in planning.schools(adviser, Filters(**filters), AT)]


def test_signals_tell_earlier_requests_from_this_periods(adviser, school, periods):
    one = school("Staithe Primary School")
    for status in (Status.SUBMITTED, Status.WITHDRAWN, Status.WAITING):
        sent(one, adviser, status)
    sent(one, adviser, at=IN_MAY)
    [line] = planning.schools(adviser, Filters(), AT)
    assert line.establishment == one
    assert line.key == f"GIAS:{one.urn}"
    assert line.signals == Signals(
        earlier=1, this_period=3, open_now=1, waiting=1, last_on=date(2024, 11, 26), never=False
    )
    assert signals(one, adviser, IN_MAY).this_period == 1


def test_a_school_without_requests_was_never_supported(adviser, school, periods):
    school("Staithe Primary School")
    [line] = planning.schools(adviser, Filters(), AT)
    assert line.signals == Signals(earlier=0, this_period=0, open_now=0, waiting=0, last_on=None, never=True)


def test_what_somebody_prepares_is_known_until_it_is_sent(adviser, school, periods):
    chosen, begun, neither = school("Chosen"), school("Begun"), school("Neither")
    cohort = planned(ready_cohort([chosen], by=adviser), Plan.NOW, by=adviser)
    draft = start_draft(begun, by=adviser)

    def prepared():
        lines = planning.schools(adviser, Filters(), AT)[:]
        return {line.establishment: (line.signals.in_cohort, line.signals.drafted) for line in lines}

    assert prepared() == {chosen: (True, False), begun: (False, True), neither: (False, False)}
    send(cohort, by=adviser)
    drafts.delete(draft=draft, by=adviser, at=AT)
    assert prepared() == {chosen: (False, False), begun: (False, False), neither: (False, False)}


@pytest.mark.parametrize("status", Status)
def test_only_a_request_that_was_taken_on_counts_as_support(adviser, school, periods, status):
    one = school("Staithe Primary School")
    sent(one, adviser, status, at=IN_MAY)
    never = status in {Status.WITHDRAWN, Status.DECLINED, Status.LAPSED, Status.WAITING}
    assert signals(one, adviser).never == never
    assert names(adviser, support=NEVER) == ([one.name] if never else [])
    assert names(adviser, support=THIS_PERIOD) == []


@pytest.mark.parametrize("status", Status)
def test_which_requests_are_open_and_which_support_a_school_this_period(adviser, school, periods, status):
    one = school("Staithe Primary School")
    sent(one, adviser, status)
    found = signals(one, adviser)
    assert found.waiting == (status == Status.WAITING)
    ended = {Status.CLOSED, Status.LAPSED, Status.DECLINED, Status.WITHDRAWN, Status.TRANSFERRED}
    assert found.open_now == (status not in ended | {Status.WAITING})
    assert names(adviser, support=THIS_PERIOD) == ([] if found.never else [one.name])


def test_a_long_history_is_not_counted_to_its_end(adviser, school, periods, monkeypatch):
    monkeypatch.setattr(planning, "MOST_COUNTED", 2)
    one = school("Staithe Primary School")
    for earlier in (2, 3, 3):
        sent(one, adviser, Status.WITHDRAWN if earlier == 2 else Status.SUBMITTED, at=IN_MAY)
    sent(one, adviser, Status.CLOSED, at=IN_MAY - timedelta(days=2))
    found = signals(one, adviser)
    assert (found.earlier, found.this_period, found.never) == (3, 0, False)


def test_a_day_is_londons(adviser, school, periods):
    one = school("Staithe Primary School")
    sent(one, adviser, at=IN_MAY + timedelta(hours=1))
    assert signals(one, adviser).last_on == date(2024, 5, 8)


def test_only_open_mainstream_schools_of_the_own_zones_are_there(adviser, school, periods, zone):
    far, shut = ZoneFactory(), {"status": EstablishmentStatus.CLOSED}
    school("Marram Primary School", zone=far)
    school("Sedge Primary School", zone=None)
    school("Sluice End School", **shut)
    EstablishmentFactory(name="Bulrush Nursery", zone=zone)
    closing = school("Staithe Primary School", status=EstablishmentStatus.CLOSING)
    assert names(adviser) == [closing.name]
    assert names(adviser, zone_id=far.pk) == []
    assert names(person(Role.EARLY_YEARS_ADVISER, zones=[zone])) == []
    assert names(person(Role.S2S_COORDINATOR)) == []
    both = person(Role.EARLY_YEARS_ADVISER, zones=[far, zone])
    assert names(both) == []


def test_zones_of_another_role_are_no_planning_zones(school, periods, zone):
    """An adviser of both streams, with zones of their own in each."""
    both = person(Role.SEND_ADVISER, zones=[zone])
    far = ZoneFactory()
    held = both.memberships.create(role=Role.EARLY_YEARS_ADVISER)
    held.zones.set([far])
    school("Marram Primary School", zone=far)
    own = school("Staithe Primary School")
    assert names(both) == [own.name]
    assert planning.choices_for(both).zones == [(zone.pk, zone.name)]


def test_early_years_requests_are_not_counted(adviser, school, periods, zone):
    """A kind may be given to the other stream: the requests of the old stream stay what they were."""
    one = school("Staithe Primary School")
    sent(one, adviser)
    Referral.objects.update(stream="EARLY_YEARS", conversation_on=AT, conversation_with="A", conversation_agreed="B")
    assert signals(one, adviser) == Signals()
    assert names(adviser, support=NEVER) == [one.name]
    assert names(adviser, support=THIS_PERIOD) == []


def test_those_never_supported_come_first_then_those_with_the_fewest_requests(adviser, school, periods):
    twice, once, before, waits, never = (school(f"{letter} School") for letter in "ABCDE")
    for one in (twice, twice, once):
        sent(one, adviser)
    sent(before, adviser, at=IN_MAY)
    sent(waits, adviser, Status.WAITING)
    assert names(adviser) == [one.name for one in (never, waits, before, once, twice)]
    assert names(adviser, sort=BY_NAME) == [f"{letter} School" for letter in "ABCDE"]


def test_filters_narrow_and_add_up(adviser, school, periods, zone):
    second = ZoneFactory(name="Saltings")
    adviser.memberships.get().zones.add(second)
    one = school("Staithe Primary School", phase="Primary", town="Staithe", trust="Heron Trust", postcode="NR29 1AA")
    school("Marram High School", phase="Secondary", town="Marram", zone=second, town_folded="marram")
    school("Sedge Primary School", phase="Primary", town="Marram", trust="Tern Trust", town_folded="marram")
    assert names(adviser, zone_id=second.pk) == ["Marram High School"]
    assert names(adviser, phase="Primary") == ["Sedge Primary School", "Staithe Primary School"]
    assert names(adviser, town="Marram", phase="Primary") == ["Sedge Primary School"]
    assert names(adviser, trust="Heron Trust") == ["Staithe Primary School"]
    for text in ("staithe", one.urn, "nr291aa", "NR29 1", " stáithe  SCHOOL "):
        assert names(adviser, text=text) == ["Staithe Primary School"], text
    assert names(adviser, text="marram", zone_id=zone.pk) == ["Sedge Primary School"]
    assert names(adviser, text="’ .") == []
    assert names(adviser, text="  ") == names(adviser)
    assert planning.choices_for(adviser) == planning.Choices(
        zones=[(zone.pk, "Reedham Reach"), (second.pk, "Saltings")],
        phases=["Primary", "Secondary"],
        towns=["Marram", "Staithe"],
        trusts=["Heron Trust", "Tern Trust"],
    )


def test_without_any_period_there_are_schools_and_no_requests(adviser, school):
    school("Staithe Primary School")
    found = planning.schools(adviser, Filters(), AT)
    assert [line.signals for line in found] == [Signals()]
    assert names(adviser, support=THIS_PERIOD) == []


def test_a_list_can_be_sliced_and_counted_without_reading_the_rest(adviser, school, periods):
    for letter in "ABCDE":
        school(f"{letter} School")
    found = planning.schools(adviser, Filters(), AT)
    assert len(found) == 5
    assert [line.establishment.name for line in found[1:3]] == ["B School", "C School"]
    assert found[-1].establishment.name == "E School"
    assert found[7:9] == []
    with pytest.raises(IndexError):
        found[5]


@pytest.mark.parametrize("count", [1, 3, 25])
@pytest.mark.parametrize(("filters", "before"), [({}, 3), ({"sort": BY_NAME}, 3), ({"support": NEVER}, 3)], ids=str)
def test_schools_take_the_same_queries(adviser, school, periods, django_assert_num_queries, count, filters, before):
    for number in range(count):
        one = school(f"Staithe {number} School")
    sent(one, adviser, Status.WAITING)
    adviser.refresh_from_db()
    planning.choices_for(adviser)  # reads the person's roles and zones, once for each request
    with django_assert_num_queries(before):
        found = planning.schools(adviser, Filters(**filters), AT)
    with django_assert_num_queries(1):
        lines = found[:25]
        assert len([line.establishment.zone.name + line.establishment.kind.name for line in lines]) == count
    with django_assert_num_queries(1):
        planning.choices_for(adviser)


def test_a_request_that_closed_before_a_visit_is_no_support(adviser, school, periods):
    one = school("Staithe Primary School")
    support.in_status(sent(one, adviser), Status.CLOSED)
    assert signals(one, adviser).never
    assert names(adviser, support=THIS_PERIOD) == []
