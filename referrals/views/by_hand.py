"""Settings that need an administrator's care: those added by hand, and those whose name their register withholds."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import typed
from referrals.actions.merging import merge_setting
from referrals.forms.by_hand import GiveNameForm, MergeForm
from referrals.queries import by_hand
from referrals.queries.by_hand import Following
from referrals.views.lever_steps import Check, Lever, counted, history_page, or_404, pull, row
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions.by_hand import give_name
from s2s_portal.organisations.choices import Permission, ReferenceKind, Source
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import by_hand as settings
from s2s_portal.organisations.queries import establishments, reference

ADDED_COLUMNS = [
    *({"label": label} for label in ("Name", "Kind and zone", "Added by")),
    {"label": "Requests", "numeric": True},
    {"label": "Correct"},
    {"label": "Merge"},
]
NAMELESS_COLUMNS = [{"label": label} for label in ("School or setting", "Kind", "Zone")]
TARGET_COLUMNS = [{"label": label} for label in ("Name", "Kind", "Zone")]


@requires(Permission.MANAGE_REGISTERS)
@require_safe
def by_hand_list(request: HttpRequest) -> HttpResponse:
    """What was added by hand and is not merged yet, and what was done so far."""
    found = page_of(settings.added(), request.GET.get("added"))
    counts = by_hand.requests_of(list(found))
    history = history_page(request, reference.history_of([ReferenceKind.ESTABLISHMENT]))
    context = {
        "added": found,
        "columns": ADDED_COLUMNS,
        "rows": [_added_row(one, counts.get(one.pk, 0)) for one in found],
        "nameless": settings.waiting_for_care()[1],
        "back_url": reverse("organisations:register_list"),
    }
    return render(request, "referrals/by_hand.html", history | context)


def _added_row(one: Any, requests: int) -> list[Any]:
    when = spoken.day(london_date(one.added_at)) if one.added_at else ""
    return [
        _named(one),
        {"text": one.kind.name, "hint": one.zone.name if one.zone else "No zone"},
        {"text": one.added_by.full_name if one.added_by else "", "hint": when},
        f"{requests:,}",
        {"text": f"Correct {one}", "url": reverse("referrals:correct_setting", args=[one.urn])},
        {"text": f"Merge {one}", "url": reverse("referrals:merge_find", args=[one.urn])},
    ]


def _named(one: Any) -> dict[str, str]:
    page = reverse("organisations:establishment_detail", args=[one.source, one.urn])
    return {"text": one.display_name, "url": page, "hint": one.where}


@requires(Permission.MANAGE_REGISTERS)
@require_safe
def nameless_list(request: HttpRequest) -> HttpResponse:
    """Those whose name their register withholds and nobody has given, by place; and those that were named."""
    text = request.GET.get("q", "").strip()[: establishments.LONGEST_TEXT]
    page = page_of(settings.nameless(text), request.GET.get("page"))
    named = page_of(settings.named(), request.GET.get("named"))
    context = {
        "text": text,
        "page": page,
        "columns": NAMELESS_COLUMNS,
        "rows": [_nameless_row(one) for one in page],
        "named": named,
        "named_rows": [_nameless_row(one) for one in named],
        "back_url": reverse("organisations:register_list"),
    }
    return render(request, "referrals/nameless.html", context)


def _nameless_row(one: Any) -> list[Any]:
    url = reverse("referrals:give_name", args=[one.source, one.urn])
    name = {"text": one.display_name, "url": url, "hint": one.where}
    return [name, one.kind.name, one.zone.name if one.zone else "No zone"]


@requires(Permission.MANAGE_REGISTERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name_give(request: HttpRequest, source: str, urn: str) -> HttpResponse:
    """A name for one whose name is withheld; another one for one that was named."""
    setting = or_404(establishments.one(source, urn))
    if setting.source == Source.LOCAL or (setting.name and not setting.named_by_hand):
        raise Http404
    form = GiveNameForm(typed(request), seen=setting.name, initial={"name": setting.name})
    lever = Lever(
        heading="Give it a name",
        caption=setting.display_name,
        back_url=reverse("referrals:nameless_list"),
        check=partial(_check_name, setting),
        save=lambda form, key: give_name(
            establishment=setting, **form.cleaned_data, key=key, by=request.user, at=request.at
        ),
        done=lambda form: f"It is called {form.cleaned_data['name']} now.",
        context={"rows": _facts(setting), "now_title": "What the register says"},
    )
    return pull(request, form, lever)


def _facts(setting: Any) -> list[dict[str, str]]:
    facts = establishments.facts_of(setting)
    return [fact for fact in facts if fact["key"] in ("Register", "URN", "Number", "Kind", "Zone", "Address", "Added")]


def _check_name(setting: Any, form: GiveNameForm) -> Check:
    return Check(
        heading="Give it this name?",
        confirm="Give it this name",
        rows=[row("Now", setting.display_name), row("Afterwards", form.cleaned_data["name"])],
        does=["Lists, searches and requests show this name, those of earlier years too."],
        keeps=[
            "The register: its next file does not take the name away.",
            "If the register publishes a name later, that name replaces this one.",
            "Messages and documents that were made before keep what they say.",
        ],
    )


@requires(Permission.MANAGE_REGISTERS)
@require_safe
def merge_find(request: HttpRequest, urn: str) -> HttpResponse:
    """Which school or setting is it? Near matches, and a search."""
    setting = or_404(establishments.one(Source.LOCAL, urn))
    if not by_hand.can_be_merged(setting):
        return _page_of(setting)
    text = request.GET.get("q", "").strip()[: establishments.LONGEST_TEXT]
    stream = setting.kind.stream
    near = by_hand.near(name=setting.name, postcode=setting.postcode, stream=stream, besides=setting)
    found = by_hand.targets(establishments.matching(text), setting) if text else []
    context = {
        "setting": setting,
        "rows": [fact for fact in _facts(setting) if fact["key"] != "Register"],
        "text": text,
        "columns": TARGET_COLUMNS,
        "near_rows": [_target_row(setting, one) for one in near if one.kind.stream == stream],
        "found_rows": [_target_row(setting, one) for one in found],
        "back_url": reverse("referrals:by_hand_list"),
    }
    return render(request, "referrals/merge_find.html", context)


def _page_of(setting: Any) -> HttpResponse:
    """Its own page, which says what it was merged into."""
    return redirect("organisations:establishment_detail", setting.source, setting.urn)


def _target_row(setting: Any, one: Any) -> list[Any]:
    url = reverse("referrals:merge", args=[setting.urn, one.source, one.urn])
    name = {"text": one.display_name, "url": url, "hint": f"{one.where} ({one.numbered})"}
    return [name, one.kind.name, one.zone.name if one.zone else "No zone"]


@requires(Permission.MANAGE_REGISTERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, urn: str, source: str, into: str) -> HttpResponse:
    """These two are one: why, what follows, and then it is done."""
    setting, target = or_404(establishments.one(Source.LOCAL, urn)), or_404(establishments.one(source, into))
    if request.method != "POST" and not by_hand.can_be_merged(setting):
        return _page_of(setting)
    lever = Lever(
        heading="Merge these two?",
        caption=setting.display_name,
        back_url=reverse("referrals:by_hand_list"),
        check=lambda form: _check_merge(setting, target, by_hand.following(setting)),
        save=lambda form, key: merge_setting(
            setting=setting, into=target, reason=form.cleaned_data["reason"], key=key, by=request.user, at=request.at
        ),
        done=lambda form: f"{setting} has been merged into {target} ({target.numbered}).",
        context={
            "rows": [row("Added by hand", _who(setting)), row("Is the same as", _who(target))],
            "now_title": "One place",
        },
    )
    return pull(request, MergeForm(typed(request)), lever)


def _who(one: Any) -> str:
    return "\n".join([one.display_name, *one.address_lines, one.kind.name, one.numbered])


def _check_merge(setting: Any, target: Any, what: Following) -> Check:
    return Check(
        heading="Merge these two? It cannot be undone",
        confirm="Merge them",
        kind="warning",
        rows=[row("Added by hand", _who(setting)), row("Becomes", _who(target))],
        does=_does(setting, target, what),
        keeps=_keeps(setting, target, what),
    )


def _does(setting: Any, target: Any, what: Following) -> list[str]:
    """What follows, in sentences; nothing is said of what there is none of."""
    requests = counted(what.requests, "request")
    if what.requests:
        waiting = f", {what.waiting} of them on the waiting list" if what.waiting else ""
        requests = f"{requests} ({what.open_requests} with S2S now{waiting})"
    parts = {
        requests: what.requests,
        counted(what.visits, "planned visit"): what.visits,
        counted(what.drafts, "draft"): what.drafts,
        f"{counted(what.cohorts, 'line')} of cohorts": what.cohorts,
        counted(what.contacts, "contact"): what.contacts,
    }
    follow = [words for words, count in parts.items() if count]
    lines = [f"These follow: {', '.join(follow)}."] if follow else ["Nothing hangs on it: it is only closed."]
    if what.requests:
        lines.append("The history of each request says what it named before, with your reason.")
    if target.zone is None:
        lines.append(f"{target} has no zone yet, so it is put in {setting.zone}.")
    elif what.drafts and setting.zone_id != target.zone_id:
        lines.append(f"Drafts go to the advisers of {target.zone}, where {target} is.")
    return [*lines, "The one that was added by hand can no longer be chosen. Its page says what it is now."]


def _keeps(setting: Any, target: Any, what: Following) -> list[str]:
    zone = f" in {setting.zone}, too" if target.zone and setting.zone_id != target.zone_id else ""
    lines = [f"Stream, zone, place and fee of requests that were sent{zone}."] if what.requests else []
    if what.refusals:
        lines.append(f"{counted(what.refusals, 'refusal')}: what was told stays as it was told.")
    return [*lines, "What was known of the other, and its own contacts and closed days."]
