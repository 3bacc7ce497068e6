"""The setting is not listed: an adviser says what it is and goes on with the request, the draft or the cohort."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quotas.views.asking import ASK, CONFIRM, key_in, number_in, step_of, typed
from referrals.actions import cohort_schools, drafts
from referrals.choices import Section
from referrals.forms.by_hand import NotListedForm, ZoneChoiceForm
from referrals.queries import choosing
from referrals.queries import drafts as draft_queries
from referrals.views.cohort_choosing import tell_added
from referrals.views.cohort_finding import gone as cohort_gone
from referrals.views.cohort_finding import with_own_cohort
from referrals.views.finding import with_draft
from s2s_portal.organisations.actions.by_hand import NewSetting, add_setting
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires, zones_by_stream
from s2s_portal.organisations.queries import by_hand, establishments

ADDED = "{} has been added. An administrator will look for it in the registers; you can go on at once."
MERGED = "{} has been merged into {} in the meantime: choose that one."


@dataclass(frozen=True)
class Purpose:
    """What the setting is for: `use` goes on with it. One that is listed after all is posted to `choose_url`."""

    streams: tuple[str, ...]
    caption: str
    back_url: str
    choose_url: str
    choose_as: str
    button: str
    use: Callable[[HttpRequest, Any], HttpResponse]
    draft: Any = None
    hidden: dict[str, str] = field(default_factory=dict)


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_listed_new(request: HttpRequest) -> HttpResponse:
    """For a request that is about to be started."""
    start = reverse("referrals:draft_start")
    words = {"caption": "New request for support", "button": "Start a request"}
    purpose = Purpose(
        tuple(zones_by_stream(request.user)), **words, back_url=start, choose_url=start, choose_as="setting", use=_start
    )
    return _page(request, purpose)


def _start(request: HttpRequest, setting: Any) -> HttpResponse:
    draft = drafts.start(establishment=setting, by=request.user, at=request.at)
    return redirect("referrals:draft_detail", draft.key)


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def not_listed_draft(request: HttpRequest, draft: Any) -> HttpResponse:
    """For a draft that is about another setting so far. Its other answers stay."""
    section = reverse("referrals:draft_section", args=[draft.key, Section.SETTING.value])
    purpose = Purpose(
        (draft.stream,),
        caption=f"Draft request, instead of {draft.establishment}",
        button="Use this one",
        back_url=section,
        choose_url=section,
        choose_as="setting",
        use=lambda request, setting: _use_in_draft(request, draft, setting),
        draft=draft,
        hidden={"version": str(draft_queries.version_of(draft, Section.SETTING))},
    )
    return _page(request, purpose)


def _use_in_draft(request: HttpRequest, draft: Any, setting: Any) -> HttpResponse:
    version = number_in(request, "version")  # as the check page was shown
    told = {"answers": {"establishment_id": setting.pk}, "version": version, "by": request.user, "at": request.at}
    saved = drafts.save_section(draft=draft, section=Section.SETTING, **told)
    draft.refresh_from_db(fields=["establishment"])
    if isinstance(saved, drafts.Conflict) and draft.establishment_id != setting.pk:  # else it was pressed twice
        who = saved.theirs.saved_by
        messages.warning(request, f"{who} has changed the school or setting in the meantime. Choose again.")
        return redirect("referrals:draft_section", draft.key, Section.SETTING.value)
    return redirect("referrals:draft_detail", draft.key)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def not_listed_cohort(request: HttpRequest, cohort: Any) -> HttpResponse:
    """For a cohort: a school that is to be on it."""
    choose = reverse("referrals:cohort_choose", args=[cohort.reference])
    purpose = Purpose(
        (Stream.MAINSTREAM,),
        caption=f"Cohort {cohort.reference}: {cohort.title}",
        button="Add this one",
        back_url=choose,
        choose_url=choose,
        choose_as="school",
        use=lambda request, setting: _use_in_cohort(request, cohort, setting),
    )
    return _page(request, purpose)


def _use_in_cohort(request: HttpRequest, cohort: Any, setting: Any) -> HttpResponse:
    try:
        added = cohort_schools.add(cohort=cohort, establishments=[setting], by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return cohort_gone(request)
    tell_added(request, added, asked=1)
    return redirect("referrals:cohort_detail", cohort.reference)


def _page(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    """Ask, then show what it may be and the zone, then add it and go on."""
    kinds = by_hand.kinds_for(purpose.streams)
    form = NotListedForm(typed(request), kinds=kinds, initial={"name": request.GET.get("name", "")[:200]})
    if request.method != "POST" or step_of(request) == ASK or not form.is_valid():
        context = {"form": form, "purpose": purpose, "kinds": kinds, "back_url": purpose.back_url}
        return render(request, "referrals/not_listed.html", context)
    kind = next(one for one in kinds if one.pk == form.cleaned_data["kind"])
    zones = by_hand.zones_named(zones_by_stream(request.user).get(kind.stream, set()))
    choice = ZoneChoiceForm(request.POST if step_of(request) == CONFIRM else None, zones=zones)
    if step_of(request) != CONFIRM or not choice.is_valid():
        return _check(request, purpose, form, kind, choice)
    zone = next(one for one in zones if one.pk == choice.cleaned_data["zone"])
    told = NewSetting(name=form.cleaned_data["name"], kind=kind, zone=zone, **form.address())
    setting = add_setting(told=told, key=key_in(request), by=request.user, at=request.at)
    return _go_on(request, purpose, setting)


def _go_on(request: HttpRequest, purpose: Purpose, setting: Any) -> HttpResponse:
    """Use what was added. By a press that is sent again much later, it may be merged, or in another zone."""
    if setting.merged_into:
        messages.warning(request, MERGED.format(setting, setting.merged_into))
        return redirect(purpose.back_url)
    try:
        answer = purpose.use(request, setting)
    except drafts.CannotChoose as wrong:
        messages.error(request, f"{wrong}.".replace("..", "."))
        return redirect(purpose.back_url)
    _say_once(request, ADDED.format(setting))
    return answer


def _say_once(request: HttpRequest, sentence: str) -> None:
    """Say it on the next page, unless the first of two presses has left it there already."""
    waiting = messages.get_messages(request)
    is_waiting = sentence in [str(one) for one in waiting]
    waiting.used = False  # they were looked through, not shown
    if not is_waiting:
        messages.success(request, sentence)


def _check(request: HttpRequest, purpose: Purpose, form: NotListedForm, kind: Any, choice: Any) -> HttpResponse:
    """What it may be, if it is listed after all; else its zone."""
    told, own = form.cleaned_data, [pk for pk, _ in choice.fields["zone"].choices if pk]
    suggested = by_hand.zone_by_postcode(told["postcode"])
    if not choice.is_bound:
        choice.initial["zone"] = suggested.pk if suggested and suggested.pk in own else ""
    if suggested and suggested.pk in own:
        choice.style("zone", hint=f"Most of its neighbours are in {suggested}")
    found = choosing.near(request.user, name=told["name"], postcode=told["postcode"], stream=kind.stream)
    context = {
        "purpose": purpose,
        "choice": choice,
        "rows": _rows(told, kind),
        "suggested": suggested,
        "is_own": bool(suggested and suggested.pk in own),
        "near": [(establishments.key_of(one), one, why) for one, why in found],
        "hidden": {name: request.POST.get(name, "") for name in form.fields}
        | {"key": str(key_in(request))}
        | purpose.hidden,
        "back_url": purpose.back_url,
    }
    return render(request, "referrals/not_listed_check.html", context)


def _rows(told: dict[str, Any], kind: Any) -> list[dict[str, str]]:
    address = "\n".join(told[name] for name in ("street", "locality", "town", "postcode") if told[name])
    rows = {"Name": told["name"], "Kind": kind.name, "Address": address, "Telephone": told["telephone"]}
    return [{"key": key, "value": value} for key, value in rows.items() if value]
