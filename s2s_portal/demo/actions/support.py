"""What S2S did with the requests of the story, request by request: given to teachers, visited, recorded, closed."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from referrals.actions import agreements, assigning, booking, closing, contacting, returning, visiting
from referrals.choices import (
    About,
    Agreement,
    BookingKind,
    BookingMode,
    BookingProblem,
    ContactHow,
    ContactOutcome,
    GoalResult,
    Status,
    VisitOutcome,
)
from referrals.models import Booking, Referral
from referrals.rules.bookings import Wanted
from s2s_portal.core.calendar import LONDON, Days, london_date
from s2s_portal.demo.actions import records
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import days as story_days
from s2s_portal.demo.documents import support as words
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import memberships_of, roles_of
from s2s_portal.organisations.queries.calendar import days

SLOTS = (time(9, 30), time(13, 30))
"""When visits begin; each lasts an hour, so that there is time to drive between two."""
NEW, GIVEN, IN_TOUCH, PLANNED, VISITED = 2, 6, 9, 16, 44
"""Working days since its place was drawn, up to which a request has got so far; later ones are closed."""
FIRST_VISITS = (BookingKind.OBSERVATION, BookingKind.FOLLOW_UP)
ALL_WORKED_ON = (GoalResult.MET, GoalResult.PARTLY, GoalResult.MET)
ENDED_EARLY = (GoalResult.PARTLY, GoalResult.NOT_WORKED_ON, GoalResult.NOT_WORKED_ON)
"""What became of the first, second and third goal."""


class Support:
    """Acts out S2S's work up to the morning on which the demo opens; everything through the pages' own actions."""

    def __init__(self, rng: Random, people: Mapping[str, User]) -> None:
        self._rng, self._people = rng, people
        self._coordinator = people[persona_email(Persona.S2S_COORDINATOR)]
        self._teachers = [user for user in people.values() if Role.S2S_TEACHER in roles_of(user)]
        self._zones = {user.pk: _zones_of(user) for user in self._teachers}
        self._load: Counter[int] = Counter()
        self._taken: set[tuple[int, date, time]] = set()
        self._number = 0
        self._days: Days = days()

    def act(self) -> None:
        """Take each request that reached S2S as far as its age says, the oldest first."""
        sent = Referral.objects.filter(place__isnull=False, status=Status.SUBMITTED)
        for referral in sent.select_related("place", "period", "submitted_by").order_by("place__at", "pk"):
            self._number += 1
            self._support(referral)

    def _support(self, referral: Referral) -> None:
        begun = referral.place.at
        age = self._days.working_days_between(london_date(begun), london_date(story_days.OPENS_AT))
        finished = referral.period.delivery_ends_on < london_date(story_days.OPENS_AT)
        if age <= NEW or self._is(29):
            self._ask_at_once(referral, begun, age)
            return
        teacher, given_at = self._teacher_for(referral), self._at(begun, 1, 10)
        assigning.assign(referral=referral, teacher=teacher, reasons=[], by=self._coordinator, at=given_at)
        referral.refresh_from_db()
        if age <= GIVEN:
            self._try_to_reach(referral, given_at)
        elif not self._returned(referral, given_at, age):
            self._visits(referral, given_at, age, finished=finished)

    def _is(self, every: int) -> bool:
        """Whether this is one of every so many requests to which something unusual happens."""
        return self._number % every == 0

    def _at(self, after: datetime, working_days: int, hour: int) -> datetime:
        """So many working days after a moment, at about that hour."""
        day = self._days.add_working_days(london_date(after), working_days)
        return datetime.combine(day, time(hour, self._rng.randrange(60)), tzinfo=LONDON)

    def _teacher_for(self, referral: Referral) -> User:
        """A teacher who works in the request's zone and has least to do; else whoever has least to do."""
        near = [user for user in self._teachers if referral.zone_id in self._zones[user.pk]] or self._teachers
        teacher = min(near, key=lambda user: (self._load[user.pk], user.full_name))
        self._load[teacher.pk] += 1
        return teacher

    def _ask_at_once(self, referral: Referral, begun: datetime, age: int) -> None:
        """Of those that nobody has yet, the older ones wait for an answer of their adviser."""
        if age > NEW:
            question = self._rng.choice(words.QUESTIONS)
            returning.ask(referral=referral, question=question, by=self._coordinator, at=self._at(begun, 1, 9))

    def _try_to_reach(self, referral: Referral, given_at: datetime) -> None:
        at = self._at(given_at, 1, 14)
        if at < story_days.OPENS_AT and self._number % 2:
            outcome = self._rng.choice((ContactOutcome.NO_ANSWER, ContactOutcome.MESSAGE_LEFT))
            notes = words.NO_ANSWER_NOTES if outcome == ContactOutcome.NO_ANSWER else words.MESSAGE_NOTES
            self._contact(referral, at, outcome, self._rng.choice(notes))

    def _contact(self, referral: Referral, at: datetime, outcome: ContactOutcome, note: str) -> None:
        who = referral.contact_name if outcome == ContactOutcome.REACHED else ""
        attempt = contacting.Attempt(
            key=self._key(), happened_at=at, how=ContactHow.PHONE, outcome=outcome, who=who, note=note
        )
        contacting.log_contact(referral=referral, attempt=attempt, by=referral.teacher, at=at)
        referral.refresh_from_db()

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self._rng.getrandbits(128), version=4)

    def _returned(self, referral: Referral, given_at: datetime, age: int) -> bool:
        """Some teachers ask for more; of those, the older requests were answered and go on."""
        if not self._is(11):
            return False
        at = self._at(given_at, 1, 11)
        returning.ask(referral=referral, question=self._rng.choice(words.QUESTIONS), by=referral.teacher, at=at)
        referral.refresh_from_db()
        if age <= PLANNED:
            return True
        answer = self._rng.choice(words.ANSWERS)
        back_at = self._at(at, 3, 15)
        returning.send_back(referral=referral, answer=answer, by=referral.submitted_by, at=back_at)
        referral.refresh_from_db()
        return False

    def _visits(self, referral: Referral, given_at: datetime, age: int, *, finished: bool) -> None:
        reached_at = self._at(given_at, 3, 11)
        self._contact(referral, reached_at, ContactOutcome.REACHED, self._rng.choice(words.CONTACT_NOTES))
        if age <= IN_TOUCH or not self._agreed(referral, reached_at):
            return
        short = finished or age > VISITED
        kinds = self._kinds(short=short)
        last = reached_at
        for number, kind in enumerate(kinds):
            made = self._book(referral, kind, last, gap=4 if finished else 8 if number == 0 else 13)
            if made.ends_at > story_days.OPENS_AT or not self._held(referral, made, number):
                return
            last = made.ends_at
            if self._is(17) and short:
                break
        if short:
            self._close(referral, last)

    def _kinds(self, *, short: bool) -> tuple[BookingKind, ...]:
        """What the visits of a request are for: every other one has a follow-up, those that close a review."""
        followed = FIRST_VISITS if self._number % 2 else FIRST_VISITS[:1]
        return (*followed, BookingKind.REVIEW_MEETING) if short else followed

    def _agreed(self, referral: Referral, at: datetime) -> bool:
        """Whether an observation can be booked: most parents who had not been asked agree soon (R11)."""
        if referral.about != About.CHILD or referral.agreement == Agreement.YES:
            return True
        if self._number % 3 == 0:
            return False
        agreements.record(
            referral=referral,
            given_by="Mother",
            on=london_date(at),
            how="BY_TELEPHONE",
            held="The child’s file at the setting",
            by=referral.teacher,
            at=at + timedelta(hours=1),
        )
        referral.refresh_from_db()
        return True

    def _book(self, referral: Referral, kind: BookingKind, after: datetime, *, gap: int) -> Booking:
        """Book the next free hour of the teacher, `gap` working days or more after a moment."""
        free = self._free(referral.teacher, self._days.add_working_days(london_date(after), gap))
        made = next(filter(None, (self._booked(referral, kind, after, starts_at) for starts_at in free)))
        local = made.starts_at.astimezone(LONDON)
        self._taken.add((referral.teacher_id, local.date(), local.time()))
        referral.refresh_from_db()
        return made

    def _booked(self, referral: Referral, kind: BookingKind, after: datetime, starts_at: datetime) -> Booking | None:
        """The visit of an hour, if nothing speaks against that time."""
        wanted = Wanted(
            kind=kind, mode=BookingMode.IN_PERSON, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        return booking.book(
            referral=referral,
            key=self._key(),
            wanted=wanted,
            teachers=[referral.teacher],
            reasons=self._reasons(referral),
            by=referral.teacher,
            at=after + timedelta(minutes=5),
        ).booking

    def _reasons(self, referral: Referral) -> dict[str, str]:
        """For the summer of 2024 no term dates are entered."""
        known = self._days.knows_terms(referral.period.delivery_ends_on - timedelta(days=60))
        if known or referral.stream == Stream.EARLY_YEARS:
            return {}
        return {BookingProblem.TERMS_UNKNOWN: words.TERMS_CHECKED}

    def _free(self, teacher: User, day: date) -> Iterator[datetime]:
        while True:
            if self._days.is_working_day(day):
                for slot in SLOTS:
                    if (teacher.pk, day, slot) not in self._taken:
                        yield datetime.combine(day, slot, tzinfo=LONDON)
            day += timedelta(days=1)

    def _held(self, referral: Referral, made: Booking, number: int) -> bool:
        """Tell what became of a visit and write its record; False where the record is still being written."""
        told = visiting.Told(outcome=VisitOutcome.HELD)
        if self._is(13) and number == 0:
            told = visiting.Told(outcome=VisitOutcome.HELD_LATE, minutes_late=20, note="A tractor on the Acle road.")
        at = made.ends_at + timedelta(minutes=40)
        visit = visiting.tell_outcome(booking=made, told=told, by=referral.teacher, at=at).visit
        referral.refresh_from_db()
        finalised_at = self._at(at, 3, 16)
        record = self._rng.choice(words.RECORDS[Stream(referral.stream)])
        record = words.FOLLOW_UPS[Stream(referral.stream)] if number else record
        if finalised_at > story_days.OPENS_AT:
            records.begin(visit, record, by=referral.teacher, at=at)
            return False
        records.write(visit, record, by=referral.teacher, at=finalised_at)
        return True

    def _close(self, referral: Referral, after: datetime) -> None:
        at = self._at(after, 4, 15)
        early = self._is(17)
        results = ENDED_EARLY if early else ALL_WORKED_ON
        goals = referral.goals.order_by("position")
        ending = closing.Ending(
            key=self._key(),
            summary=words.EARLY_SUMMARY if early else self._rng.choice(words.SUMMARIES),
            results={goal.pk: (results[(goal.position - 1) % 3], "") for goal in goals},
        )
        closing.close(referral=referral, ending=ending, by=referral.teacher, at=at)


def _zones_of(user: User) -> set[int]:
    return {zone.pk for membership in memberships_of(user) for zone in membership.zones.all()}
