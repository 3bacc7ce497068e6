"""Requests wherever one can stand, each with everybody who might do something to it; made through the real actions."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quotas.models import Quota
from referrals.actions import covering, moving, reinstating, returning, waiting, withdrawing
from referrals.choices import Doer, Status, WhoAsked, WithdrawReason
from referrals.models import Booking, DraftReferral, Referral
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories import records, support
from tests.factories.organisations import person
from tests.factories.quotas import quota_of, use_places
from tests.factories.referrals import filled_draft, sent_request, waiting_request
from tests.fixtures import Council
from tests.moments import AN_ORDINARY_TUESDAY as AT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: When things are done: the day after the requests came to where they stand, and the day of the visits to come.
NOW = AT + DAY + HOUR
VISIT_AT = AT + 2 * DAY
VISIT_OVER = VISIT_AT + HOUR
DEADLINE_PASSED = datetime(2024, 12, 21, 0, 0, tzinfo=AT.tzinfo)


@dataclass
class Situation:
    """One request, or one draft, and who is who to it. `people`: what each is to this request by name; None: nobody."""

    name: str
    referral: Referral | None
    draft: DraftReferral | None = None
    booking: Booking | None = None
    people: dict[str, tuple[User, Doer | None]] = field(default_factory=dict)

    @property
    def status(self) -> Status | None:
        """Where it stands; None: a draft."""
        return None if self.referral is None else Status(self.referral.status)

    @property
    def request(self) -> Referral:
        """The request as it is now."""
        return Referral.objects.select_related("teacher", "place").get(pk=self.referral.pk)

    @property
    def visit(self) -> Booking:
        """Its visit as it is now."""
        return Booking.objects.select_related("referral").get(pk=self.booking.pk)

    @property
    def quota(self) -> Quota:
        """The quota that its place is, or would be, of."""
        stream = (self.referral or self.draft).stream
        return Quota.objects.select_related("period__contract").get(stream=stream)


@dataclass
class Town:
    """A council with a request in every situation, and a teacher who has nothing to do yet."""

    council: Council
    free_teacher: User
    portal: User
    situations: dict[str, Situation] = field(default_factory=dict)


def _sent(town: Town) -> Referral:
    return sent_request(town.council.setting, by=town.council.people[Role.EARLY_YEARS_ADVISER], at=AT)


def _teacher() -> User:
    return person(Role.S2S_TEACHER)


def _booked(town: Town) -> tuple[Referral, Booking]:
    booking = support.booked(_sent(town), teacher=_teacher(), at=AT, starts_at=VISIT_AT)
    return booking.referral, booking


def _visited(town: Town) -> tuple[Referral, Booking]:
    """A first visit was held, this morning."""
    booking = support.booked(_sent(town), teacher=_teacher(), at=AT, starts_at=AT + HOUR)
    support.held(booking)
    return booking.referral, booking


def _asked(referral: Referral, by: User) -> Referral:
    return returning.ask(referral=referral, question="Which mornings?", by=by, at=AT).referral


def _cancelled(booking: Booking) -> None:
    told = {"sequence": booking.sequence, "asked_by": WhoAsked.SETTING, "note": ""}
    moving.cancel(booking=booking, **told, by=support.somebody(Role.S2S_COORDINATOR), at=AT)


def _withdrawn(referral: Referral) -> Referral:
    why = {"reason": WithdrawReason.OTHER, "note": ""}
    return withdrawing.withdraw(referral=referral, **why, by=referral.submitted_by, at=AT)


def _waits(town: Town) -> Referral:
    return waiting_request(town.council.school, by=town.council.people[Role.SEND_ADVISER], at=AT)


# --- One function for each situation; it returns the request and its visit, if one was ever booked ----------------
def draft(town: Town) -> tuple[None, None]:
    return None, None


def lapsed(town: Town) -> tuple[Referral, None]:
    referral = _waits(town)
    waiting.lapse(quota=quota_of(referral.period, Stream.MAINSTREAM), by=town.portal, at=DEADLINE_PASSED)
    return referral, None


def left_the_list(town: Town) -> tuple[Referral, None]:
    return _withdrawn(_waits(town)), None


def waits(town: Town) -> tuple[Referral, None]:
    return _waits(town), None


def submitted(town: Town) -> tuple[Referral, None]:
    return _sent(town), None


def submitted_again(town: Town) -> tuple[Referral, Booking]:
    """Reinstated after it had been booked, covered and withdrawn."""
    referral, booking = _booked(town)
    covers = {"starts_on": london_date(AT), "ends_on": london_date(VISIT_AT)}
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    covering.cover(referral=referral, teacher=town.free_teacher, **covers, by=coordinator, at=AT)
    by = support.somebody(Role.COMMISSIONER)
    return reinstating.reinstate(referral=_withdrawn(referral), reason="In error.", by=by, at=AT).referral, booking


def returned_submitted(town: Town) -> tuple[Referral, None]:
    return _asked(_sent(town), support.somebody(Role.S2S_COORDINATOR)), None


def returned_assigned(town: Town) -> tuple[Referral, None]:
    referral = support.assigned(_sent(town), teacher=_teacher(), at=AT)
    return _asked(referral, referral.teacher), None


def returned_in_contact(town: Town) -> tuple[Referral, None]:
    referral = support.in_contact(_sent(town), teacher=_teacher(), at=AT)
    return _asked(referral, referral.teacher), None


def returned_booked(town: Town) -> tuple[Referral, Booking]:
    referral, booking = _booked(town)
    return _asked(referral, booking.booked_by), booking


def assigned(town: Town) -> tuple[Referral, None]:
    return support.assigned(_sent(town), teacher=_teacher(), at=AT), None


def in_contact(town: Town) -> tuple[Referral, Booking]:
    """In touch again: a visit was booked and cancelled."""
    referral, booking = _booked(town)
    _cancelled(booking)
    return referral, booking


def booked(town: Town) -> tuple[Referral, Booking]:
    return _booked(town)


def booked_twice(town: Town) -> tuple[Referral, Booking]:
    referral, booking = _booked(town)
    support.book(Referral.objects.get(pk=referral.pk), VISIT_AT + 5 * HOUR, at=AT)
    return referral, booking


def supporting(town: Town) -> tuple[Referral, Booking]:
    """One visit was held and has no record yet, another is planned."""
    referral, _ = _visited(town)
    return referral, support.book(Referral.objects.get(pk=referral.pk), VISIT_AT, at=AT)


def recorded(town: Town) -> tuple[Referral, Booking]:
    """One visit was held and has its record; another is planned."""
    referral, first = _visited(town)
    records.recorded(first.visit)
    return referral, support.book(Referral.objects.get(pk=referral.pk), VISIT_AT, at=AT)


def done(town: Town) -> tuple[Referral, Booking]:
    """Everything is held and recorded: it can close."""
    referral, booking = _visited(town)
    records.recorded(booking.visit)
    return referral, booking


def closed(town: Town) -> tuple[Referral, Booking]:
    referral, booking = done(town)
    return support.closed(referral, at=AT + 3 * HOUR), booking


def closed_not_started(town: Town) -> tuple[Referral, None]:
    return support.in_status(_sent(town), Status.CLOSED, at=AT), None


def withdrawn(town: Town) -> tuple[Referral, Booking]:
    referral, booking = _booked(town)
    return _withdrawn(referral), booking


def declined(town: Town) -> tuple[Referral, None]:
    return support.in_status(_sent(town), Status.DECLINED, at=AT), None


def transferred(town: Town) -> tuple[Referral, Booking]:
    """Moved at the contract's end. Only its status is: with a second contract the council would have other quotas."""
    referral, booking = _visited(town)
    Referral.objects.filter(pk=referral.pk).update(status=Status.TRANSFERRED)
    return referral, booking


