"""Another e-mail address for somebody: they are told at both, or invited at the new one if they never signed in.

So is whoever's old address was never theirs: then it was somebody else who signed in.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from s2s_portal.notifications import delivery
from s2s_portal.notifications.actions import inviting
from s2s_portal.notifications.actions.outbox import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.models import User

SIGN_IN_TO = "home"
"""The page that somebody signs in to."""


@transaction.atomic
def change_email(
    *, person: User, email: str, seen: str, reason: str, by: User, at: datetime, never_theirs: bool = False
) -> bool:
    """Give `person` another address, to which what still waits for them goes, too. False if it is that already.

    Raises as `access.change_email`.
    """
    before = access.change_email(
        person=person, email=email, seen=seen, reason=reason, by=by, at=at, never_theirs=never_theirs
    )
    if not before:
        return False
    person = User.objects.get(pk=person.pk)
    # Its link opens nothing any more, and it would tell a stranger who the person is and what they do here.
    delivery.take_back(Notification.objects.filter(person=person, kind=Kind.PERSON_INVITED))
    _readdress(person)
    if person.last_login is None:
        inviting.send_link(key=uuid.uuid4(), person=person, by=by, at=at)
    else:
        _tell(person, before, by, at)
    return True


TO_CONTACTS = tuple(kind for kind in Kind if kind.endswith("_CONTACT"))
"""Kinds that only the contact of a school or setting gets."""


def _readdress(person: User) -> None:
    """Send what waits for the account to its new address; what failed as well, for when it is sent again.

    The outbox files a contact's messages under whoever signs in with the same address. Those stay with the address:
    they were meant for whoever reads it, and a signed link in them opens a visit or a record to whoever has it. They
    are known by their kind; where a kind goes to contacts and accounts alike, by the end of their key and by the link.
    """
    unsent = Notification.objects.filter(person=person, sent_at=None).exclude(kind__in=TO_CONTACTS)
    no_link = Q(context__link_id__isnull=True) | Q(context__link_id=0)
    unsent.filter(no_link).exclude(key__endswith=":contact").update(to_email=person.email)


def _tell(person: User, before: str, by: User, at: datetime) -> None:
    """Tell the person at the new address and at the old one, which is nobody's now."""
    told = {"changed_by": by.full_name, "changed_by_email": by.email, "address": reverse(SIGN_IN_TO)}
    shared = {"kind": Kind.ADDRESS_CHANGED, "to_name": person.full_name, "at": at}
    key = f"address-changed:{person.pk}:{uuid.uuid4()}"
    new = message(
        key=f"{key}:new", to_email=person.email, person=person, context=told | {"new_email": person.email}, **shared
    )
    queue_all([new, message(key=f"{key}:old", to_email=before, context=told | {"new_email": ""}, **shared)])
