"""Terms, closures and leave for tests, on the service's own calendar."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from s2s_portal.organisations.choices import ClosureKind
from s2s_portal.organisations.models import BankHoliday, Closure, Leave, Term, WorkingWeek
from tests.factories.organisations import UserFactory


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    name = "Autumn 2024, second half"
    starts_on = date(2024, 11, 4)
    ends_on = date(2024, 12, 20)


class BankHolidayFactory(DjangoModelFactory):
    class Meta:
        model = BankHoliday

    day = date(2024, 12, 25)
    name = "Christmas Day"


class ClosureFactory(DjangoModelFactory):
    """One closed day of the whole county; `establishment=…` for one place."""

    class Meta:
        model = Closure

    establishment = None
    starts_on = date(2024, 12, 9)
    ends_on = factory.SelfAttribute("starts_on")
    kind = ClosureKind.CLOSED


class WorkingWeekFactory(DjangoModelFactory):
    """Monday to Friday from an ordinary day on; `monday=False` and so on takes days out."""

    class Meta:
        model = WorkingWeek

    user = factory.SubFactory(UserFactory)
    in_force_from = date(2024, 11, 26)
    monday = tuesday = wednesday = thursday = friday = True


class LeaveFactory(DjangoModelFactory):
    """One day's leave."""

    class Meta:
        model = Leave

    user = factory.SubFactory(UserFactory)
    starts_on = date(2024, 12, 9)
    ends_on = factory.SelfAttribute("starts_on")