Maker = Callable[[Town], tuple[Referral | None, Booking | None]]
MAKERS: tuple[Maker, ...] = (
    *(draft, lapsed, left_the_list, waits, submitted, submitted_again),
    *(returned_submitted, returned_assigned, returned_in_contact, returned_booked, assigned, in_contact),
    *(booked, booked_twice, supporting, recorded, done, closed, closed_not_started, withdrawn, declined, transferred),
)
NAMES = tuple(maker.__name__ for maker in MAKERS)


def everywhere(council: Council) -> Town:
    """A request in each situation. Every mainstream place is used, so that one can wait; early years ones are free."""
    town = Town(council, free_teacher=_teacher(), portal=ensure_system_user())
    use_places(quota_of(council.period, Stream.MAINSTREAM), 84, by=council.people[Role.COMMISSIONER])
    for maker in MAKERS:
        made, booking = maker(town)
        referral = None if made is None else Referral.objects.select_related("teacher").get(pk=made.pk)
        one = Situation(maker.__name__, referral, booking=booking)
        if referral is None:
            adviser = council.people[Role.EARLY_YEARS_ADVISER]
            one.draft = filled_draft(council.setting, by=adviser, at=AT)
        one.people = _people(town, one)
        town.situations[one.name] = one
    return town


def _people(town: Town, one: Situation) -> dict[str, tuple[User, Doer | None]]:
    """Everybody, and as what each acts on this request: written out by hand."""
    people = town.council.people
    early = (one.referral or one.draft).stream == Stream.EARLY_YEARS
    adviser, other = people[Role.EARLY_YEARS_ADVISER], people[Role.SEND_ADVISER]
    if not early:
        adviser, other = other, adviser
    far = person(Role(adviser.memberships.get().role), zones=[town.council.far_zone])
    teachers = _teachers(town, one)
    coordinator, commissioner = people[Role.S2S_COORDINATOR], people[Role.COMMISSIONER]
    gone = {"adviser": adviser, "co-ordinator": coordinator, "commissioner": commissioner}
    gone |= {"teacher": teachers["teacher who has it"][0]} if "teacher who has it" in teachers else {}
    return {
        "adviser": (adviser, Doer.ADVISER),
        "adviser of another zone": (far, None),
        "adviser of the other stream": (other, None),
        "co-ordinator": (coordinator, Doer.COORDINATOR),
        "commissioner": (commissioner, Doer.COMMISSIONER),
        "administrator": (people[Role.ADMINISTRATOR], None),
        "auditor": (people[Role.AUDITOR], None),
        "portal": (town.portal, Doer.PORTAL),
        "another teacher": (people[Role.S2S_TEACHER], None),
        **teachers,
        **{f"{name} who was deactivated": (_deactivated(user), None) for name, user in gone.items()},
    }


