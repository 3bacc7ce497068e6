"""Writes about schools and settings that people make as they work."""

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
