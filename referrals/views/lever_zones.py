"""The council's zones: added, renamed, removed while unused, with what is in each and the history."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import typed
from referrals.actions.zones import remove_zone
from referrals.forms.levers import RemoveForm, ZoneForm
from referrals.queries import levers
from referrals.views.lever_steps import Check, Lever, counted, history_page, or_404, pull, row
from s2s_portal.organisations.actions.zones import add_zone, rename_zone
from s2s_portal.organisations.choices import Permission, ReferenceKind
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import reference

COLUMNS = [
    {"label": "Zone"},
    *({"label": label, "numeric": True} for label in ("Schools and settings", "People’s roles", "Open drafts")),
    {"label": "Remove"},
]


@requires(Permission.MANAGE_REFERENCE)
@require_safe
def zone_list(request: HttpRequest) -> HttpResponse:
    """Every zone with what is in it."""
    context = {"columns": COLUMNS, "rows": [_row(zone, use) for zone, use in levers.zone_uses().items()]}
    context |= history_page(request, reference.history_of([ReferenceKind.ZONE]))
    return render(request, "referrals/lever_zones.html", context)


def _row(zone: Any, use: levers.ZoneUse) -> list[Any]:
    remove = {"text": f"Remove {zone}", "url": reverse("referrals:lever_zone_remove", args=[zone.pk])}
    return [
        {"text": zone.name, "url": reverse("referrals:lever_zone", args=[zone.pk])},
        *(f"{number:,}" for number in (use.establishments, use.roles, use.drafts)),
        remove if use.is_unused else "In use",
    ]


@requires(Permission.MANAGE_REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def zone_add(request: HttpRequest) -> HttpResponse:
    """A new zone."""
    lever = Lever(
        heading="Add a zone",
        back_url=reverse("referrals:lever_zones"),
        check=_check_add,
        save=lambda form, key: add_zone(**_named(form), key=key, by=request.user, at=request.at),
        done=lambda form: f"{form.cleaned_data['name']} has been added. Nothing is in it yet.",
    )
    return pull(request, ZoneForm(typed(request)), lever)


def _named(form: ZoneForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("name", "reason")}


def _check_add(form: ZoneForm) -> Check:
    return Check(
        heading="Add this zone?",
        confirm="Add the zone",
        rows=[row("Zone", form.cleaned_data["name"])],
        does=["Schools, settings and advisers can be put into it."],
        keeps=["Which zone a school or setting is in, until somebody changes that."],
    )


@requires(Permission.MANAGE_REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def zone_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a zone."""
    zone = or_404(reference.zone(pk))
    form = ZoneForm(typed(request), seen=zone.name, initial={"name": zone.name})
    lever = Lever(
        heading="Rename this zone",
        caption=zone.name,
        back_url=reverse("referrals:lever_zones"),
        check=partial(_check_rename, zone),
        save=lambda form, key: rename_zone(zone=zone, **form.cleaned_data, key=key, by=request.user, at=request.at),
        done=lambda form: f"The zone is called {form.cleaned_data['name']} now.",
    )
    return pull(request, form, lever)


def _check_rename(zone: Any, form: ZoneForm) -> Check:
    use = levers.zone_use(zone)
    return Check(
        heading="Rename this zone?",
        confirm="Rename the zone",
        rows=[row("Now", zone.name), row("Afterwards", form.cleaned_data["name"])],
        does=[
            f"{counted(use.establishments, 'school or setting', 'schools and settings')}, "
            f"{counted(use.roles, 'role')} of people and {counted(use.drafts, 'open draft')} show the new name.",
            "So does every request of the zone, those of earlier years too.",
        ],
        keeps=[
            "What is in the zone, and who works there.",
            "Files, reports and e-mails that were made before keep the old name.",
            "A zones file that is imported must use the new name: the old one would make another zone.",
        ],
    )


@requires(Permission.MANAGE_REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def zone_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a zone that nothing was ever in."""
    zone = or_404(reference.zone(pk))
    lever = Lever(
        heading="Remove this zone",
        caption=zone.name,
        back_url=reverse("referrals:lever_zones"),
        intro="Only a zone that nothing was ever in can be removed.",
        check=partial(_check_remove, zone),
        save=lambda form, key: remove_zone(
            zone=zone, reason=form.cleaned_data["reason"], key=key, by=request.user, at=request.at
        ),
        done=lambda form: f"{zone} has been removed.",
    )
    return pull(request, RemoveForm(typed(request)), lever)


def _check_remove(zone: Any, form: RemoveForm) -> Check:
    return Check(
        heading="Remove this zone?",
        confirm="Remove the zone",
        kind="warning",
        rows=[row("Zone", zone.name)],
        does=["It can no longer be chosen anywhere."],
        keeps=["The history of zones goes on naming it."],
    )
