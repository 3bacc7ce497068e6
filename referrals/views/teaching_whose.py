"""Whose visits a page shows: a teacher's own, or for a co-ordinator anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from referrals.forms.teaching import WhoseForm
from s2s_portal.organisations.choices import Permission, Role
from s2s_portal.organisations.permissions import can, check
from s2s_portal.organisations.queries.people import active_people


@dataclass(frozen=True)
class Whose:
    """The teachers (people) whose visits are shown, whether it is all of them, and the form that chooses one.

    Without a form it is one's own.
    """

    teachers: Sequence[Any]
    is_everyone: bool = False
    form: WhoseForm | None = None

    @property
    def ids(self) -> list[int]:
        """Their ids."""
        return [one.pk for one in self.teachers]

    @property
    def name(self) -> str:
        """Whose it is, for a heading: a name, "All teachers", or "" for one's own."""
        if self.form is None:
            return ""
        return "All teachers" if self.is_everyone else self.teachers[0].full_name


def whose(request: HttpRequest) -> Whose:
    """Whom the address asks for. Raises 404 for nobody's number, `NotAllowed` for a colleague's without the right."""
    asked = request.GET.get("teacher", "")
    own = can(request.user, Permission.OWN_CASELOAD)
    if own and asked in ("", str(request.user.pk)) and not can(request.user, Permission.SEE_CASELOADS):
        return Whose([request.user])
    check(request.user, Permission.SEE_CASELOADS)
    everyone = list(active_people(Role.S2S_TEACHER))
    chosen = [one for one in everyone if str(one.pk) == asked]
    if asked and not chosen:
        raise Http404
    return Whose(chosen or everyone, is_everyone=not chosen, form=WhoseForm(request.GET, teachers=everyone))
