"""A long list of requests in parts: so many are read at once, however many there are."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from s2s_portal.oversight.queries.happened import requests_of
from s2s_portal.oversight.queries.scope import Scope

AT_A_TIME = 5_000
"""Requests of a part: about 10 MB as `Case`s, and as much again for what happened to them."""
ORDER = ("submitted_at", "pk")
"""That of `cases_of`."""
First = tuple[datetime, int] | None
"""When the first request of a part was sent, and its id; None: the part has no such end."""


def parts_of(scope: Scope, at_a_time: int | None = None) -> list[Scope]:
    """The scope in parts of at most so many requests each, in the order in which they were sent. One statement.

    Every request is in exactly one of them, one that is sent meanwhile in the last.
    """
    at_a_time = at_a_time or AT_A_TIME
    numbered = requests_of(scope).annotate(number=Window(RowNumber(), order_by=ORDER))
    begins = numbered.annotate(of_part=F("number") % at_a_time).filter(number__gt=1, of_part=1 % at_a_time)
    firsts: list[First] = list(begins.order_by(*ORDER).values_list(*ORDER))
    if not firsts:
        return [scope]
    return [replace(scope, part=_since(first) & _before(after)) for first, after in pairwise([None, *firsts, None])]


def _since(first: First) -> Q:
    return Q() if first is None else Q(submitted_at__gt=first[0]) | Q(submitted_at=first[0], pk__gte=first[1])


def _before(first: First) -> Q:
    return Q() if first is None else Q(submitted_at__lt=first[0]) | Q(submitted_at=first[0], pk__lt=first[1])
