"""Eleven requests of four zones, whose needs, visits, confidences and goals are known by hand.

Early years: e1 to e7 and e8 are sent in Reedham Reach, f1 in Saltings; one more gave its place back, one waits.
Mainstream: m1 in Reedham Reach.
"""

import uuid
from datetime import datetime, timedelta

from referrals.actions import closing, withdrawing
from referrals.choices import BookingKind, GoalResult, SenStatus, SupportKind, WithdrawReason, YearGroup
from referrals.models import NeedType, Referral, Visit
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.models import EstablishmentKind
from s2s_portal.oversight.queries.readings import Readings
from tests.factories import records, support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import load_codes, sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.queries.asking import readings

DAY = timedelta(days=1)
NOW = AT + 14 * DAY


class Harbour:
    """The requests by name; `zone` is Reedham Reach, `far_zone` Saltings. Ness sends none, Quay has nothing at all."""

    def __init__(self) -> None:
        load_codes()
        self.zone, self.far_zone = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
        self.ness, self.quay = ZoneFactory(name="Ness"), ZoneFactory(name="Quay")
        self._establishments()
        zones = [self.zone, self.far_zone]
        self.adviser = person(Role.EARLY_YEARS_ADVISER, zones=zones)
        self.send_adviser = person(Role.SEND_ADVISER, zones=zones)
        self.coordinator, self.commissioner = person(Role.S2S_COORDINATOR), person(Role.COMMISSIONER)
        self.teacher = person(Role.S2S_TEACHER)
        self.period = period_with_places(early_years=9, by=self.commissioner)
        self._requests()
        self._support()

    def _establishments(self) -> None:
        """Ten open settings in Reedham Reach, five each in Saltings and Ness; a school each in Reedham Reach and Ness.

        What is closed, may have no requests or has no zone counts in none of them.
        """
        self.setting, self.far_setting = EstablishmentFactory(zone=self.zone), EstablishmentFactory(zone=self.far_zone)
        EstablishmentFactory.create_batch(9, zone=self.zone)
        EstablishmentFactory.create_batch(4, zone=self.far_zone)
        EstablishmentFactory.create_batch(5, zone=self.ness)
        EstablishmentFactory(zone=self.zone, closed=True)
        EstablishmentFactory.create_batch(2, zone=None)
        self.school = EstablishmentFactory(school=True, zone=self.zone)
        EstablishmentFactory(school=True, zone=self.ness)
        special = EstablishmentKind.objects.create(
            source=Source.GIAS, name="Community special school", eligibility=Eligibility.PROVIDER
        )
        EstablishmentFactory(school=True, zone=self.zone, kind=special)

    def sent(self, setting=None, **changes) -> Referral:
        return sent_request(setting or self.setting, by=self.adviser, **changes)

    def _requests(self) -> None:
        several = [SupportKind.OBSERVATION, SupportKind.TRAINING_STAFF, SupportKind.ADVICE]
        self.e1 = self.sent(support_wanted=several, goal_2="Joins two others in play.")
        self.e2 = self.sent()
        self.others = [self.sent() for _ in range(5)]
        autism = NeedType.objects.get(code="ASD")
        other = {"primary_need_id": autism.pk, "year_group": YearGroup.N1, "sen_status": SenStatus.N}
        self.e8 = self.sent(support_wanted=[SupportKind.MODELLING], **other)
        self.gone = self.sent(self.far_setting)
        why = {"reason": WithdrawReason.CHILD_MOVED, "note": ""}
        withdrawing.withdraw(referral=self.gone, **why, by=self.adviser, at=AT)
        self.f1 = self.sent(self.far_setting)
        self.waits = waiting_request(self.far_setting, by=self.adviser)
        self.m1 = sent_request(self.school, by=self.send_adviser)

    def visit(self, row: Referral, *, days: int, kind: BookingKind = BookingKind.OBSERVATION) -> Visit:
        """A visit of `kind`, so many days after the requests were sent, held but not recorded."""
        row = Referral.objects.select_related("teacher").get(pk=row.pk)
        if row.teacher is None:
            row = support.in_contact(row, teacher=self.teacher)
        starts_at = AT + days * DAY
        reasons = support.UNKNOWN_TERMS if row.stream == "MAINSTREAM" else {}
        booked = support.book(row, starts_at, at=AT, kind=kind, reasons=reasons)
        return records.fresh(support.held(booked))

    def close(self, row: Referral, *results: GoalResult, at: datetime) -> None:
        """Close a request with these results of its goals, in their order."""
        row = Referral.objects.select_related("teacher").get(pk=row.pk)
        told = {goal.pk: (one, "") for goal, one in zip(row.goals.order_by("position"), results, strict=True)}
        ending = closing.Ending(key=uuid.uuid4(), summary="It is part of every day.", results=told)
        assert not closing.close(referral=row, ending=ending, by=row.teacher, at=at).refusal

    def reopen(self, row: Referral, *, at: datetime) -> None:
        """Open a closed request again."""
        row = Referral.objects.get(pk=row.pk)
        assert not closing.reopen(referral=row, reason="More is needed.", by=self.coordinator, at=at).refusal

    def _support(self) -> None:
        """Five visits, their records, and two requests that closed, one of them twice."""
        asked = ("confidence_before", "confidence_after")
        records.recorded(self.visit(self.e1, days=1), **dict(zip(asked, "23", strict=True)))
        training = self.visit(self.e1, days=3, kind=BookingKind.TRAINING_STAFF)
        records.recorded(training, **dict(zip(asked, "34", strict=True)))
        self.close(self.e1, GoalResult.NOT_MET, GoalResult.NOT_MET, at=AT + 6 * DAY)
        self.reopen(self.e1, at=AT + 7 * DAY)
        self.close(self.e1, GoalResult.MET, GoalResult.NOT_WORKED_ON, at=AT + 8 * DAY)
        second = self.visit(self.e2, days=2)
        wrong = records.recorded(second, **dict(zip(asked, "15", strict=True)))
        records.retracted(wrong)
        records.recorded(second, **dict(zip(asked, "22", strict=True)))
        records.recorded(self.visit(self.e8, days=7, kind=BookingKind.MODELLING))
        self.close(self.e8, GoalResult.PARTLY, at=AT + 8 * DAY)
        records.recorded(self.visit(self.m1, days=8), **dict(zip(asked, "43", strict=True)))

    def readings(self, **asked) -> Readings:
        """What the commissioner asks a fortnight later."""
        return readings(self.period, **{"at": NOW, "by": self.commissioner} | asked)


def references(cases) -> set[str]:
    """The requests behind a line; each once."""
    found = [case.reference for case in cases]
    assert len(found) == len(set(found))
    return set(found)


def values(figure) -> list[tuple]:
    """The lines of a figure's table."""
    return [line.values for line in figure.lines]
