"""Sessions that have ended."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY

CLEARED_EVERY = 60 * 60
"""Seconds: text kept for an hour (core.kept_text) is gone from the database at most this long after it."""


def clear_expired() -> None:
    """Delete every expired session, with whatever it held; one statement, safe to repeat."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def end_all_of(person: int) -> None:
    """Sign the person with this primary key out everywhere, for good.

    Reads every session there is, as none says in a column whose it is: for what happens seldom.
    """
    model = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    theirs = [one.pk for one in model.objects.iterator() if one.get_decoded().get(SESSION_KEY) == str(person)]
    model.objects.filter(pk__in=theirs).delete()
