"""One person's account, for administrators: added with an invitation, and given roles and zones."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import leaving
from referrals.forms.people import AddForm, ChangeRolesForm, answers_of
from referrals.queries.people import in_hand
from s2s_portal.core import clock, kept_text, spoken
from s2s_portal.notifications.actions import inviting
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.actions.levers import ChangedMeanwhile
from s2s_portal.organisations.choices import Permission, Role
from s2s_portal.organisations.permissions import NotAllowed, requires
from s2s_portal.organisations.queries import accounts
from s2s_portal.organisations.queries.invitations import standings

HISTORY_COLUMNS = [{"label": label} for label in ("When", "What", "By")]
NEWEST = 25
"""Lines of the history that the page shows; the access log has the others."""


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """Somebody new with their roles, who gets an invitation by e-mail."""
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = AddForm(
        typed, zones=accounts.all_zones(), schools=accounts.provider_schools(), initial={"key": uuid.uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        made = _invite(request, form)
        if made.is_new:
            messages.success(request, f"{made.person} has been added, and is invited by e-mail.")
            return redirect("referrals:person_detail", made.person.pk)
        form.add_error("email", f"{made.person} is here already with this address. Find them in the list of people")
    context = {"form": form, "heading": "Add a person", "back_url": reverse("organisations:person_list")}
    return render(request, "referrals/person_add.html", context)


def _invite(request: HttpRequest, form: AddForm) -> inviting.Invited:
    told = form.cleaned_data
    who = {"key": told["key"], "email": told["email"], "full_name": told["full_name"], "held": form.held()}
    return inviting.invite(**who, by=request.user, at=request.at)


@requires(Permission.SEE_PEOPLE)
@never_cache
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who somebody is, what they do here, where they stand with signing in, and what an administrator can do."""
    person = person_or_404(pk)
    standing = standings([person], clock.real_now())[person.pk]
    history = accounts.history_of(person)[:NEWEST]
    context = {
        "person": person,
        "standing": standing,
        "rows": _facts(person, standing),
        "in_hand": in_hand(person, request.at).sentences,
        "is_self": person.pk == request.user.pk,
        "key": uuid.uuid4(),
        "columns": HISTORY_COLUMNS,
        "history": [[spoken.moment(row.at), _told(row), row.by_name or row.user_email] for row in history],
    }
    return render(request, "referrals/person_detail.html", context)


def _told(row: Any) -> dict[str, str]:
    return {"text": capfirst(row.what), "hint": f"“{row.reason}”" if row.reason else ""}


def _facts(person: Any, standing: Any) -> list[dict[str, str]]:
    rows = [{"key": "E-mail address", "value": person.email}]
    for one in person.memberships.all():
        zones = ", ".join(sorted(zone.name for zone in one.zones.all()))
        words = [f"Zones: {zones}" if zones else "No zone yet"] if one.role in access.ZONED_ROLES else []
        if one.role == Role.S2S_TEACHER:
            words.append(f"Own school: {one.home_school.display_name}" if one.home_school else "No own school yet")
        rows.append({"key": one.get_role_display(), "value": "\n".join(words) or "In the whole county"})
    if len(rows) == 1:
        rows.append({"key": "Roles", "value": "No role yet"})
    return [*rows, {"key": "Signs in", "value": "\n".join(filter(None, (standing.text, standing.hint)))}]


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Other roles, zones or another home school; what the person has in hand is named before."""
    person = other_or_refused(request, pk)
    held = person.memberships.all()
    now = accounts.held_in_words(held)
    offered = {"zones": accounts.all_zones(), "schools": accounts.provider_schools()}
    form = ChangeRolesForm(_typed_about(request, now), **offered, initial=answers_of(held), seen=now)
    if request.method == "POST" and form.is_valid() and _set_roles(request, person, form):
        return redirect("referrals:person_detail", pk)
    context = page_about(person, form, "Change roles and zones", request.at)
    return render(request, "referrals/person_change.html", context)


def _typed_about(request: HttpRequest, seen: str) -> QueryDict | None:
    """What was sent, or what was kept from before the session had ended: then about what is `seen` now."""
    if request.method == "POST":
        return request.POST
    kept = kept_text.take(request)
    if kept is not None:
        kept = kept.copy()
        kept["seen"] = seen
    return kept


def _set_roles(request: HttpRequest, person: Any, form: ChangeRolesForm) -> bool:
    """Whether the roles are as chosen now; if somebody else was first, the form says what there is."""
    told = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data["reason"]}
    try:
        changes, gone = leaving.set_roles(person=person, held=form.held(), **told, by=request.user, at=request.at)
    except ChangedMeanwhile as other:
        form.somebody_was_first(other.now, f"{other}. Press again to put yours in its place")
        return False
    done = "Roles and zones have been changed." if changes else "Nothing was different, so nothing has changed."
    messages.success(request, f"{person}: {done}{f' {gone.nobody_told}' if gone and gone.nobody_told else ''}")
    return True


def page_about(person: Any, form: Any, heading: str, at: datetime, **more: Any) -> dict[str, Any]:
    """The context of a page that changes something about somebody; `at` is the moment of the request."""
    shared = {"person": person, "form": form, "heading": heading, "caption": person.full_name}
    back_url = reverse("referrals:person_detail", args=[person.pk])
    return shared | {"back_url": back_url, "in_hand": in_hand(person, at).sentences} | more


def person_or_404(pk: int) -> Any:
    """The person with this id; 404 for nobody and for the portal itself."""
    person = accounts.person_with(pk)
    if person is None:
        raise Http404
    return person


def other_or_refused(request: HttpRequest, pk: int) -> Any:
    """The person with this id; 403 with a sentence if it is the one who asks."""
    person = person_or_404(pk)
    if person.pk == request.user.pk:
        raise NotAllowed(access.NOT_YOURSELF)
    return person