def _deactivated(user: User) -> User:
    """The same person, who can no longer sign in."""
    gone = copy(User.objects.get(pk=user.pk))
    gone.is_active = False
    return gone


def _teachers(town: Town, one: Situation) -> dict[str, tuple[User, Doer | None]]:
    """The teachers who have, or had, something to do with it."""
    if one.status is None:
        return {}
    if one.referral.teacher is None:
        return {"teacher who once covered": (town.free_teacher, None)}
    found: dict[str, tuple[User, Doer | None]] = {"teacher who has it": (one.referral.teacher, Doer.TEACHER)}
    today, tomorrow = london_date(NOW), london_date(VISIT_OVER)
    for name, starts_on, ends_on, doer in (
        ("teacher who covers today", today, tomorrow, Doer.TEACHER),
        ("teacher who covered yesterday", today - DAY, today - DAY, None),
        ("teacher who covers next week", today + 7 * DAY, today + 8 * DAY, None),
    ):
        teacher = _teacher()
        covers = {"teacher": teacher, "starts_on": starts_on, "ends_on": ends_on}
        one.referral.covers.create(**covers, by=town.council.people[Role.S2S_COORDINATOR], at=AT)
        found[name] = (teacher, doer)
    if one.booking:
        found["teacher who comes along"] = (_comes_along(one.booking), None)
    return found


def _comes_along(booking: Booking) -> User:
    """Somebody whose only part in the request is one of its visits."""
    [row] = booking.teachers.all()
    row.pk, row.teacher = None, _teacher()
    row.save(force_insert=True)
    return row.teacher
