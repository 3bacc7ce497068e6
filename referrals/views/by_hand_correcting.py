"""What an adviser wrote of a setting by hand is put right: asked, checked, done, with why."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quotas.views.asking import typed
from referrals.actions.correcting_settings import correct_setting
from referrals.forms.by_hand import CorrectForm
from referrals.queries.by_hand import Unsent, can_be_merged, requests_of, unsent_of
from referrals.views.lever_steps import Check, Lever, counted, or_404, pull
from s2s_portal.organisations.actions.by_hand import NewSetting
from s2s_portal.organisations.choices import Permission, Source, Stream
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import accounts, by_hand, establishments

COLUMNS = [{"label": label} for label in ("What", "Now", "Afterwards")]


@requires(Permission.MANAGE_REGISTERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, urn: str) -> HttpResponse:
    """Another name, kind, address or zone for one that was added by hand and is not merged."""
    setting = or_404(establishments.one(Source.LOCAL, urn))
    if request.method != "POST" and not can_be_merged(setting):
        return redirect("organisations:establishment_detail", setting.source, setting.urn)
    kinds, zones = _kinds(setting), accounts.all_zones()
    shown = {name: getattr(setting, name) for name in ("name", "street", "locality", "town", "postcode", "telephone")}
    shown |= {"kind": setting.kind_id, "zone": setting.zone_id}
    form = CorrectForm(typed(request), kinds=kinds, zones=zones, seen=by_hand.seen_as(setting), initial=shown)
    lever = Lever(
        heading="Correct what was added by hand",
        caption=setting.display_name,
        back_url=reverse("referrals:by_hand_list"),
        check=lambda form: _check(setting, _told(form, kinds, zones)),
        save=partial(_save, request, setting, kinds, zones),
        done=lambda form: f"{form.cleaned_data['name']} has been corrected.",
    )
    return pull(request, form, lever)


def _kinds(setting: Any) -> list[Any]:
    """Its own kind, even if requests for it are over, and those that have requests."""
    kinds = by_hand.kinds_for(tuple(Stream))
    return kinds if setting.kind in kinds else [setting.kind, *kinds]


def _told(form: CorrectForm, kinds: Sequence[Any], zones: Sequence[Any]) -> NewSetting:
    kind = next(one for one in kinds if one.pk == form.cleaned_data["kind"])
    zone = next(one for one in zones if one.pk == form.cleaned_data["zone"])
    return NewSetting(name=form.cleaned_data["name"], kind=kind, zone=zone, **form.address())


def _save(
    request: HttpRequest, setting: Any, kinds: Sequence[Any], zones: Sequence[Any], form: CorrectForm, key: Any
) -> object:
    given = {name: form.cleaned_data[name] for name in ("seen", "reason")}
    told = _told(form, kinds, zones)
    return correct_setting(setting=setting, told=told, **given, key=key, by=request.user, at=request.at)


def _check(setting: Any, told: NewSetting) -> Check:
    before, after = by_hand.in_words(setting), by_hand.in_words(told)
    different = [title for title in before if before[title] != after[title]]
    sent = requests_of([setting]).get(setting.pk, 0)
    keeps = ["Messages and documents that were made before keep what they say."]
    if sent:
        keeps.insert(0, f"Stream, zone, place and fee of {counted(sent, 'request')} that were sent.")
    return Check(
        heading="Correct it like this?",
        confirm="Correct it",
        columns=COLUMNS,
        table=[[title, before[title] or "Nothing", after[title] or "Nothing"] for title in different],
        does=_does(setting, told, unsent_of(setting, told.kind.stream)),
        keeps=keeps,
    )


def _does(setting: Any, told: NewSetting, unsent: Unsent) -> list[str]:
    """What follows, in sentences; nothing is said of what there is none of."""
    lines = ["Lists, searches and requests show it like this, those of earlier years too."]
    stream, zone = told.kind.stream, told.zone if setting.zone_id != told.zone.pk else None
    if zone and stream:
        lines.append(f"New requests for it are those of the advisers of {zone}.")
    if stream and setting.kind.stream != stream:
        lines.append(f"New requests for it use {Stream(stream).label} places.")
    lines += _unsent(("draft", "drafts"), unsent.drafts, unsent.other_drafts, zone)
    lines += _unsent(("line of a cohort", "lines of cohorts"), unsent.schools, unsent.other_schools, zone)
    if setting.postcode != told.postcode:
        lines.append("Journeys to visits that are planned there are reckoned again.")
    return lines


def _unsent(words: tuple[str, str], number: int, others: int, zone: Any) -> list[str]:
    """What becomes of `number` drafts, or lines of cohorts, of which `others` are not of its stream any more."""
    lines = []
    if number > others:
        has, it_is = ("has", "it is") if number - others == 1 else ("have", "they are")
        lines.append(f"{counted(number - others, *words)} for it {has} to be checked again before {it_is} sent.")
    if others:
        says = "says" if others == 1 else "say"
        lines.append(f"{counted(others, *words)} for it can no longer be sent, and {says} so.")
    if number and zone:
        lines.append(f"{counted(number, *words)} for it {'goes' if number == 1 else 'go'} to the advisers of {zone}.")
    return lines
