"""What the portal still needs before requests can be sent: every number a query, all counts in one statement."""

from datetime import date, datetime

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from quotas.choices import SIZE_KINDS
from quotas.models import FeeRule, Period, Quota
from referrals.documents.set_up import SetUp
from referrals.models import IndesSection, NeedType
from s2s_portal.core.calendar import Days, academic_year, london_date
from s2s_portal.organisations.choices import OPEN_STATUSES, STREAM_OF_ROLE, Role, Stream
from s2s_portal.organisations.models import Establishment, Membership, User, Zone
from s2s_portal.organisations.queries import calendar
from s2s_portal.organisations.queries.invitations import not_invited
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL, people

STREAMS = tuple(Stream)


class _Count(Subquery):
    """How many rows a query finds, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows.order_by().values("pk"), output_field=IntegerField())


def set_up_at(at: datetime, *, asking: User) -> SetUp:
    """How far the portal is set up at `at` (aware), for whoever asks. Six statements."""
    today = london_date(at)
    period = period_to_set_up(today)
    days = calendar.days()
    first, last = (max(today, period.opens_on), period.delivery_ends_on) if period else (today, today)
    bought = _bought(period)
    streams = list(bought)
    years = range(academic_year(first), academic_year(last) + 1)
    return SetUp(
        today=today,
        period=period.name if period else "",
        opens_on=period.opens_on if period else None,
        closes_on=period.requests_close_on if period else None,
        years_without_terms=[year for year in years if not days.knows_year(year)],
        years_without_holidays=[year for year in years if not _has_holidays(days, year)],
        streams=streams,
        streams_without_fee=_streams_without_fee(streams, period.opens_on if period else today),
        streams_without_places=[stream for stream, places in bought.items() if places <= 0],
        roles_missing=_roles_missing(streams),
        **_counts(today, asking),
    )


def period_to_set_up(today: date) -> Period | None:
    """The period that takes requests on `today` or next will; else the one in which support still goes on."""
    periods = Period.objects.filter(delivery_ends_on__gte=today).order_by("opens_on")
    running = list(periods)
    return next((one for one in running if one.requests_close_on >= today), running[-1] if running else None)


def _has_holidays(days: Days, year: int) -> bool:
    return any(date(year, 9, 1) <= day <= date(year + 1, 8, 31) for day in days.bank_holidays)


def _bought(period: Period | None) -> dict[Stream, int]:
    """The places of each stream that the period has a quota for: a council may buy one alone. Both while it has none.

    One statement.
    """
    size = Sum("entries__places", filter=Q(entries__kind__in=SIZE_KINDS), default=0)
    held = dict(Quota.objects.filter(period=period).values_list("stream").annotate(bought=size)) if period else {}
    return {stream: held.get(stream, 0) for stream in STREAMS if stream in held or not held}


def _streams_without_fee(streams: list[Stream], day: date) -> list[Stream]:
    there = set(FeeRule.objects.filter(starts_on__lte=day).order_by().values_list("stream", flat=True).distinct())
    return [stream for stream in streams if stream not in there]


def _roles_missing(streams: list[Stream]) -> list[Role]:
    held = set(_active().order_by().values_list("role", flat=True).distinct())
    unneeded = {Role.AUDITOR, *(role for role, stream in STREAM_OF_ROLE.items() if stream not in streams)}
    return [role for role in Role if role not in held | unneeded]


def _active() -> QuerySet[Membership]:
    return Membership.objects.filter(user__is_active=True)


def _counts(today: date, asking: User) -> dict[str, int]:
    """The plain counts of `SetUp`. One statement, which hangs on a row that is there: the one who asks."""
    open_places = Establishment.objects.filter(status__in=OPEN_STATUSES, kind__eligibility__in=STREAMS)
    teachers = _active().filter(role=Role.S2S_TEACHER)
    valid = {"valid_from__lte": today}
    counted = {
        "zones": Zone.objects.all(),
        "places": open_places,
        "places_without_zone": open_places.filter(zone=None),
        "need_types": NeedType.objects.filter(**valid).exclude(valid_to__lt=today),
        "indes_sections": IndesSection.objects.filter(**valid).exclude(valid_to__lt=today),
        "teachers_without_school": teachers.filter(home_school=None),
        "not_signed_in": User.objects.filter(is_active=True, last_login=None).exclude(email=SYSTEM_EMAIL),
        "not_invited": not_invited(people()),
        **{_unadvised(role): _zones_without(role) for role in STREAM_OF_ROLE},
    }
    columns = {name: _Count(rows) for name, rows in counted.items()}
    return dict(User.objects.filter(pk=asking.pk).values(**columns).get())


def _unadvised(role: Role) -> str:
    return "zones_without_early_years_adviser" if role == Role.EARLY_YEARS_ADVISER else "zones_without_send_adviser"


def _zones_without(role: Role) -> QuerySet[Zone]:
    theirs = Membership.zones.through.objects.filter(zone=OuterRef("pk"), membership__role=role)
    return Zone.objects.filter(~Exists(theirs.filter(membership__user__is_active=True)))
