"""Demand that was not met: what counts, once, where and in which week; and which needs are shown to whom (R16)."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from referrals.actions import code_lists, drafts, requests, waiting, withdrawing
from referrals.choices import Plan, RefusalRule, WithdrawReason
from referrals.documents.code_lists import in_words
from referrals.models import Decision, NeedType
from referrals.permissions import Asking
from referrals.queries.unmet import Line, unmet_demand
from referrals.rules.disclosure import Hidden
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft, load_codes, sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EARLIER = {"conversation_on": date(2024, 9, 10), "agreement_on": date(2024, 9, 10)}
NEXT_YEAR = {
    "opens_on": date(2025, 4, 7),
    "requests_close_on": date(2025, 7, 1),
    "allocation_deadline_on": date(2025, 7, 8),
    "delivery_ends_on": date(2025, 7, 31),
}


class Town:
    """Two zones, an adviser of both for each stream, and a period without places."""

    def __init__(self) -> None:
        load_codes()
        self.zone, self.far_zone = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
        zones = [self.zone, self.far_zone]
        self.adviser = person(Role.EARLY_YEARS_ADVISER, zones=zones)
        self.send_adviser = person(Role.SEND_ADVISER, zones=zones)
        self.period = period_with_places(early_years=0, mainstream=0)
        self.setting = EstablishmentFactory(zone=self.zone)
        self.far_setting = EstablishmentFactory(zone=self.far_zone)
        self.school = EstablishmentFactory(school=True, zone=self.zone)
        self.commissioner = commissioner()

    def draft(self, setting=None, **changes):
        """A draft that could be sent."""
        return filled_draft(setting or self.setting, by=self.adviser, **changes)

    def refused(self, setting=None, at=AT, **changes):
        """A draft that was refused at `at`."""
        draft = self.draft(setting, **changes)
        assert requests.submit(key=draft.key, by=self.adviser, at=at).decision is not None
        return draft

    def joined(self, setting=None, at=AT, **changes):
        """A request on the early years waiting list since `at`."""
        draft = self.draft(setting, **changes)
        return requests.submit(key=draft.key, by=self.adviser, at=at, or_wait=True).referral

    def seen(self, by=None, stream="", period=None):
        """What somebody sees; the commissioner unless `by` says who."""
        return unmet_demand(Asking(by or self.commissioner), period=period or self.period, stream=stream)

    def sums(self, stream="", period=None):
        """The sums: refused, waiting, without a place to the end."""
        return counts(self.seen(stream=stream, period=period).sums)


@pytest.fixture
def town():
    return Town()


def counts(line: Line) -> tuple:
    assert isinstance(line.total, Hidden) or line.total == line.refused + line.waiting + line.lapsed
    return line.refused, line.waiting, line.lapsed


def test_nothing_is_unmet(town):
    seen = town.seen()
    assert counts(seen.sums) == (0, 0, 0)
    assert (seen.zones, seen.weeks) == ([], [])
    assert {counts(line) for line in seen.needs} == {(0, 0, 0)}


def test_a_draft_refused_three_times_counts_once_where_and_when_it_was_refused_first(town):
    draft = town.refused()
    for later in (timedelta(minutes=5), timedelta(days=8), FIRST_MOMENT_TOO_LATE - AT):
        assert requests.submit(key=draft.key, by=town.adviser, at=AT + later).decision is not None
    assert Decision.objects.count() == 4
    seen = town.seen()
    assert counts(seen.sums) == (1, 0, 0)
    assert [(line.about, *counts(line)) for line in seen.zones] == [("Reedham Reach", 1, 0, 0)]
    assert [(line.about, *counts(line)) for line in seen.weeks] == [(date(2024, 11, 25), 1, 0, 0)]


def test_a_draft_refused_three_times_and_then_sent_does_not_count(town):
    draft = town.refused()
    for later in (timedelta(minutes=5), timedelta(days=8)):
        assert requests.submit(key=draft.key, by=town.adviser, at=AT + later).decision is not None
    assert town.sums() == (1, 0, 0)
    later = period_with_places(by=town.commissioner, **NEXT_YEAR)
    outcome = requests.submit(key=draft.key, by=town.adviser, at=datetime(2025, 4, 8, 9, 0, tzinfo=LONDON))
    assert outcome.referral is not None
    assert town.sums() == (0, 0, 0)
    assert town.sums(period=later) == (0, 0, 0)


def test_a_draft_refused_and_then_on_the_list_waits_and_counts_once(town):
    draft = town.refused()
    assert requests.submit(key=draft.key, by=town.adviser, at=AT, or_wait=True).referral is not None
    assert town.sums() == (0, 1, 0)


def test_a_deleted_draft_was_refused_all_the_same(town):
    drafts.delete(draft=town.refused(), by=town.adviser, at=AT)
    assert town.sums() == (1, 0, 0)


def test_refusals_that_no_place_would_have_prevented_do_not_count(town):
    before = datetime(2024, 8, 20, 9, 0, tzinfo=LONDON)
    older = {"conversation_on": date(2024, 8, 1), "agreement_on": date(2024, 8, 1)}
    town.refused(at=before, **older)
    assert Decision.objects.get().rule == RefusalRule.NOT_YET_OPEN
    assert town.sums() == (0, 0, 0)
    # The same draft counts from its first refusal that does.
    [decision] = Decision.objects.all()
    assert requests.submit(key=decision.draft_key, by=town.adviser, at=AT).decision is not None
    assert [line.about for line in town.seen().weeks] == [date(2024, 11, 25)]


def test_what_has_a_place_or_left_the_list_does_not_count(town):
    assert town.joined() is not None
    left = town.joined()
    withdrawing.withdraw(referral=left, reason=WithdrawReason.NO_LONGER_NEEDED, note="", by=town.adviser, at=AT)
    period_with_places(by=town.commissioner, **NEXT_YEAR)
    sent_request(town.setting, by=town.adviser, at=datetime(2025, 4, 8, 9, 0, tzinfo=LONDON))
    assert town.sums() == (0, 1, 0)


def test_those_who_waited_in_vain_count_in_the_week_when_they_joined(town):
    town.joined(at=AT)
    town.joined(town.far_setting, at=AT + timedelta(days=14))
    day_after = datetime(2024, 12, 21, 6, 0, tzinfo=LONDON)
    waiting.lapse(quota=quota_of(town.period), by=ensure_system_user(), at=day_after)
    seen = town.seen()
    assert counts(seen.sums) == (0, 0, 2)
    assert [(line.about, *counts(line)) for line in seen.weeks] == [
        (date(2024, 11, 25), 0, 0, 1),
        (date(2024, 12, 2), 0, 0, 0),
        (date(2024, 12, 9), 0, 0, 1),
    ]


def test_streams_and_periods_are_counted_apart(town):
    later = period_with_places(early_years=0, mainstream=0, by=town.commissioner, **NEXT_YEAR)
    town.refused()
    town.joined()
    school = filled_draft(town.school, by=town.send_adviser)
    requests.submit(key=school.key, by=town.send_adviser, at=AT)
    town.refused(at=datetime(2025, 4, 8, 9, 0, tzinfo=LONDON))
    assert town.sums() == (2, 1, 0)
    assert town.sums(stream=Stream.EARLY_YEARS) == (1, 1, 0)
    assert town.sums(stream=Stream.MAINSTREAM) == (1, 0, 0)
    assert town.sums(period=later) == (1, 0, 0)


def test_each_school_of_a_cohort_counts(town):
    schools = [town.school, EstablishmentFactory(school=True, zone=town.far_zone)]
    cohort = planned(ready_cohort(schools, by=town.send_adviser), Plan.WAIT, Plan.WAIT, by=town.send_adviser)
    assert len(send(cohort, by=town.send_adviser).waiting) == 2
    seen = town.seen(stream=Stream.MAINSTREAM)
    assert [(line.about, *counts(line)) for line in seen.zones] == [("Reedham Reach", 0, 1, 0), ("Saltings", 0, 1, 0)]


def test_zones_are_in_order_and_settings_without_one_come_last(town):
    town.refused(town.far_setting)
    town.joined()
    draft = town.refused()
    values = {field.attname: getattr(Decision.objects.get(draft_key=draft.key), field.attname) for field in FIELDS}
    Decision.objects.create(**values | {"reference": "RF-NONE", "zone_id": None, "draft_key": town.draft().key})
    lines = [(line.about, *counts(line)) for line in town.seen().zones]
    assert lines == [("Reedham Reach", 1, 1, 0), ("Saltings", 1, 0, 0), ("No zone", 1, 0, 0)]


FIELDS = [field for field in Decision._meta.concrete_fields if not field.primary_key]

#: Each side of the Monday after a clock change, and the Monday of its week.
WEEKS = [
    (datetime(2024, 10, 20, 23, 59, 59, tzinfo=LONDON), date(2024, 10, 14)),
    (datetime(2024, 10, 21, 0, 0, 0, tzinfo=LONDON), date(2024, 10, 21)),  # 20 October, 23:00 in UTC
    (datetime(2024, 10, 27, 1, 30, 0, tzinfo=LONDON, fold=1), date(2024, 10, 21)),
    (datetime(2024, 10, 27, 23, 59, 59, tzinfo=LONDON), date(2024, 10, 21)),
    (datetime(2024, 10, 28, 0, 0, 0, tzinfo=LONDON), date(2024, 10, 28)),
    (datetime(2025, 3, 24, 0, 0, 0, tzinfo=LONDON), date(2025, 3, 24)),
    (datetime(2025, 3, 30, 23, 59, 59, tzinfo=LONDON), date(2025, 3, 24)),
    (datetime(2025, 3, 31, 0, 0, 0, tzinfo=LONDON), date(2025, 3, 31)),  # 30 March, 23:00 in UTC
]


@pytest.mark.parametrize(("at", "monday"), WEEKS, ids=lambda it: f"{it:%d %B %H:%M}" if hasattr(it, "hour") else "")
def test_a_week_begins_on_monday_in_london(town, at, monday):
    town.refused(at=at, **EARLIER)
    assert [line.about for line in town.seen().weeks] == [monday]


@pytest.mark.parametrize(("at", "monday"), WEEKS[:5], ids=lambda it: f"{it:%d %B %H:%M}" if hasattr(it, "hour") else "")
def test_so_it_does_for_those_who_joined_the_list(town, at, monday):
    town.joined(at=at, **EARLIER)
    assert [line.about for line in town.seen().weeks] == [monday]


def needs_of(seen) -> dict[str, tuple]:
    return {line.about: (line.refused, line.waiting, line.lapsed, line.total) for line in seen.needs}


SPEECH, SEMH = "Speech, language and communication needs", "Social, emotional and mental health"


def with_needs(town, **numbers) -> None:
    """Refusals by the code of their main need."""
    for code, number in numbers.items():
        for _ in range(number):
            town.refused(primary_need_id=NeedType.objects.get(code=code).pk)


def test_small_numbers_of_a_need_are_hidden_and_none_can_be_taken_from_a_sum(town):
    with_needs(town, SLCN=7, SEMH=1, ASD=8)
    needs = needs_of(town.seen())
    assert needs[SPEECH] == (7, 0, 0, 7)
    assert needs[SEMH] == (Hidden.FEWER, 0, 0, Hidden.FEWER)
    assert [cells for cells in needs.values() if cells[0] == 8] == [(8, 0, 0, 8)]
    assert len(needs) == NeedType.objects.count()
    assert {cells[0] for cells in needs.values()} == {7, 8, Hidden.FEWER}


def test_one_small_number_beside_one_large_takes_it_along(town):
    NeedType.objects.exclude(code__in=["SLCN", "SEMH"]).delete()
    with_needs(town, SLCN=7, SEMH=1)
    needs = needs_of(town.seen())
    assert needs[SPEECH] == (Hidden.NOT_SHOWN, 0, 0, Hidden.NOT_SHOWN)
    assert needs[SEMH] == (Hidden.FEWER, 0, 0, Hidden.FEWER)


def test_both_streams_say_of_a_need_no_more_than_each_says(town):
    with_needs(town, SLCN=6)
    draft = filled_draft(town.school, by=town.send_adviser)
    requests.submit(key=draft.key, by=town.send_adviser, at=AT)
    each = [needs_of(town.seen(stream=stream))[SPEECH][0] for stream in Stream]
    assert each == [Hidden.NOT_SHOWN, Hidden.FEWER]
    assert needs_of(town.seen())[SPEECH][0] == Hidden.NOT_SHOWN


def test_who_has_the_cases_sees_every_number(town):
    town.refused()
    town.joined(town.far_setting, primary_need_id=NeedType.objects.get(code="SEMH").pk)
    both = person(Role.COMMISSIONER, Role.EARLY_YEARS_ADVISER, zones=[town.zone, town.far_zone])
    needs = needs_of(town.seen(by=both))
    assert needs[SPEECH] == (1, 0, 0, 1)
    assert needs[SEMH] == (0, 1, 0, 1)
    assert sum(cells[3] for cells in needs.values()) == 2


@pytest.mark.parametrize("roles", [[Role.EARLY_YEARS_ADVISER], [Role.SEND_ADVISER], [Role.S2S_COORDINATOR]])
def test_who_has_only_some_of_the_cases_or_only_sent_ones_does_not(town, roles):
    town.refused()
    town.refused(town.far_setting)
    some = person(Role.COMMISSIONER, *roles, zones=[town.zone])
    assert needs_of(town.seen(by=some))[SPEECH][0] == Hidden.FEWER


def test_an_adviser_counts_their_own_zones(town):
    town.refused()
    town.joined(town.far_setting)
    own = person(Role.EARLY_YEARS_ADVISER, zones=[town.far_zone])
    assert counts(town.seen(by=own).sums) == (0, 1, 0)


def test_a_need_out_of_use_and_none_at_all_are_named(town):
    draft = town.refused()
    NeedType.objects.filter(code="SLCN").update(valid_to=date(2023, 8, 31))
    values = {field.attname: getattr(Decision.objects.get(draft_key=draft.key), field.attname) for field in FIELDS}
    Decision.objects.create(**values | {"reference": "RF-NONE", "primary_need_id": None, "draft_key": town.draft().key})
    adviser = person(Role.COMMISSIONER, Role.EARLY_YEARS_ADVISER, zones=[town.zone])
    needs = needs_of(town.seen(by=adviser))
    assert needs[SPEECH][0] == 1
    assert needs["Not recorded"][0] == 1


def test_a_need_that_is_called_otherwise_now_is_one_line_and_hidden_as_one(town):
    autism = NeedType.objects.get(code="ASD")
    for _ in range(4):
        town.refused(primary_need_id=autism.pk)
    told = {"reason": "The department says so.", "key": uuid.uuid4(), "by": town.commissioner, "at": AT}
    tomorrow = AT + timedelta(days=1)
    code_lists.relabel(code=autism, label="Autism", from_day=tomorrow.date(), seen=in_words(autism), **told)
    for _ in range(3):
        town.refused(at=tomorrow, primary_need_id=NeedType.objects.get(label="Autism").pk)
    with_needs(town, SEMH=1)
    needs = needs_of(town.seen())
    assert needs["Autism"] == (7, 0, 0, 7)
    assert autism.label not in needs
    assert len(needs) == NeedType.objects.count() - 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_the_same(town, django_assert_num_queries, count):
    zones = [ZoneFactory() for _ in range(count)]
    town.adviser = person(Role.EARLY_YEARS_ADVISER, zones=zones)
    for number, zone in enumerate(zones):
        setting, at = EstablishmentFactory(zone=zone), AT + timedelta(days=7 * number)
        town.refused(setting, at=at)
        town.joined(setting, at=at)
    who = person(Role.COMMISSIONER)
    with django_assert_num_queries(5):  # roles and zones; refusals, those on the list, types of need
        assert counts(town.seen(by=who).sums) == (count, count, 0)
