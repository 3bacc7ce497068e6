"""Who may look at the quotas and set them up."""

from s2s_portal.organisations.choices import Permission, Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed, can, roles_of


def can_see_quotas(user: User) -> bool:
    """Whether the person may open the ledger of a quota."""
    return can(user, Permission.SEE_QUOTAS)


def check_can_set_up(user: User) -> None:
    """Raise `NotAllowed` unless the person is a commissioner: contracts, periods and places are theirs to set."""
    if Role.COMMISSIONER not in roles_of(user):
        raise NotAllowed("Only a commissioner sets up contracts, periods and places.")
