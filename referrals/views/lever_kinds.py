"""What the registers' kinds of school and setting mean for S2S: the table kind → stream (DESIGN §3), its history."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import typed
from referrals.forms.levers import KindForm, RemoveForm
from referrals.queries import levers
from referrals.views.lever_steps import Check, Lever, counted, history_page, or_404, pull, row
from s2s_portal.core import spoken
from s2s_portal.organisations.actions.kinds import NO_MORE, set_eligibility, take_meaning_back
from s2s_portal.organisations.choices import Eligibility, Permission, ReferenceKind, Source, Stream
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import reference

COLUMNS = [
    *({"label": label} for label in ("Kind", "Means for S2S")),
    *({"label": label, "numeric": True} for label in ("Open schools and settings", "Open drafts")),
]


@requires(Permission.MANAGE_REFERENCE)
@require_safe
def kind_list(request: HttpRequest) -> HttpResponse:
    """Every kind by register, what it means, and how many open establishments and drafts are of it."""
    drafts = levers.drafts_by_kind()
    rows: dict[str, list[Any]] = {}
    for kind in reference.kinds():
        rows.setdefault(kind.source, []).append(_row(kind, drafts[kind.pk]))
    context = {"registers": [{"title": Source(source).label, "rows": found} for source, found in rows.items()]}
    context |= {"columns": COLUMNS} | history_page(request, reference.history_of([ReferenceKind.KIND]))
    return render(request, "referrals/lever_kinds.html", context)


def _row(kind: Any, drafts: int) -> list[Any]:
    address = reverse("referrals:lever_kind", args=[kind.pk])
    means = {"text": kind.get_eligibility_display(), "hint": _coming_in_short(kind)}
    return [{"text": kind.name, "url": address}, means, f"{kind.open:,}", f"{drafts:,}"]


def _coming_in_short(kind: Any) -> str:
    """What it is to mean, and from when; "" for no change that waits."""
    coming = getattr(kind, "coming", None)
    return f"From {spoken.day(coming.from_day)}: {coming.get_eligibility_display().lower()}" if coming else ""


@requires(Permission.MANAGE_REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kind_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another meaning of one kind; while a change waits for its day there is no form, but what was typed is kept."""
    kind = or_404(reference.kind(pk))
    seen = kind.get_eligibility_display()
    form = KindForm(typed(request), seen=seen, initial={"eligibility": kind.eligibility})
    lever = Lever(
        heading=f"What does “{kind.name}” mean for S2S?",
        caption=kind.get_source_display(),
        back_url=reverse("referrals:lever_kinds"),
        check=partial(_check, kind),
        save=lambda form, key: set_eligibility(kind=kind, **form.cleaned_data, key=key, by=request.user, at=request.at),
        done=lambda form: f"{kind.name}: {_wanted(form).label.lower()} from {_when(form, 'now on')}.",
        template="referrals/lever_kind.html",
        context=_context(kind, form),
    )
    return pull(request, form, lever)


def _context(kind: Any, form: KindForm) -> dict[str, Any]:
    coming = getattr(kind, "coming", None)
    rows = [row("Means for S2S", kind.get_eligibility_display()), row("Open schools and settings", f"{kind.open:,}")]
    if coming:
        rows.append(row(f"From {spoken.day(coming.from_day)}", coming.get_eligibility_display()))
    return {"rows": rows, "coming": coming, "form": form if form.is_bound or not coming else None}


def _wanted(form: KindForm) -> Eligibility:
    return Eligibility(form.cleaned_data["eligibility"])


def _when(form: KindForm, now: str) -> str:
    day = form.cleaned_data["from_day"]
    return spoken.day(day) if day else now


@requires(Permission.MANAGE_REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kind_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Why what a kind was to mean from a day on is not to come; once it does not, back to the list, which says so."""
    coming = reference.coming_meaning(pk)
    if coming is None:
        messages.info(request, f"{NO_MORE}.")
        return redirect("referrals:lever_kinds")
    kind = coming.kind
    day, means = spoken.day(coming.from_day), kind.get_eligibility_display()
    lever = Lever(
        heading=f"Take back the change from {day}",
        caption=str(kind),
        back_url=reverse("referrals:lever_kind", args=[kind.pk]),
        check=lambda form: Check(
            heading=f"Take back the change from {day}?",
            confirm="Take this change back",
            rows=[
                row(f"“{kind.name}” was to mean", coming.get_eligibility_display()),
                row("It goes on to mean", means),
            ],
            keeps=["Nothing has changed yet, and nothing will. The change stays in the history."],
        ),
        save=lambda form, key: take_meaning_back(
            coming=coming, reason=form.cleaned_data["reason"], key=key, by=request.user, at=request.at
        ),
        done=lambda form: f"The change from {day} has been taken back.",
        context={"rows": [row("Means now", means), row(f"From {day}", coming.get_eligibility_display())]},
    )
    return pull(request, RemoveForm(typed(request)), lever)


def _check(kind: Any, form: KindForm) -> Check:
    wanted, use, later = _wanted(form), levers.kind_use(kind), form.cleaned_data["from_day"]
    number = counted(kind.open, "open school or setting", "open schools and settings")
    does = [
        f"{number} of this kind: {_means(wanted)}",
        *(_drafts(Stream(stream), count, wanted) for stream, count in sorted(use.drafts.items())),
    ]
    return Check(
        heading=f"Change what “{kind.name}” means from {_when(form, 'now on')}?",
        confirm="Change what it means",
        rows=[row("Now", kind.get_eligibility_display()), row(f"From {_when(form, 'now on')}", wanted.label)],
        does=does,
        forecast=later is not None,
        keeps=[
            f"Requests keep the stream they were sent under: {counted(use.requests, 'open request')} of this kind.",
            "Places that were used stay used.",
        ],
    )


def _means(wanted: Eligibility) -> str:
    if wanted in Stream.values:
        return f"new requests use {Stream(wanted).label} places."
    return "no new request can be made for them."


def _drafts(stream: Stream, count: int, wanted: Eligibility) -> str:
    """What becomes of the drafts of one stream: each is judged anew when it is next opened."""
    drafts = counted(count, f"open {stream.label} draft")
    if wanted == stream:
        return f"{drafts} can be sent again."
    return (
        f"{drafts} can no longer be sent: the setting’s section says so, and the adviser chooses another or deletes it."
    )
