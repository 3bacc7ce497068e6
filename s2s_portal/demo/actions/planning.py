"""Who asks for support for whom, and when: decided before anything is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from random import Random

from referrals.choices import About, DeclineReason, NotStartedReason, Section, WithdrawReason, YearGroup
from s2s_portal.demo import queries
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import cases, cohorts, days
from s2s_portal.demo.documents.children import LONG_SURNAME
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.demo.documents.unsent import UNSENT, Unsent
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import roles_of, zones_by_stream

SENT = {Stream.EARLY_YEARS: 46, Stream.MAINSTREAM: 82 - len(cohorts.SENT.children)}
"""How many requests were sent one by one; a cohort sent the others."""
OWN = {Stream.EARLY_YEARS: 7, Stream.MAINSTREAM: 9}
"""How many of those the persona sent."""
PERSONAS = {Stream.EARLY_YEARS: Persona.EARLY_YEARS_ADVISER, Stream.MAINSTREAM: Persona.SEND_ADVISER}
ENDED = {
    Stream.EARLY_YEARS: (
        (WithdrawReason.CHILD_MOVED, "The family has moved to Suffolk. Their new nursery has our notes."),
        (
            NotStartedReason.ADVICE_ENOUGH,
            "The manager tried our first ideas on the phone, and is content.",
        ),
    ),
    Stream.MAINSTREAM: (
        (WithdrawReason.AGREEMENT_REFUSED, "The parents would like to wait for the paediatrician’s report."),
        (DeclineReason.OTHER_SERVICE, "Speech and language support is what is asked for; the SENCO has their number."),
        (WithdrawReason.SENT_BY_MISTAKE, "Chosen from the list by mistake: it was meant for the junior school."),
    ),
}
_NAMELESS_IN_A_HUNDRED = 6
"""Childminders, whose names the register withholds."""
_RECEPTION_AGE = 4
"""Of the youngest child in Reception on 31 August, in years."""


@dataclass(frozen=True)
class Request:
    """One request: sent at `at` by `by`, from a draft begun at `started_at`."""

    started_at: datetime
    at: datetime
    by: User
    establishment: Establishment
    answers: cases.Answers


@dataclass(frozen=True)
class Ended:
    """The end of `request`, at `at`, before a visit: its adviser withdrew it or S2S ended it, as the reason says."""

    request: Request
    at: datetime
    reason: WithdrawReason | DeclineReason | NotStartedReason
    note: str


@dataclass(frozen=True)
class Draft:
    """One draft that stays unsent."""

    unsent: Unsent
    by: User
    establishment: Establishment
    answers: cases.Answers


class Planner:
    """Hands out establishments, each once, and writes answers for them."""

    def __init__(self, rng: Random, people: dict[str, User]) -> None:
        self._rng, self._codes = rng, queries.codes()
        self._people = people
        self._free = {stream: self._shuffled(stream) for stream in Stream}

    def _shuffled(self, stream: Stream) -> list[Establishment]:
        found = list(queries.establishments_for(stream))
        self._rng.shuffle(found)
        return found

    def drafts(self) -> list[Draft]:
        """The drafts of `UNSENT`."""
        return [self._draft(unsent) for unsent in UNSENT]

    def _draft(self, unsent: Unsent) -> Draft:
        by = next(user for user in self._people.values() if user.full_name == unsent.adviser)
        zone = sorted(zones_by_stream(by)[unsent.stream])[unsent.zone]
        school = self._take(unsent.stream, {zone}, nameless=False)
        on = unsent.started_at.date()
        answers = self._answers(unsent.stream, school, on, one_child=True)
        changed = {section: answers[section] | dict(values) for section, values in unsent.instead.items()}
        kept = {section: values for section, values in (answers | changed).items() if section in unsent.saved}
        return Draft(unsent, by, school, kept)

    def requests(self, stream: Stream) -> list[Request]:
        """The requests of `stream` that were sent, in order of time; the last on the very morning."""
        moments = [*days.moments(self._rng, SENT[stream] - 1), days.moment(2024, 11, 26, 8, 52)]
        senders = self._senders(stream)
        requests = [self._request(stream, at, by) for at, by in zip(moments, senders, strict=True)]
        own = [request for request in requests if request.by == self._people[persona_email(PERSONAS[stream])]]
        _make_awkward(own)
        return requests

    def group_requests(self, stream: Stream, moments: Sequence[datetime]) -> list[Request]:
        """Requests for groups of children, sent at these moments by advisers other than the persona."""
        persona = self._people[persona_email(PERSONAS[stream])]
        senders = self._rng.sample(self._colleagues(stream, persona), k=len(moments))
        return [self._request(stream, at, by, group=True) for at, by in zip(moments, senders, strict=True)]

    def schools(self, by: User, count: int, years: Collection[YearGroup]) -> list[Establishment]:
        """So many schools in the zones of `by` that have children in `years`, for a cohort."""
        zones = islice(cycle(sorted(zones_by_stream(by)[Stream.MAINSTREAM])), count)
        return [self._take(Stream.MAINSTREAM, {zone}, nameless=False, years=set(years)) for zone in zones]

    def _colleagues(self, stream: Stream, persona: User) -> list[User]:
        return [
            user
            for user in self._people.values()
            if user != persona and stream in {STREAM_OF_ROLE.get(role) for role in roles_of(user)}
        ]

    def _senders(self, stream: Stream) -> list[User]:
        """Who sends each: the persona `OWN` times, though not the last; the colleagues as busy as chance has it."""
        persona = self._people[persona_email(PERSONAS[stream])]
        colleagues = self._colleagues(stream, persona)
        others = [*colleagues, *self._rng.choices(colleagues, k=SENT[stream] - OWN[stream] - len(colleagues))]
        senders = [*others[1:], *[persona] * OWN[stream]]
        self._rng.shuffle(senders)
        return [*senders, others[0]]

    def _request(self, stream: Stream, at: datetime, by: User, *, group: bool = False) -> Request:
        nameless = stream == Stream.EARLY_YEARS and not group and self._rng.randrange(100) < _NAMELESS_IN_A_HUNDRED
        school = self._take(stream, zones_by_stream(by)[stream], nameless=nameless)
        started_at = at - timedelta(minutes=self._rng.randint(9, 25))
        return Request(started_at, at, by, school, self._answers(stream, school, at.date(), group=group))

    def _take(
        self, stream: Stream, zones: set[int], *, nameless: bool, years: Collection[YearGroup] = ()
    ) -> Establishment:
        chosen = next(
            school
            for school in self._free[stream]
            if school.zone_id in zones and (school.name == "") == nameless and set(years) <= _years_of(stream, school)
        )
        self._free[stream].remove(chosen)
        return chosen

    def _answers(
        self, stream: Stream, school: Establishment, on: date, *, one_child: bool = False, group: bool = False
    ) -> cases.Answers:
        about = cases.subject(self._rng, stream, _years_of(stream, school), one_child=one_child, group=group)
        return cases.answers(self._rng, about=about, stream=stream, urn=school.urn, on=on, codes=self._codes)

    def endings(self, stream: Stream, requests: list[Request]) -> list[Ended]:
        """The requests that ended before a visit, the persona's first; each some days after it was sent."""
        early = requests[: len(requests) // 2]
        persona = self._people[persona_email(PERSONAS[stream])]
        own = next(request for request in early if request.by == persona)
        others = self._rng.sample([request for request in early if request.by != persona], k=len(ENDED[stream]) - 1)
        return [
            Ended(request, days.some_days_after(self._rng, request.at), reason, note)
            for request, (reason, note) in zip([own, *others], ENDED[stream], strict=True)
        ]


def _make_awkward(requests: list[Request]) -> None:
    """Give the last two children among `requests` a long name, and an age out of their year."""
    named = [request.answers[Section.CHILD] for request in requests]
    out_of_year, long_name = [child for child in named if child["about"] == About.CHILD][-2:]
    long_name["child_last_name"] = LONG_SURNAME
    out_of_year["date_of_birth"] -= timedelta(days=366)


def _years_of(stream: Stream, school: Establishment) -> set[YearGroup]:
    """The year groups that the establishment has, by its ages in years."""
    if stream == Stream.EARLY_YEARS or school.low_age is None or school.high_age is None:
        return {YearGroup.N1, YearGroup.N2}
    from_reception = list(YearGroup)[list(YearGroup).index(YearGroup.R) :]
    return {
        year for age, year in enumerate(from_reception, start=_RECEPTION_AGE) if school.low_age <= age < school.high_age
    }
