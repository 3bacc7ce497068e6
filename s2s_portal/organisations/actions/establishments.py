"""Writes about schools and settings that people make as they work."""

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_portal.organisations.models import ContactPerson, Establishment


def remember_contact(*, establishment: Establishment, name: str, job_title: str, email: str, telephone: str) -> None:
    """Keep a contact of `establishment` for next time, by e-mail address; what was known before is brought up to date.

    An address is the same in capitals. Whoever may file a request for the establishment may name its contact.
    """
    given = {"name": name, "job_title": job_title, "telephone": telephone}
    same = ContactPerson.objects.filter(establishment=establishment, email__iexact=email)
    if not same.update(**given):
        # If somebody else has just kept this address, theirs is as new. Without update_or_create's savepoints, because
        # whoever waits for the quota waits for this too.
        contact = ContactPerson(establishment=establishment, email=email, **given)
        ContactPerson.objects.bulk_create([contact], ignore_conflicts=True)


@dataclass(frozen=True)
class Contact:
    """A contact as somebody typed it, and whose it is."""

    establishment: Establishment
    name: str
    job_title: str
    email: str
    telephone: str


def remember_contacts(contacts: Sequence[Contact]) -> None:
    """As `remember_contact` for many at once: three statements, whatever their number."""
    known = {
        (one.establishment_id, one.email.lower()): one
        for one in ContactPerson.objects.filter(establishment__in=[one.establishment for one in contacts])
    }
    changed, new = [], []
    for given in contacts:
        found = known.get((given.establishment.pk, given.email.lower()))
        contact = found or ContactPerson(establishment=given.establishment, email=given.email)
        contact.name, contact.job_title, contact.telephone = given.name, given.job_title, given.telephone
        (changed if found else new).append(contact)
    ContactPerson.objects.bulk_update(changed, ["name", "job_title", "telephone"])
    ContactPerson.objects.bulk_create(new, ignore_conflicts=True)
