"""The organisations app's forms, by what they are for."""

from s2s_portal.organisations.forms.calendar import (
    BankHolidayForm,
    ClosureForm,
    FindSchoolForm,
    LeaveForm,
    TermForm,
    WeekForm,
)
from s2s_portal.organisations.forms.lists import (
    AccessLogFilterForm,
    LookAtRequestForm,
    PeopleFilterForm,
    RegisterFilterForm,
)

__all__ = [
    "AccessLogFilterForm",
    "BankHolidayForm",
    "ClosureForm",
    "FindSchoolForm",
    "LeaveForm",
    "LookAtRequestForm",
    "PeopleFilterForm",
    "RegisterFilterForm",
    "TermForm",
    "WeekForm",
]
