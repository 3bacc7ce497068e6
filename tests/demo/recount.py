"""The ten answers counted once more on the demo, from events and lines of the ledger, in plain Python over rows.

Nothing here is of the dashboards, of R10's clocks or of the calendar's sums: days are walked one by one. Each function
counts what one or two of the answers say, and `answers` puts the numbers into their sentences.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from math import ceil

from quotas.models import LedgerEntry, Period, Quota
from referrals.models import Decision, DraftReferral, GoalOutcome, Referral, ReferralEvent, VisitRecord
from s2s_portal.organisations.models import BankHoliday, Closure, Establishment, Term, Zone
from tests.demo.lives import ONE_DAY, Life, day_of, days_after, lives_of

EARLY, MAIN = "EARLY_YEARS", "MAINSTREAM"
CONTACT_DAYS, VISIT_WEEKS, RECORD_DAYS, REVIEW_WEEKS = 5, 4, 10, 6


def rank(values: list, per_cent: int = 50):
    """The smallest value that so many per cent do not exceed."""
    return next(one for at, one in enumerate(sorted(values), 1) if at * 100 >= per_cent * len(values))


class Recount:
    """The demo's period, counted at `at` (aware)."""

    def __init__(self, period: Period, at: datetime) -> None:
        self.period, self.at, self.today = period, at, day_of(at)
        self.lives = lives_of(period, at)
        self.holidays = set(BankHoliday.objects.values_list("day", flat=True))
        county = Closure.objects.filter(establishment=None)
        self.shut = {day for one in county.filter(kind="CLOSED") for day in self._each(one)}
        training = {day for one in county.filter(kind="STAFF_ONLY") for day in self._each(one)}
        terms = {day for one in Term.objects.all() for day in self._each(one)}
        self.weekdays = {day for day in terms | training if day.weekday() < 5}
        self.pupils = self.weekdays & terms - self.holidays - self.shut - training

    @staticmethod
    def _each(one) -> Iterator[date]:
        return days_after(one.starts_on - ONE_DAY, one.ends_on)

    # --- Days ---
    def works(self, day: date) -> bool:
        """Whether staff work on `day`."""
        return day.weekday() < 5 and day not in self.holidays and day not in self.shut

    def worked(self, start: date, end: date) -> int:
        """The working days after `start` up to `end`."""
        return sum(self.works(day) for day in days_after(start, end))

    def after(self, start: date, count: int, counts: Callable[[date], bool]) -> date:
        """The day that is `count` days that count after `start`."""
        day = start
        while count:
            day += ONE_DAY
            count -= counts(day)
        return day

    def weeks_after(self, life: Life, start: date, weeks: int) -> date:
        """So many weeks later: of term for schools, of the calendar for settings."""
        if life.stream == EARLY:
            return start + weeks * 7 * ONE_DAY
        return self.after(start, weeks * 5, self.weekdays.__contains__)

    # --- Rows ---
    @cached_property
    def holding(self) -> set[str]:
        """The references whose draws were not given back."""
        draws: Counter[str] = Counter()
        for line in LedgerEntry.objects.filter(quota__period=self.period, kind__in=("DRAWN", "RELEASED")):
            draws[line.reference] -= line.places
        return {reference for reference, places in draws.items() if places}

    def lines(self, stream: str) -> list[LedgerEntry]:
        """One stream's lines of the ledger, in order."""
        quota = Quota.objects.get(period=self.period, stream=stream)
        return list(quota.entries.filter(at__lte=self.at).order_by("seq"))

    # --- Numbers ---
    def bought_used(self, stream: str) -> tuple[int, int]:
        """Places bought and used."""
        lines = self.lines(stream)
        bought = sum(line.places for line in lines if line.kind in ("GRANTED", "ADJUSTED"))
        return bought, bought - sum(line.places for line in lines)

    def pace(self, stream: str) -> tuple[float, float, date, date]:
        """The slowest and the fastest pace, and the days between which the last place goes."""
        lines, opens = self.lines(stream), self.period.opens_on
        days = [day for day in days_after(opens - ONE_DAY, self.today) if self.works(day)]
        paces = []
        for count in (len(days), 20, 10):
            first = opens if count == len(days) else days[-count]
            used = sum(-one.places for one in lines if one.kind in ("DRAWN", "RELEASED") and day_of(one.at) >= first)
            paces.append(used / count)
        left = sum(line.places for line in lines)
        earliest = self.after(self.today - ONE_DAY, ceil(left / max(paces)), self.works)
        latest = self.after(self.today, ceil(left / min(paces)), self.works)
        return min(paces), max(paces), earliest, latest

    def waiting(self) -> int:
        """How many joined the list and neither got a place nor left it."""
        last: dict[int, str] = {}
        kinds = ("JOINED", "BROUGHT_BACK", "PLACE_GIVEN", "LEFT", "LAPSED")
        for event in ReferralEvent.objects.filter(referral__period=self.period, kind__in=kinds).order_by("seq"):
            last[event.referral_id] = event.kind
        return sum(kind in ("JOINED", "BROUGHT_BACK") for kind in last.values())

    def lapsed(self) -> int:
        """How many waited in vain."""
        return ReferralEvent.objects.filter(referral__period=self.period, kind="LAPSED").count()

    def refused(self) -> int:
        """How many drafts were refused and not sent since."""
        keys = set(Decision.objects.filter(period=self.period).values_list("draft_key", flat=True))
        return len(keys - set(Referral.objects.values_list("submission_key", flat=True)))

    def contact_paused(self, life: Life, until: date) -> int:
        """The working days until then on which more information was awaited."""
        stretches = life.pauses + ([(life.asked, self.today)] if life.asked else [])
        return sum(self.worked(start, min(end, until)) for start, end in stretches)

    def visit_paused(self, life: Life, until: date) -> int:
        """The same for the first visit, from first contact on: days of pupils, or of the calendar."""
        stretches = life.pauses + ([(life.asked, self.today)] if life.asked else [])
        days = {day for start, end in stretches for day in days_after(max(start, life.reached), min(end, until))}
        return len(days if life.stream == EARLY else days & self.pupils)

    def waits(self) -> tuple[int, float, int, int]:
        """The medians of contact (working days), visit (weeks) and record (working days), and how many are overdue."""
        contacts, visits, records = [], [], []
        for life in self.lives:
            if life.reached:
                contacts.append(self.worked(life.placed, life.reached) - self.contact_paused(life, life.reached))
            if life.reached and life.first_held:
                visits.append(self._weeks(life))
            records += [self.worked(day, life.recorded[key]) for key, day, _ in life.held if key in life.recorded]
        late = sum(len(self.late_contact(life)) + len(self.late_visit(life)) for life in self.lives)
        late += sum(self.record_due(day) < self.today for life in self.lives for day in life.unrecorded)
        return rank(contacts), rank(visits), rank(records), late

    def _weeks(self, life: Life) -> float:
        days = list(days_after(life.reached, life.first_held))
        if life.stream == MAIN:
            days = [day for day in days if day in self.weekdays]
        return (len(days) - self.visit_paused(life, life.first_held)) / (7 if life.stream == EARLY else 5)

    # --- Days that are over ---
    def late_contact(self, life: Life) -> list[date]:
        """The due day of first contact, if it is over."""
        if not life.is_open or life.reached or life.asked:
            return []
        due = self.after(life.placed, CONTACT_DAYS + self.contact_paused(life, self.today), self.works)
        return [due] if due < self.today else []

    def late_visit(self, life: Life) -> list[date]:
        """The due day of the first visit, if it is over."""
        if not life.is_open or not life.reached or life.held or life.asked:
            return []
        due, paused = self.weeks_after(life, life.reached, VISIT_WEEKS), self.visit_paused(life, self.today)
        due = due + paused * ONE_DAY if life.stream == EARLY else self.after(due, paused, self.pupils.__contains__)
        return [due] if due < self.today else []

    def record_due(self, held: date) -> date:
        """By when a visit of `held` is to be recorded."""
        return self.after(held, RECORD_DAYS, self.works)

    def review_due(self, life: Life) -> date:
        """By when support is to be reviewed."""
        return self.weeks_after(life, life.first_held, REVIEW_WEEKS)

    def late(self, life: Life) -> list[date]:
        """Every due day of an open request that is over."""
        due = []
        if life.held and life.unrecorded:
            due.append(self.record_due(life.unrecorded[0]))
        if life.held and not life.is_reviewed:
            due.append(self.review_due(life))
        return self.late_contact(life) + self.late_visit(life) + [day for day in due if day < self.today]

    def stuck(self) -> tuple[Counter[str], int]:
        """How many are stuck, by who has to act next, and for how many working days the longest."""
        holders: Counter[str] = Counter()
        days = []
        for life in filter(lambda one: one.is_open, self.lives):
            since = [life.asked] if life.asked else self.late(life)
            ahead = any(at >= self.at for at in life.planned.values())
            if not since and not ahead and self.worked(life.last, self.today) >= 20:
                since = [life.last]
            if since:
                holders["adviser" if life.asked else "teacher" if life.teacher else "co-ordinator"] += 1
                days.append(self.worked(min(since), self.today))
        return holders, max(days)

    def zones(self, stream: str) -> dict[str, tuple[int, int]]:
        """For each zone its requests with a place, and its open schools or settings."""
        rows = Referral.objects.filter(reference__in=self.holding, stream=stream).select_related("zone")
        requests = Counter(one.zone.name for one in rows)
        open_ = Establishment.objects.filter(status__in=("OPEN", "CLOSING"), kind__eligibility=stream)
        there = Counter(one.zone.name for one in open_.exclude(zone=None).select_related("zone"))
        return {name: (requests[name], there[name]) for name in Zone.objects.values_list("name", flat=True)}

    def needs(self, stream: str) -> Counter[str]:
        """The main types of need of requests with a place."""
        rows = Referral.objects.filter(reference__in=self.holding, stream=stream)
        return Counter(one.primary_need.label for one in rows.select_related("primary_need"))

    def visits(self) -> Counter[str]:
        """The visits held, by kind."""
        return Counter(kind for life in self.lives for _, _, kind in life.held)

    def goals(self) -> tuple[Counter[str], int]:
        """What became of goals at the last closings of requests with a visit, and how many requests that is."""
        closed = {life.reference for life in self.lives if life.end and life.held}
        rows = GoalOutcome.objects.select_related("closing__referral").filter(closing__referral__reference__in=closed)
        last = {one.closing.referral_id: one.closing_id for one in rows.order_by("closing")}
        some = [one for one in rows if one.closing_id in last.values()]
        return Counter(one.result for one in some), len(last)

    def confidence(self) -> tuple[float, float, int]:
        """The means before the first visit and after the last at which staff were asked, and of how many requests."""
        first, last = {}, {}
        rows = VisitRecord.objects.filter(visit__referral__period=self.period, retraction=None).select_related("visit")
        for one in rows.order_by("visit__booking__starts_at"):
            if one.content.get("confidence_before") and one.content.get("confidence_after"):
                first.setdefault(one.visit.referral_id, one.content["confidence_before"])
                last[one.visit.referral_id] = one.content["confidence_after"]
        return _mean(first.values()), _mean(last.values()), len(first)

    def endings(self) -> Counter[str]:
        """What becomes of open requests at the contract's end; the contract that follows takes mainstream cohorts."""
        until, fates = self.period.contract.run_off_ends_on, Counter()
        for life in filter(lambda one: one.is_open, self.lives):
            ahead = [day_of(at) for at in life.planned.values()]
            untold = life.unrecorded or any(at <= self.at for at in life.planned.values())
            if life.asked and not untold:
                fates["ask"] += 1
                continue
            finishes = max(ahead) <= until if ahead else bool(life.held)
            if finishes and not ahead and not life.is_reviewed:
                finishes = self.review_due(life) <= until
            takes = life.stream == MAIN and life.in_cohort
            fates["finish" if untold or finishes else "move" if takes else "ask"] += 1
        return fates

    def drafts(self) -> int:
        """Drafts that were not sent."""
        return DraftReferral.objects.count()


def _mean(values: Iterable[int]) -> float:
    some = list(values)
    return sum(some) / len(some)
