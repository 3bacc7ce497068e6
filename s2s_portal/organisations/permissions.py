"""Who may do what: one table, which is DESIGN §2. Rules about states live in each app's `rules`, not here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from s2s_portal.organisations.choices import STREAM_OF_ROLE, Permission, Role, Sees, Stream
from s2s_portal.organisations.models import Membership, User

_ADVISER = frozenset({Permission.SEE_REQUESTS, Permission.FILE_REQUESTS})

ROLE_TABLE: dict[Role, tuple[Sees, frozenset[Permission]]] = {
    Role.EARLY_YEARS_ADVISER: (Sees.OWN_ZONES_FULL, _ADVISER),
    Role.SEND_ADVISER: (Sees.OWN_ZONES_FULL, _ADVISER | {Permission.FILE_COHORTS}),
    Role.S2S_COORDINATOR: (
        Sees.SENT_FULL,
        frozenset(
            {
                Permission.SEE_REQUESTS,
                Permission.MANAGE_AVAILABILITY,
                Permission.SET_JOURNEY_TIMES,
                Permission.SEE_CASELOADS,
                Permission.SEE_VISITS,
                Permission.RUN_DESK,
                Permission.SEE_DASHBOARDS,
                Permission.EXPORT_CHILDREN,
                Permission.SEE_CONTRACT_ENDS,
                Permission.SEE_HAND_OVER,
                Permission.MEND_MESSAGES,
                Permission.SEE_MESSAGE_KINDS,
                Permission.SEE_REMINDERS,
            }
        ),
    ),
    Role.S2S_TEACHER: (
        Sees.ASSIGNED_FULL,
        frozenset(
            {
                Permission.SEE_REQUESTS,
                Permission.SEE_HAND_OVER,
                Permission.SET_OWN_LEAVE,
                Permission.OWN_CASELOAD,
                Permission.SEE_VISITS,
            }
        ),
    ),
    Role.COMMISSIONER: (
        Sees.SENT_WITHOUT_CHILD,
        frozenset(
            {
                Permission.SEE_REQUESTS,
                Permission.SEE_DASHBOARDS,
                Permission.SEE_QUOTAS,
                Permission.ISSUE_REPORTS,
                Permission.SET_UP_QUOTAS,
                Permission.SEE_SET_UP,
                Permission.CHANGE_SETTINGS,
                Permission.GIVE_PLACES,
                Permission.SEE_MESSAGE_KINDS,
                Permission.SEE_REMINDERS,
                Permission.END_CONTRACTS,
                Permission.SEE_CONTRACT_ENDS,
                Permission.SEE_HAND_OVER,
                Permission.SEE_RECONCILIATION,
            }
        ),
    ),
    Role.ADMINISTRATOR: (
        Sees.NOTHING,
        frozenset(
            {
                Permission.SEE_PEOPLE,
                Permission.MANAGE_PEOPLE,
                Permission.SEE_SET_UP,
                Permission.SEE_REGISTERS,
                Permission.MANAGE_REGISTERS,
                Permission.MOVE_PRACTICE_DATE,
                Permission.SEE_JOBS,
                Permission.SEE_RECONCILIATION,
                Permission.MANAGE_CALENDAR,
                Permission.REPAIR,
                Permission.CHANGE_SETTINGS,
                Permission.MANAGE_REFERENCE,
                Permission.MEND_MESSAGES,
                Permission.SEE_MESSAGE_KINDS,
                Permission.SEE_REMINDERS,
            }
        ),
    ),
    Role.AUDITOR: (Sees.UNDER_REASON, frozenset({Permission.SEE_ACCESS_LOG})),
}


class NotAllowed(PermissionDenied):
    """A person may see this but may not do it; the message is the sentence they read (R17)."""


def memberships_of(user: User) -> list[Membership]:
    """The roles `user` holds, with their zones; read once for each request's user object."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "held_memberships"):
        user.held_memberships = list(user.memberships.prefetch_related("zones").order_by("pk"))
    return user.held_memberships


def roles_of(user: User) -> set[Role]:
    """The roles `user` holds; empty for someone signed out or deactivated."""
    return {Role(membership.role) for membership in memberships_of(user)}


def can(user: User, permission: Permission) -> bool:
    """Whether any of the person's roles carries `permission`; every active person may use the portal."""
    if permission == Permission.USE_PORTAL:
        return bool(user.is_authenticated and user.is_active)
    return any(permission in ROLE_TABLE[role][1] for role in roles_of(user))


def check(user: User, permission: Permission) -> None:
    """Raise `NotAllowed`, with a sentence, unless the person may."""
    if not can(user, permission):
        raise NotAllowed(f"Your role does not let you {permission.label}. Ask an administrator if it should.")


def sees(user: User) -> set[Sees]:
    """How much of the cases the person sees: one entry for each role."""
    return {ROLE_TABLE[role][0] for role in roles_of(user)}


def zones_by_stream(user: User) -> dict[Stream, set[int]]:
    """For an adviser, the ids of their zones in each stream they file for; empty for everyone else."""
    return {
        STREAM_OF_ROLE[Role(membership.role)]: {zone.pk for zone in membership.zones.all()}
        for membership in memberships_of(user)
        if membership.role in STREAM_OF_ROLE
    }


def requires(permission: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view with the permission it needs, for the route test, and refuse everyone else with 403."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check(request.user, permission)  # type: ignore[arg-type]
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
