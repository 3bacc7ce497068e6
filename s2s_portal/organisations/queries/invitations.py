"""Links with which people choose their own password, and where each person stands with signing in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import LinkPurpose, LinkState
from s2s_portal.organisations.models import SignedLink, User
from s2s_portal.organisations.queries.links import email_hash
from s2s_portal.organisations.queries.people import subject_of


@dataclass(frozen=True)
class Standing:
    """Whether somebody signs in, in a word or a few, and a second line ("" for none). `link`: one that works now."""

    text: str
    hint: str = ""
    link: SignedLink | None = None


def person_of(link: SignedLink) -> User | None:
    """Whose password a link sets; None if they are gone from the portal or have another e-mail address now."""
    _, _, pk = link.subject.partition(" ")
    person = User.objects.filter(pk=int(pk), is_active=True).first()
    return person if person is not None and email_hash(person.email) == link.email_hash else None


def latest_links(people: Iterable[User]) -> dict[str, SignedLink]:
    """The newest link of each person that has ever had one, by `subject_of`. One query."""
    subjects = [subject_of(person) for person in people]
    found = SignedLink.objects.filter(purpose=LinkPurpose.CHOOSE_PASSWORD, subject__in=subjects)
    return {link.subject: link for link in found.order_by("pk")}


def standings(people: Iterable[User], real_at: datetime) -> dict[int, Standing]:
    """Where each person stands at `real_at` (real time), by id. One query."""
    everyone = list(people)
    links = latest_links(everyone)
    return {person.pk: _standing(person, links.get(subject_of(person)), real_at) for person in everyone}


def not_invited(people: QuerySet[User]) -> QuerySet[User]:
    """Those of `people` who cannot sign in because nobody ever sent them a link: "Not invited" in `standings`."""
    subject = Concat(Value("person "), Cast(OuterRef("pk"), CharField()))  # as `subject_of` spells it
    links = SignedLink.objects.filter(purpose=LinkPurpose.CHOOSE_PASSWORD, subject=subject)
    waiting = people.filter(is_active=True, last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return waiting.exclude(Exists(links))


def _standing(person: User, link: SignedLink | None, real_at: datetime) -> Standing:
    if not person.is_active:
        return Standing("No longer")
    state = link.state(real_at) if link else None
    if link and state == LinkState.LIVE:
        ago = spoken.ago(london_date(link.created_at), london_date(real_at))
        if person.last_login is None and not person.has_usable_password():
            return Standing("Not yet", f"Invited {ago}, not yet signed in", link)
        return Standing(_signs_in(person), f"Sent a link for a new password {ago}", link)
    if person.last_login is not None:
        return Standing("Yes")
    if person.has_usable_password():
        return Standing("Not yet", "Has a password, not yet signed in")
    if link is None:
        return Standing("Not yet", "Not invited")
    if state == LinkState.EXPIRED:
        return Standing("Not yet", f"The invitation ran out on {spoken.day(london_date(link.expires_at))}")
    return Standing("Not yet", "The invitation was taken back")


def _signs_in(person: User) -> str:
    return "Yes" if person.last_login is not None else "Not yet"
