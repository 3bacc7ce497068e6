"""Whatever happens in whichever order: nobody overtakes on the waiting list, and places add up (R4, R7)."""

import uuid
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotas import queries as quota_queries
from quotas.actions import places
from quotas.models import Quota
from referrals.actions import requests, waiting, withdrawing
from referrals.choices import RefusalRule, Status, WithdrawReason
from referrals.models import DraftReferral, Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import filled_draft
from tests.moments import FIRST_MOMENT_TOO_LATE, LAST_SECOND

pytestmark = pytest.mark.django_db
BEGINNINGS = (LAST_SECOND - timedelta(hours=3), FIRST_MOMENT_TOO_LATE, FIRST_MOMENT_TOO_LATE + timedelta(days=7))
"""Of the time in which the portal gives places, of that in which the commissioner does, and of that after it."""
USUAL = ["submit", "join", "withdraw", "leave", "buy", "fill"]
WHICH = st.integers(0, 9)  # of the requests that a step could be about; how many places to buy
#: What happens in each of these times, one second after the other.
TIMES = st.tuples(
    st.lists(st.tuples(st.sampled_from(USUAL), WHICH), min_size=5, max_size=14),
    st.lists(st.tuples(st.sampled_from([*USUAL, "give_first", "give_last", "lapse"]), WHICH), max_size=8),
    st.lists(st.tuples(st.sampled_from([*USUAL, "give_first", "lapse"]), WHICH), max_size=4),
)


@dataclass
class World:
    """One quota, and those who ask for its places, at a moment that only moves on."""

    quota: Quota
    draft: DraftReferral
    adviser: User
    giver: User
    portal: User
    at: datetime = BEGINNINGS[0]
    bought: int = 1

    def waiting(self) -> list[Referral]:
        return list(Referral.objects.filter(status=Status.WAITING).order_by("turn"))

    def holding(self) -> list[Referral]:
        return list(Referral.objects.filter(place__isnull=False).order_by("pk"))

    def take(self, step: str, which: int) -> None:
        self.at += timedelta(seconds=1)
        before = {one.pk: one for one in self.waiting()}
        sent_before = {one.pk for one in self.holding()}
        getattr(self, step)(which)
        self.check(before, sent_before)

    # --- What people and the portal do ---
    def submit(self, which: int, *, or_wait: bool = False) -> None:
        draft = self.another_draft()
        waited, left = len(self.waiting()), quota_queries.places_left(self.quota)
        outcome = requests.submit(key=draft.key, by=self.adviser, at=self.at, or_wait=or_wait)
        if self.at >= FIRST_MOMENT_TOO_LATE:
            assert outcome.decision.rule == RefusalRule.CUT_OFF
        elif left > waited:
            assert outcome.referral.status == Status.SUBMITTED
        elif or_wait:
            assert outcome.referral == self.waiting()[-1]
        else:
            assert outcome.decision.rule == (RefusalRule.FULL if left < 1 else RefusalRule.OTHERS_WAITING)

    def another_draft(self) -> DraftReferral:
        """A complete draft, copied: writing one section by section takes ten times as long."""
        copied = copy(self.draft)
        copied.pk, copied.key, copied._state = None, uuid.uuid4(), copy(self.draft._state)
        copied._state.adding = True
        copied.save()
        return copied

    def join(self, which: int) -> None:
        self.submit(which, or_wait=True)

    def withdraw(self, which: int) -> None:
        self._end(self.holding(), which)

    def leave(self, which: int) -> None:
        self._end(self.waiting(), which)

    def _end(self, among: list[Referral], which: int) -> None:
        if among:
            one = among[which % len(among)]
            withdrawing.withdraw(referral=one, reason=WithdrawReason.OTHER, note="", by=self.adviser, at=self.at)

    def fill(self, which: int) -> None:
        free, waited = quota_queries.places_left(self.quota), self.waiting()
        given = waiting.fill(quota=self.quota, by=self.portal, at=self.at)
        automatic = self.at < FIRST_MOMENT_TOO_LATE
        assert given == (waited[: max(0, free)] if automatic else [])

    def give_first(self, which: int) -> None:
        self._give(self.waiting()[:1])

    def give_last(self, which: int) -> None:
        self._give(self.waiting()[-1:])

    def _give(self, whom: list[Referral]) -> None:
        for one in whom:
            free, first = quota_queries.places_left(self.quota) > 0, one == self.waiting()[0]
            gift = waiting.give(quota=self.quota, reference=one.reference, by=self.giver, at=self.at)
            by_hand = FIRST_MOMENT_TOO_LATE <= self.at < FIRST_MOMENT_TOO_LATE + timedelta(days=7)
            assert (gift.referral is not None) == (free and first and by_hand)

    def lapse(self, which: int) -> None:
        ended = waiting.lapse(quota=self.quota, by=self.portal, at=self.at)
        assert ended == 0 or self.at >= FIRST_MOMENT_TOO_LATE + timedelta(days=7)

    def buy(self, which: int) -> None:
        places.grant(quota=self.quota, places=which % 3 + 1, reason="More", by=self.giver, at=self.at)
        self.bought += which % 3 + 1

    # --- What must be so after each step ---
    def check(self, waited: dict[int, Referral], sent: set[int]) -> None:
        still = self.waiting()
        holding = self.holding()
        newly = [one for one in holding if one.pk not in sent]
        from_the_list = [one for one in newly if one.pk in waited]
        assert all(one.turn < other.turn for one in from_the_list for other in still), "overtaken on the list"
        newcomers = [one for one in newly if one.pk not in waited]
        left = quota_queries.places_left(self.quota)
        assert not newcomers or left >= len(still), "a newcomer took the place of somebody who waits"
        assert len(holding) + left == self.bought
        assert left >= 0
        assert quota_queries.balance_of(self.quota).left == left
        turns = list(Referral.objects.filter(turn__isnull=False).order_by("pk").values_list("turn", flat=True))
        assert turns == list(range(1, len(turns) + 1))
        assert not Referral.objects.filter(status=Status.WAITING, place__isnull=False).exists()


class TestWhateverHappens(TestCase):
    def setUp(self) -> None:
        giver, zone = commissioner(), ZoneFactory()
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        self.people = {
            "giver": giver,
            "portal": ensure_system_user(),
            "adviser": adviser,
            "draft": filled_draft(EstablishmentFactory(zone=zone), by=adviser),
            "quota": quota_of(period_with_places(early_years=1, by=giver)),
        }

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(TIMES)
    def test_nobody_overtakes_and_the_places_add_up(self, times) -> None:
        world = World(**self.people)
        for step in ("submit", "join", "join"):
            world.take(step, 0)
        for begins, steps in zip(BEGINNINGS, times, strict=True):
            world.at = max(world.at, begins - timedelta(seconds=1))
            for step, which in steps:
                world.take(step, which)
