"""Writes about schools and settings that people make as they work."""

from django.db import transaction

from s2s_portal.organisations.models import ContactPerson, Establishment


@transaction.atomic
def remember_contact(
    *, establishment: Establishment, name: str, job_title: str, email: str, telephone: str
) -> ContactPerson:
    """Keep a contact of `establishment` for next time, by e-mail address; what was known before is brought up to date.

    An address is the same in capitals. Whoever may file a request for the establishment may name its contact.
    """
    known = {"name": name, "job_title": job_title, "telephone": telephone}
    return ContactPerson.objects.update_or_create(
        establishment=establishment,
        email__iexact=email,
        defaults=known,
        create_defaults=known | {"email": email},
    )[0]
