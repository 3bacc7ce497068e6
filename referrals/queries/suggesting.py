"""What speaks for each S2S teacher who might take a request on (rules.assigning)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from referrals.models import NeedType, Referral, Specialism
from referrals.rules import lifecycle
from referrals.rules.assigning import Candidate, Suggestion, suggest
from referrals.rules.standards import Standards
from s2s_portal.core import spoken
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Away, Role
from s2s_portal.organisations.models import Membership
from s2s_portal.organisations.queries.calendar import away_on
from s2s_portal.organisations.queries.journeys import Journey, journeys

LOOKS_AHEAD = timedelta(weeks=8)
"""How far ahead leave is looked for: summer, at the longest."""
UNKNOWN = Journey()


def suggestions_for(
    referral: Referral, *, standards: Standards, days: Days, today: date, besides: int | None = None
) -> list[Suggestion]:
    """Every S2S teacher who signs in, the likeliest for this request first; `besides` is one who is left out.

    Five queries, whatever the number of teachers. The request's establishment and types of need are read with it.
    """
    needs = needs_of(referral)
    memberships = list(_teachers(referral, needs).exclude(user=besides))
    schools = {one.home_school.pk: one.home_school for one in memberships if one.home_school}
    ways = journeys(
        [(school, referral.establishment) for school in schools.values()],
        factor=standards.road_percent / 100,
        kmh=standards.km_per_hour,
    )
    ids = [one.user_id for one in memberships]
    away = away_on(ids, today, today + LOOKS_AHEAD)
    soon = _next_working_days(days, today, standards.contact_working_days)
    candidates = []
    for one in memberships:
        way = ways.get((one.home_school_id, referral.establishment_id), UNKNOWN) if one.home_school_id else UNKNOWN
        gone, going = away_in_words(away[one.user_id], soon, days)
        candidates.append(
            Candidate(
                teacher_id=one.user_id,
                name=one.user.full_name,
                home_school=one.home_school.display_name if one.home_school else "",
                km=way.km,
                minutes=way.minutes,
                journey_is_estimate=way.is_estimate,
                specialisms=frozenset(code for code in needs if getattr(one, f"knows_{code}")),
                open_requests=one.open_requests,
                away=gone,
                away_soon=going,
                works_in_zone=one.works_in_zone,
            )
        )
    return suggest(candidates, needs)


def needs_of(referral: Referral) -> dict[str, str]:
    """The types of need that a request names, label by code."""
    return {need.code: need.label for need in (referral.primary_need, referral.secondary_need) if need}


def _teachers(referral: Referral, needs: Mapping[str, str]) -> QuerySet[Membership]:
    """The teachers with their own schools, their load, and what of `needs` they know well. One query."""
    zones = Membership.zones.through.objects.filter(membership=OuterRef("pk"), zone=referral.zone_id)
    rows = Membership.objects.filter(role=Role.S2S_TEACHER, user__is_active=True)
    rows = rows.select_related("user", "home_school__kind").order_by("user__full_name", "user")
    known = {
        f"knows_{code}": Exists(Specialism.objects.filter(teacher=OuterRef("user"), need_type__code=code))
        for code in needs
    }
    return rows.annotate(works_in_zone=Exists(zones), open_requests=load_of(OuterRef("user")), **known)


def load_of(teacher: OuterRef) -> Coalesce:
    """How many open requests a teacher has, returned ones among them, as a column."""
    theirs = Referral.objects.filter(teacher=teacher, status__in=lifecycle.OPEN_WITH_S2S).order_by()
    counted = theirs.values("teacher").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _next_working_days(days: Days, today: date, number: int) -> list[date]:
    """Today, if it is a working day, and those after it: `number` in all."""
    first = today if days.is_working_day(today) else days.add_working_days(today, 1)
    return [days.add_working_days(first, more) if more else first for more in range(number)]


def away_in_words(away: Mapping[date, Away], soon: list[date], days: Days) -> tuple[str, str]:
    """Why somebody cannot take a request on now, and leave of theirs that begins soon; "" for either that is not.

    `away` are the days on which they cannot be booked, `soon` the working days in which the setting is to be reached.
    Whoever is there on one of those can reach it.
    """
    here = next((day for day in soon if day not in away), None)
    if here is None:
        return f"{_what(away, soon)} until {spoken.day(_last_of(away, soon[-1], days))}", ""
    begins = next((day for day in soon if day > here and away.get(day) == Away.ON_LEAVE), None)
    if begins is None:
        return "", ""
    return "", f"On leave {_from_to(begins, _last_of(away, begins, days))}"


def _what(away: Mapping[date, Away], soon: list[date]) -> str:
    return "On leave" if Away.ON_LEAVE in {away[day] for day in soon} else "Not at work"


def _last_of(away: Mapping[date, Away], day: date, days: Days) -> date:
    """The last day of an absence that `day` belongs to; weekends and bank holidays do not end it."""
    last = day
    while (following := days.add_working_days(last, 1)) in away:
        last = following
    return last


def _from_to(first: date, last: date) -> str:
    return f"on {spoken.day(first)}" if first == last else f"from {spoken.day(first)} to {spoken.day(last)}"


def specialisms_of(teacher_id: int) -> set[int]:
    """The types of need, by primary key, that a teacher knows especially well."""
    return set(Specialism.objects.filter(teacher=teacher_id).values_list("need_type", flat=True))


def types_of_need(today: date) -> list[NeedType]:
    """The types of need in use on `today`, in the order of the DfE's list; NSA says that none is known and is none."""
    rows = NeedType.objects.filter(valid_from__lte=today).exclude(valid_to__lt=today).exclude(code="NSA")
    return list(rows.order_by("pk"))
