"""Who may do what to one request. Which status allows it is the transition table's, which also names the doers."""

from datetime import date

from referrals.choices import Action, Doer, Status
from referrals.models import Referral
from referrals.permissions.seeing import covers_on
from referrals.rules import lifecycle
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Permission, Role, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed, check, roles_of, zones_by_stream
from s2s_portal.organisations.queries.people import is_system


def files_for(user: User, stream: str) -> bool:
    """Whether the person files requests of `stream`: early years advisers early years ones, SEND Advisers the rest."""
    return any(STREAM_OF_ROLE.get(role) == stream for role in roles_of(user))


def check_can_file(user: User, stream: str) -> None:
    """Raise `NotAllowed` unless the person files requests of `stream` (R1)."""
    check(user, Permission.FILE_REQUESTS)
    if not files_for(user, stream):
        whose = Role.EARLY_YEARS_ADVISER if stream == Stream.EARLY_YEARS else Role.SEND_ADVISER
        raise NotAllowed(f"Only a person with the role {whose.label} files {Stream(stream).label} requests.")


def doers_of(user: User, referral: Referral, *, today: date) -> frozenset[Doer]:
    """As what the person acts on this request on the London day `today`."""
    roles, found = roles_of(user), set()
    if referral.zone_id in zones_by_stream(user).get(Stream(referral.stream), set()):
        found.add(Doer.ADVISER)
    if Role.S2S_COORDINATOR in roles:
        found.add(Doer.COORDINATOR)
    if Role.S2S_TEACHER in roles and _has_it(user, referral, today):
        found.add(Doer.TEACHER)
    if Role.COMMISSIONER in roles:
        found.add(Doer.COMMISSIONER)
    if is_system(user):
        found.add(Doer.PORTAL)
    return frozenset(found)


def _has_it(user: User, referral: Referral, today: date) -> bool:
    """Whether the teacher was given the request, or covers it today."""
    return referral.teacher_id == user.pk or covers_on(today).filter(referral=referral, teacher=user).exists()


def doers_that_may(action: Action) -> frozenset[Doer]:
    """Everybody who may take `action` in some status."""
    return frozenset().union(*(step.by for (_, taken), step in lifecycle.TRANSITIONS.items() if taken == action))


def may(user: User, referral: Referral, action: Action, *, today: date) -> bool:
    """Whether the person may do this to the request as it stands."""
    step = lifecycle.after(Status(referral.status), action)
    return step is not None and bool(step.by & doers_of(user, referral, today=today))


def allowed_actions(user: User, referral: Referral, *, today: date) -> frozenset[Action]:
    """Everything that the person may do to the request as it stands: the buttons of its page. One query at most."""
    return actions_of(doers_of(user, referral, today=today), referral)


def actions_of(doers: frozenset[Doer], referral: Referral) -> frozenset[Action]:
    """Everything that somebody who is one of `doers` may do to the request as it stands."""
    status = Status(referral.status)
    return frozenset(
        action for (stands, action), step in lifecycle.TRANSITIONS.items() if stands == status and step.by & doers
    )


def check_may(user: User, referral: Referral, action: Action, *, today: date) -> None:
    """Raise `NotAllowed`, with a sentence, unless the person is one of those who may do this to the request."""
    who = doers_that_may(action)
    if not who & doers_of(user, referral, today=today):
        named = " or ".join(doer.label for doer in Doer if doer in who)
        raise NotAllowed(f"This request can only be {action.label} by {named}.")


def can_withdraw(user: User, referral: Referral) -> bool:
    """Whether the person may withdraw this request now: its stream's adviser in its zone, before a held visit (R8)."""
    try:
        check_can_withdraw(user, referral)
    except NotAllowed:
        return False
    return lifecycle.after(Status(referral.status), Action.WITHDRAW) is not None


def check_can_withdraw(user: User, referral: Referral) -> None:
    """Raise `NotAllowed`, with a sentence, unless the person files for the request's stream and zone (R8)."""
    check(user, Permission.FILE_REQUESTS)
    if referral.zone_id not in zones_by_stream(user).get(Stream(referral.stream), set()):
        raise NotAllowed("Only an adviser of this request’s zone may withdraw it.")


def check_can_ask_again(user: User, referral: Referral) -> None:
    """Raise `NotAllowed`, with a sentence, unless the person files for the request's stream and zone (R1)."""
    check_can_file(user, referral.stream)
    if not files_in_zone(user, referral):
        raise NotAllowed("Only an adviser of this request’s zone may ask for it again.")


def files_in_zone(user: User, referral: Referral) -> bool:
    """Whether the person files requests of the request's stream in its zone."""
    return referral.zone_id in zones_by_stream(user).get(Stream(referral.stream), set())


def check_may_answer(user: User, referral: Referral, *, today: date) -> None:
    """Raise `NotAllowed` unless the person says what is still wanted when a contract ends: its advisers do."""
    if Doer.ADVISER not in doers_of(user, referral, today=today):
        raise NotAllowed(f"Only {Doer.ADVISER.label} says what is still wanted.")
