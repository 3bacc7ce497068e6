"""Who has signed in to the demo by the morning on which it opens: whoever did something, and nobody is uninvited."""

from datetime import datetime

from referrals.models import ReferralEvent
from s2s_portal.core import clock
from s2s_portal.organisations.actions.invitations import make_link
from s2s_portal.organisations.models import AuditEvent, User
from s2s_portal.organisations.queries.people import people


def sign_in_and_invite(*, by: User, at: datetime) -> int:
    """Mark everybody who wrote anything as signed in; `by` sends the others a link. How many have signed in.

    Signing in is of real time, whatever the practice date: they did so just now, when the demo was loaded.
    """
    wrote = {*AuditEvent.objects.values_list("user_id", flat=True), *ReferralEvent.objects.values_list("by", flat=True)}
    signed_in = people().filter(pk__in=wrote).update(last_login=clock.real_now())
    for person in people().filter(last_login=None):
        make_link(person=person, by=by, at=at)
    return signed_in
