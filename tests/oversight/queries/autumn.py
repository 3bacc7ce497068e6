"""Ten requests of an autumn, each with another history, whose waits, weeks and loads are known by hand.

All were sent on Monday 4 November 2024 but `new`. The figures are read on Monday 16 December at ten.
"""

from datetime import date, datetime

from referrals.actions import assigning, closing, contacting, reinstating, returning, withdrawing
from referrals.choices import BookingKind, WithdrawReason
from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership
from s2s_portal.oversight.queries.readings import Readings
from tests.factories import records, support
from tests.factories.calendar import LeaveFactory, TermFactory
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import LONDON
from tests.oversight.queries.asking import readings

EARLIER = {"agreement_on": date(2024, 11, 1)}


def when(month: int, day: int, hour: int = 10) -> datetime:
    """A moment of 2024."""
    return datetime(2024, month, day, hour, tzinfo=LONDON)


SENT = when(11, 4)
NOW = when(12, 16)


class Autumn:
    """The requests by name, with the two zones, the two provider schools and a teacher of each."""

    def __init__(self) -> None:
        TermFactory()  # 4 November to 20 December 2024
        self.zone, self.far_zone = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
        zones = [self.zone, self.far_zone]
        self.adviser = person(Role.EARLY_YEARS_ADVISER, zones=zones)
        self.send_adviser = person(Role.SEND_ADVISER, zones=zones)
        self.coordinator, self.commissioner = person(Role.S2S_COORDINATOR), person(Role.COMMISSIONER)
        self.period = period_with_places(by=self.commissioner)
        self.alder = EstablishmentFactory(school=True, name="Alder Carr School")
        self.birch = EstablishmentFactory(school=True, name="Birch Covert School")
        self.ada = self._teacher("Ada Alder", self.alder)
        self.ben = self._teacher("Ben Birch", self.birch)
        LeaveFactory(user=self.ada, starts_on=date(2025, 1, 6), ends_on=date(2025, 1, 10))
        LeaveFactory(user=self.ben, starts_on=date(2025, 2, 3))
        self._quick()
        self._slow()
        self._ended()
        self._asked()
        self._back()
        self._school()
        self.silent = support.assigned(self._sent(zone=self.far_zone), teacher=self.ben, at=when(11, 5))
        self.new = self._sent(at=when(12, 9))

    def _teacher(self, name, school):
        teacher = person(Role.S2S_TEACHER, full_name=name)
        Membership.objects.filter(user=teacher).update(home_school=school)
        return teacher

    def _sent(self, *, zone=None, at=SENT):
        setting = EstablishmentFactory(zone=zone or self.zone)
        return sent_request(setting, by=self.adviser, at=at, conversation_on=date(2024, 11, 1), **EARLIER)

    def _reached(self, row, at):
        return contacting.log_contact(referral=row, attempt=support.attempt(at=at), by=row.teacher, at=at).referral

    def _given(self, row, teacher, *, reached_at, given_at=SENT):
        return self._reached(support.assigned(row, teacher=teacher, at=given_at), reached_at)

    def reached(self, at):
        """One more that was sent and given to a teacher with the others, reached at `at`."""
        return self._given(self._sent(), self.ada, reached_at=at)

    def _withdrawn(self, row, at):
        why = {"reason": WithdrawReason.CHILD_MOVED, "note": "Gone to live by the Waveney."}
        return withdrawing.withdraw(referral=row, **why, by=self.adviser, at=at)

    def _visit(self, row, starts_at, *, booked_at, **changes):
        row = Referral.objects.select_related("teacher").get(pk=row.pk)
        return support.held(support.book(row, starts_at, at=booked_at, **changes))

    def _recorded(self, visit, at):
        records.type_in(visit, records.WORDS | records.action(due="31 01 2025"), at=at)
        done = records.finalise(visit, at=at)
        assert done.record is not None, (done.refusal, done.problems)
        return done.record

    def _quick(self):
        """Reached the same day, visited two days later, recorded two working days after; closed, opened again."""
        row = self._given(self._sent(), self.ada, reached_at=SENT)
        self._recorded(self._visit(row, when(11, 6), booked_at=when(11, 5)), when(11, 8))
        support.closed(row, at=when(11, 14))
        row = Referral.objects.get(pk=row.pk)
        step = closing.reopen(referral=row, reason="More is needed.", by=self.coordinator, at=when(11, 20))
        assert not step.refusal
        follow_up = self._visit(row, when(11, 26), booked_at=when(11, 21), kind=BookingKind.FOLLOW_UP)
        first = row.visits.exclude(pk=follow_up.pk).get().records.get()
        answers = records.WORDS | records.action(due="31 01 2025") | records.told(first.actions.get().pk)
        records.type_in(follow_up, answers, at=when(12, 3))
        assert records.finalise(follow_up, at=when(12, 3)).record is not None
        self.quick = Referral.objects.get(pk=row.pk)

    def _slow(self):
        """Reached on the last day, visited a day late, not recorded yet."""
        row = self._given(self._sent(), self.ada, reached_at=when(11, 11))
        self._visit(row, when(12, 10), booked_at=when(11, 12))
        self.slow = Referral.objects.get(pk=row.pk)

    def _ended(self):
        """One withdrawn before contact, one after it came a day late."""
        self.left_early = self._withdrawn(self._sent(), when(11, 6))
        row = self._given(self._sent(), self.ada, reached_at=when(11, 12))
        self.gave_up = self._withdrawn(row, when(11, 14))

    def _asked(self):
        """One answered after five working days and reached on the tenth; one that waits for an answer."""
        row = support.assigned(self._sent(), teacher=self.ada, at=SENT)
        returning.ask(referral=row, question="Which mornings?", by=self.coordinator, at=when(11, 5))
        step = returning.send_back(referral=row, answer="Every one.", by=self.adviser, at=when(11, 12))
        self.answered = self._reached(Referral.objects.get(pk=step.referral.pk), when(11, 18))
        self.asked = self._sent()
        returning.ask(referral=self.asked, question="Which mornings?", by=self.coordinator, at=when(12, 12))

    def _back(self):
        """Reached, withdrawn, reinstated, and reached again two working days after that."""
        row = self._withdrawn(self._given(self._sent(), self.ada, reached_at=when(11, 6)), when(11, 8))
        step = reinstating.reinstate(referral=row, reason="A mistake.", by=self.commissioner, at=when(11, 20))
        assert not step.refusal
        row = self._given(step.referral, self.ada, reached_at=when(11, 22), given_at=when(11, 21))
        self.ahead = support.book(row, when(12, 19), teachers=[self.ada, self.ben], at=when(11, 22))
        self.back = Referral.objects.get(pk=row.pk)

    def _school(self):
        """A school's: reached by one teacher, visited by another, its record retracted and written anew."""
        school = EstablishmentFactory(school=True, zone=self.zone)
        row = sent_request(school, by=self.send_adviser, at=SENT, **EARLIER)
        row = self._given(row, self.ada, reached_at=when(11, 5))
        from_now = assigning.reassign(referral=row, teacher=self.ben, note="", by=self.coordinator, at=when(11, 13))
        visit = self._visit(from_now.referral, when(11, 19), booked_at=when(11, 14))
        records.retracted(self._recorded(visit, when(11, 20)), at=when(11, 21))
        self._recorded(visit, when(11, 29))
        self.school = Referral.objects.get(pk=row.pk)

    def readings(self, **asked) -> Readings:
        """What the commissioner asks on 16 December."""
        return readings(self.period, **{"at": NOW, "by": self.commissioner} | asked)
