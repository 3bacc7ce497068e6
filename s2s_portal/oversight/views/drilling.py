"""The requests behind one line of a figure: as many as the line counts, page by page."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referrals.views.rows import status_tag
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.facts import Packed, Told
from s2s_portal.oversight.documents.figures import Column, Figure, Value, chosen, in_words
from s2s_portal.oversight.queries.listing import listed
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.views.asking import query_of, scope_context, scope_form
from s2s_portal.oversight.views.dashboards import page_or_404
from s2s_portal.oversight.views.figure_rows import file_links
from s2s_portal.oversight.views.pages import Page

ROWS_A_PAGE = 25
LABELS = ("Reference", "School or setting", "Zone", "Status", "Sent", "Teacher’s school")
NO_BREAK = "\N{NO-BREAK SPACE}"
LABELS_BESIDE_FACTS = ("Reference", "School or setting", "Status and teacher’s school", "Sent")


@dataclass(frozen=True)
class Behind:
    """The requests behind a line by their ids, what they are called and what the figure counts.

    `facts` says of each, in the same order, what `columns` are beside those that every list has.
    """

    title: str
    definition: str
    ids: Sequence[int]
    columns: tuple[Column, ...] = ()
    facts: Packed = field(default_factory=Packed)

    def with_facts(self, rows: Iterable[Any]) -> Iterator[tuple[Any, Told]]:
        """These requests, which are in the order of `ids` and may be some of them, each with what is said of it."""
        told = zip(self.ids, self.facts, strict=True)
        return ((one, next(facts for pk, facts in told if pk == one.pk)) for one in rows)


@requires(Permission.SEE_DASHBOARDS)
@require_safe
def requests(request: HttpRequest, slug: str, figure: str, line: str) -> HttpResponse:
    """The requests that one line of a figure counts; 404 where there are none to show to this person."""
    page = page_or_404(request, slug)
    _, readings = scope_form(request)
    if readings is None:
        raise Http404
    behind = behind_or_404(page, readings, figure, line)
    leaf = Paginator(behind.ids, ROWS_A_PAGE).get_page(request.GET.get("page"))
    found = behind.with_facts(listed(readings.scope.asking, leaf.object_list))
    context = scope_context(readings) | {
        "page": leaf,
        "heading": behind.title,
        "definition": behind.definition,
        "dashboard": page.dashboard,
        "back_url": _page_url(page, request, figure),
        "columns": _columns(behind),
        "rows": [_row(one, facts, behind.columns) for one, facts in found],
        "files": file_links("oversight:requests_file", [slug, figure, line], query_of(request)),
    }
    return render(request, "oversight/requests.html", context)


def behind_or_404(page: Page, readings: Readings, key: str, line: str, *, at_a_time: int | None = None) -> Behind:
    """What a line is called and counts. Its page's figures say the first, so that nothing is listed that they hide.

    A line may count 100,000 requests: only their ids are kept, and what decides about them is read `at_a_time`.
    """
    told, is_known, found = None, False, _Found()
    scope = replace(readings.scope, is_of_contract=page.is_of_contract)
    for part in readings.in_parts(scope, at_a_time):
        told = told or _told(page.figures(part), key, line)
        is_known = found.took(page, part, key, line) or is_known
    if told is None or not is_known:
        raise Http404
    return found.behind(*told)


@dataclass
class _Found:
    """The ids of requests, by what number each is listed, smaller ones first, and what is said of each."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    places: "array[int]" = field(default_factory=lambda: array("q"))
    facts: Packed = field(default_factory=Packed)
    columns: tuple[Column, ...] = ()
    definition: str = ""

    def took(self, page: Page, part: Readings, key: str, line: str) -> bool:
        """Whether there is such a line: then those behind it are added."""
        cases = page.requests(part, key, line)
        if cases is None:
            return False
        facts = page.facts(part, key, line, cases)
        self.columns, self.definition = facts.columns, facts.definition
        self.ids.extend(case.pk for case in cases)
        self.places.extend(facts.order.get(case.pk, 0) for case in cases)
        self.facts.extend(facts.of(case.pk) for case in cases)
        return True

    def behind(self, title: str, definition: str) -> Behind:
        """All of them in their order; as they came where the numbers are equal."""
        definition = f"{definition} {self.definition}".rstrip()
        if not any(self.places):
            return Behind(title, definition, self.ids, self.columns, self.facts)
        order = sorted(range(len(self.ids)), key=self.places.__getitem__)
        ids = array("q", (self.ids[at] for at in order))
        return Behind(title, definition, ids, self.columns, self.facts.sorted(order))


def _told(figures: Sequence[Figure], key: str, line: str) -> tuple[str, str] | None:
    """What the requests of a line are called, and what its figure counts."""
    figure = chosen(figures, key)
    found = next((one for one in figure.lines if one.key == line), None) if figure else None
    if figure is None or found is None:
        return None
    return f"{figure.caption}: {in_words(found.values[0], figure.columns[0].unit)}", figure.definition


def _page_url(page: Page, request: HttpRequest, figure: str) -> str:
    return f"{reverse('oversight:dashboard', args=[page.dashboard.value])}{query_of(request)}#figure-{figure}"


def _columns(behind: Behind) -> list[dict[str, Any]]:
    facts = [{"label": one.label, "numeric": one.is_numeric} for one in behind.columns]
    return [*({"label": label} for label in (LABELS_BESIDE_FACTS if facts else LABELS)), *facts]


def _row(one: Any, facts: Told, columns: Sequence[Column]) -> list[Any]:
    """A line of the list; where facts take the room, what is said of where the request is stands in second lines."""
    sent = spoken.day(london_date(one.submitted_at))
    stream, school = one.get_stream_display().capitalize(), one.provider_school
    teachers = school.display_name if school else ""
    page = reverse("referrals:referral_detail", args=[one.reference])
    reference = {"text": one.reference, "url": page, "nowrap": "yes"}
    sent_on = {"text": sent, "nowrap": "yes", "hint": "" if one.turn is None else "joined the waiting list"}
    where, status = one.establishment.display_name, status_tag(one.status)
    if not columns:
        school_of = {"text": where, "hint": stream}
        return [reference, school_of, one.zone.name, status, sent_on, teachers]
    said = [_fact(value, column) for value, column in zip(facts, columns, strict=True)]
    hints = {"text": where, "hint": f"{stream}, {one.zone.name}"}, status | {"hint": teachers}
    return [reference, *hints, sent_on | {"text": _broken_once(sent), "nowrap": ""}, *said]


def _fact(value: Value, column: Column) -> str:
    words = in_words(value, column.unit)
    return _broken_once(words) if column.unit == Unit.DAY else words


def _broken_once(day: str) -> str:
    """A day that is broken before its year at most."""
    return day.replace(" ", NO_BREAK, 1)
