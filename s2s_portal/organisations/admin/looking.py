"""The page Repairs: Django's admin in the portal's own frame, for looking at rows that no other page shows.

It changes nothing by itself. Whoever is signed in with the permission sees lists and single rows; each row that is
opened leaves a line in the audit. What can be mended from here is an action like any other, with its own page.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, unquote
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from s2s_portal.core import spoken
from s2s_portal.core.pages import ROWS, CappedPaginator
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import can, requires

NO_SUCH_FILTER = "There is no such filter."
FILTERED_BY = ("", "__exact", "__id__exact", "__isnull")


class RepairSite(AdminSite):
    """The registered lists, for whoever may mend things. Signing in and out are the portal's own pages."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may look here at all."""
        return can(request.user, Permission.REPAIR)  # type: ignore[arg-type]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A page that only shows something: a POST is refused before it reaches Django's own code."""
        return requires(Permission.REPAIR)(never_cache(require_safe(view)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The index and what each list brings along; none of Django's pages for signing in, passwords or history."""
        lists = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(one.urls))
            for model, one in self._registry.items()
        ]
        return [path("", self.admin_view(self.index), name="index"), *lists]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Nothing: Django's own menu is not shown, and the pages that it leads to are not there."""
        return []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Every list by name, with what it is about."""
        lists = sorted(self._registry.values(), key=lambda one: one.title.lower())  # type: ignore[attr-defined]
        rows = [[{"text": one.title, "url": one.list_url}, one.about] for one in lists]  # type: ignore[attr-defined]
        return render(
            request, "repairs/index.html", {"columns": [{"label": "List"}, {"label": "Of what"}], "rows": rows}
        )


repairs_site = RepairSite(name="repairs")


class LookAdmin(ModelAdmin):
    """One list, to look at. `shown`: the columns of a row's own page; no other is ever read out or searched."""

    title: ClassVar[str]
    about: ClassVar[str]
    shown: ClassVar[Sequence[str]]

    list_per_page = ROWS
    list_max_show_all = 0
    list_display_links = None
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions = None
    change_list_template = "repairs/list.html"

    @property
    def list_url(self) -> str:
        """The address of the list."""
        return reverse(f"repairs:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_urls(self) -> list[URLPattern]:
        """The list and single rows: nothing here adds, changes or deletes."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        looking = self.admin_site.admin_view
        return [
            path("", looking(self.changelist_view), name=f"{name}_changelist"),
            path("<path:object_id>/", looking(self.change_view), name=f"{name}_change"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the offered filters' own links ask for: one equal value of the column, or none.

        By any other suffix or relation, a password's hash could be guessed letter by letter.
        """
        return lookup in {f"{name}{suffix}" for name in self.list_filter for suffix in FILTERED_BY}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; an address with a filter or a character that does not exist is a bad request."""
        if any("\0" in one for values in request.GET.lists() for one in values[1]):
            raise BadRequest(NO_SUCH_FILTER)  # PostgreSQL has no text with it
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as wrong:
            raise BadRequest(NO_SUCH_FILTER) from wrong

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list as a table of the portal's."""
        response: Any = super().changelist_view(request, extra_context)
        found = response.context_data["cl"]
        response.context_data |= {
            "page": found.paginator.get_page(found.page_num),
            "columns": [{"label": self._label(name)} for name in self.list_display],
            "rows": [self._row(one) for one in found.result_list],
            "filters": [_filter(one, found) for one in found.filter_specs],
            "kept": [(name, one) for name in found.filter_params for one in request.GET.getlist(name)],
            "index_url": reverse("repairs:index"),
            "list": self,
        }
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One row, for reading; opening it leaves a line in the audit."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        reference = f"{self.opts.label} {row.pk}"
        audit.record(kind=AuditKind.READ, what="row in Repairs", reference=reference[:60], by=request.user)
        rows = [{"key": self._label(name), "value": said(row, name)} for name in self.shown]
        return render(request, "repairs/row.html", {"list": self, "row": row, "rows": rows} | (extra_context or {}))

    def _row(self, one: Model) -> list[Any]:
        first, *others = self.list_display
        named = {"text": said(one, first) or f"Row {one.pk}", "url": self._row_url(one)}
        return [named, *(said(one, name) for name in others)]

    def _row_url(self, row: Model) -> str:
        return reverse(f"repairs:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def _label(self, name: str) -> str:
        label = str(label_for_field(name, self.model, model_admin=self))
        return capfirst(label)


def _filter(spec: Any, found: Any) -> dict[str, Any]:
    """A filter's name, its choices as links, and the one that is chosen ("" for all)."""
    links = list(spec.choices(found))
    chosen = next((one["display"] for one in links[1:] if one["selected"]), "")
    return {"title": spec.title, "links": links, "chosen": chosen}


def said(row: Model, name: str) -> str:
    """What stands in a column of a row, in words."""
    value = getattr(row, name)
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    if hasattr(value, "all"):
        return ", ".join(str(one) for one in value.all())
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return spoken.second(value)
    if isinstance(value, date):
        return spoken.day(value)
    return "" if value is None else str(value)
