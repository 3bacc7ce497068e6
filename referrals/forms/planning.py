"""Narrowing the schools of the planning page, read from its address."""

from typing import Any

from django import forms

from referrals.forms.narrowing import NarrowingForm
from referrals.queries.planning import BY_NAME, BY_NEED, NEVER, THIS_PERIOD, Choices, Filters
from s2s_portal.core.forms import styled

SUPPORT = [("", "All schools"), (NEVER, "Never supported"), (THIS_PERIOD, "Supported this period")]
SORT = [(BY_NEED, "Least support first"), (BY_NAME, "Name")]


class PlanningForm(NarrowingForm):
    """Which schools the planning page shows, and in which order; every question may be left alone."""

    text = styled(
        forms.CharField(label="Search", required=False, max_length=100, help_text="A name, URN, town or postcode"),
        width="full",
    )
    zone = styled(forms.ChoiceField(required=False), name="a zone")
    phase = styled(forms.ChoiceField(required=False), name="a phase")
    town = styled(forms.ChoiceField(required=False), name="a town")
    trust = styled(forms.ChoiceField(required=False), name="a trust")
    support = styled(forms.ChoiceField(label="Support so far", required=False, choices=SUPPORT), name="support so far")
    sort = styled(forms.ChoiceField(label="Order", required=False, choices=SORT), name="an order")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        """`choices` is what the adviser's schools can be told apart by; one answer alone is no question."""
        super().__init__(*args, **kwargs)
        self.offer("zone", "All zones", [(str(pk), name) for pk, name in choices.zones])
        for name, everything, words in (
            ("phase", "All phases", choices.phases),
            ("town", "All towns", choices.towns),
            ("trust", "All trusts", choices.trusts),
        ):
            self.offer(name, everything, [(word, word) for word in words])

    @property
    def narrows(self) -> bool:
        """Whether some answer leaves schools out."""
        return any(self.data.get(name) for name in self.fields if name != "sort")

    def filters(self) -> Filters:
        """What was asked for. An answer that is not among the choices narrows nothing, and the page says so."""
        self.is_valid()
        given = self.cleaned_data
        words = {name: given.get(name, "") for name in ("phase", "town", "trust", "support", "text", "sort")}
        return Filters(zone_id=int(given["zone"]) if given.get("zone") else None, **words)
