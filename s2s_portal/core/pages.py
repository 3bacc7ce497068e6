"""Long lists, page by page, without counting what nobody will leaf through."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

ROWS = 50
CAP = 1_000
"""Rows that are counted and can be leafed through; beyond them, filters find things faster than pages."""


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator whose count stops at `CAP`: counting 100,000 rows would take longer than showing 50."""

    @cached_property
    def found(self) -> int:
        """Rows found, at most `CAP` + 1."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: CAP + 1].count()
        return min(len(rows), CAP + 1)

    @cached_property
    def count(self) -> int:
        """Rows that can be leafed through, at most `CAP`."""
        return min(self.found, CAP)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than can be leafed through."""
        return self.found > CAP

    @property
    def total(self) -> str:
        """The count as people read it: "37", or "1,000+"."""
        return f"{CAP:,}+" if self.is_capped else f"{self.found:,}"


def page_of(rows: Any, number: str | None, *, size: int = ROWS) -> Page:  # type: ignore[type-arg]
    """The page of `rows` (an ordered queryset or a list) that `number` asks for; a number that is none gives page 1.

    The page's `paginator.total` is the count as people read it.
    """
    return CappedPaginator(rows, size).get_page(number)
