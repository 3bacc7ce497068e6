"""Types of need and sections of INDES: which can be chosen when, another label, an end, a new one, and the history."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.views.asking import typed
from referrals.actions import code_lists
from referrals.documents.code_lists import days_of, in_words, label_of, name_of
from referrals.forms.levers import EndForm, IndesSectionForm, LeverForm, NeedTypeForm, RelabelForm
from referrals.queries import levers
from referrals.rules.disclosure import Shown, suppressed
from referrals.views.lever_steps import Check, Lever, counted, history_page, or_404, pull, row
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission, ReferenceKind
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import reference

COLUMNS = [
    *({"label": label} for label in ("Code and label", "Can be chosen", "End")),
    {"label": "Open drafts", "numeric": True},
]
KEEPS = ["Requests that were sent keep the words they were sent with."]
COUNTED = "Dashboards go on counting requests that name it."
COUNTED_TOGETHER = (
    "Dashboards count requests before and after in one line, under the label of the day they are read for."
)


@dataclass(frozen=True)
class CodeList:
    """One list: what it is called, how it is read, added to and counted. `longest`: characters of a label."""

    slug: str
    kind: ReferenceKind
    one: str
    rows: Callable[[], Any]
    find: Callable[[int], Any]
    counts: Callable[[], Any]
    form: type[LeverForm]
    add: Callable[..., object]
    longest: int

    def drafts(self) -> dict[int, Shown]:
        """How many open drafts name each code, as shown to people who see no case (R16): each draft is a child."""
        counts = self.counts()
        codes = [code.pk for code in self.rows()]
        return dict(zip(codes, suppressed([counts[pk] for pk in codes]), strict=True))

    @property
    def url(self) -> str:
        """The page of the list."""
        return reverse("referrals:lever_codes", args=[self.slug])


_NEEDS = (levers.need_types, levers.need_type, levers.drafts_by_need, NeedTypeForm, code_lists.add_need_type, 100)
_INDES = (
    *(levers.indes_sections, levers.indes_section, levers.drafts_by_indes),
    *(IndesSectionForm, code_lists.add_indes_section, 150),
)
LISTS = {
    one.slug: one
    for one in (
        CodeList("types-of-need", ReferenceKind.NEED_TYPE, "type of need", *_NEEDS),
        CodeList("indes", ReferenceKind.INDES_SECTION, "section of INDES", *_INDES),
    )
}


@requires(Permission.CHANGE_SETTINGS)
@require_safe
def code_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every code of a list with its days, and how many open drafts name it, unless they are few (R16)."""
    one = or_404(LISTS.get(slug))
    drafts = one.drafts()
    context = {
        "list": one,
        "heading": one.kind.label,
        "columns": COLUMNS,
        "rows": [_row(one, code, drafts[code.pk], london_date(request.at)) for code in one.rows()],
    }
    context |= history_page(request, reference.history_of([one.kind]))
    return render(request, "referrals/lever_codes.html", context)


def _row(list_: CodeList, code: Any, drafts: Shown, today: Any) -> list[Any]:
    state = "Not yet" if code.valid_from > today else "No longer" if code.valid_to and code.valid_to < today else ""
    return [
        {"text": name_of(code), "url": reverse("referrals:lever_code_label", args=[list_.slug, code.pk])},
        {"text": capfirst(days_of(code)), "hint": state},
        {
            "text": "Set its end",
            "about": str(code),
            "url": reverse("referrals:lever_code_end", args=[list_.slug, code.pk]),
        },
        drafts if isinstance(drafts, int) else drafts.value,
    ]


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new code of a list."""
    one = or_404(LISTS.get(slug))
    lever = Lever(
        heading=f"Add a {one.one}",
        back_url=one.url,
        check=partial(_check_add, one),
        save=lambda form, key: one.add(**_answers(form), key=key, by=request.user, at=request.at),
        done=lambda form: f"The {one.one} has been added.",
    )
    return pull(request, one.form(typed(request)), lever)


def _answers(form: LeverForm) -> dict[str, Any]:
    """What was typed, but for `seen`, which nothing new needs."""
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}


def _check_add(one: CodeList, form: LeverForm) -> Check:
    given = form.cleaned_data
    label = given.get("label") or given["title"]
    day = spoken.day(given["valid_from"])
    return Check(
        heading=f"Add this {one.one}?",
        confirm="Add it",
        rows=[
            row("Label", label),
            row("Code" if "code" in given else "Number", str(given.get("code") or given["number"])),
            *([row("Scale", f"{given['version']}, levels 1 to {given['top_level']}")] if "version" in given else []),
            row("Can be chosen", f"From {day}"),
        ],
        does=[f"From {day} every draft and every new request can name it."],
        keeps=["Requests that were sent stay as they are."],
    )


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_label(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another label of a code from a day on: it ends, and one of the same code follows."""
    one, code = _found(slug, pk)
    form = RelabelForm(typed(request), longest=one.longest, seen=in_words(code), initial={"label": label_of(code)})
    lever = Lever(
        heading=f"Change what this {one.one} is called",
        back_url=one.url,
        check=partial(_check_label, one, code),
        save=lambda form, key: code_lists.relabel(
            code=code, **form.cleaned_data, key=key, by=request.user, at=request.at
        ),
        done=lambda form: (
            f"From {spoken.day(form.cleaned_data['from_day'])} it is called “{form.cleaned_data['label']}”."
        ),
        context={"rows": _now_rows(code)},
    )
    return pull(request, form, lever)


def _check_label(one: CodeList, code: Any, form: RelabelForm) -> Check:
    given, drafts = form.cleaned_data, one.drafts()[code.pk]
    day = spoken.day(given["from_day"])
    does = [
        f"From {day} drafts and new requests choose “{given['label']}”; the label until then can no longer be chosen."
    ]
    if drafts:
        does.append(_drafts(drafts, f"before {day}"))
    if one.kind == ReferenceKind.NEED_TYPE:
        does.append("Teachers who know it well are listed as knowing the one that follows.")
    return Check(
        heading=f"Change what this {one.one} is called?",
        confirm="Change the label",
        rows=[row("Until then", name_of(code)), row(f"From {day}", given["label"])],
        does=does,
        keeps=[*KEEPS, COUNTED_TOGETHER] if one.kind == ReferenceKind.NEED_TYPE else KEEPS,
    )


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The last day on which a code can be chosen, or none."""
    one, code = _found(slug, pk)
    form = EndForm(typed(request), seen=in_words(code), initial={"last_day": code.valid_to})
    lever = Lever(
        heading=f"When does this {one.one} end?",
        back_url=one.url,
        check=partial(_check_end, one, code),
        save=lambda form, key: code_lists.end(code=code, **form.cleaned_data, key=key, by=request.user, at=request.at),
        done=partial(_ended, code),
        context={"rows": _now_rows(code)},
    )
    return pull(request, form, lever)


def _ended(code: Any, form: EndForm) -> str:
    last_day = form.cleaned_data["last_day"]
    name = name_of(code)
    return f"{name}: the last day is {spoken.day(last_day)}." if last_day else f"{name} has no end now."


def _check_end(one: CodeList, code: Any, form: EndForm) -> Check:
    last_day, drafts = form.cleaned_data["last_day"], one.drafts()[code.pk]
    until = f"Until {spoken.day(last_day)}, that day included" if last_day else "Without an end"
    does = [f"After {spoken.day(last_day)} no request can name it." if last_day else "It can be chosen without an end."]
    if last_day and drafts:
        does.append(_drafts(drafts, "by then"))
    return Check(
        heading=f"End this {one.one}?" if last_day else f"Let this {one.one} have no end?",
        confirm="Set its last day" if last_day else "Take its end away",
        rows=[row("Which", name_of(code)), row("Can be chosen now", capfirst(days_of(code))), row("Afterwards", until)],
        does=does,
        keeps=[*KEEPS, COUNTED] if one.kind == ReferenceKind.NEED_TYPE else KEEPS,
    )


def _drafts(count: Shown, when: str) -> str:
    """What becomes of the drafts that name a code which can no longer be chosen; a hidden number is not hinted at."""
    who = f"{counted(count, 'open draft')} name it" if isinstance(count, int) else "Open drafts may name it"
    return f"{who}: what is not sent {when} needs another choice before it can be."


def _found(slug: str, pk: int) -> tuple[CodeList, Any]:
    one = or_404(LISTS.get(slug))
    return one, or_404(one.find(pk))


def _now_rows(code: Any) -> list[dict[str, str]]:
    return [row("Which", name_of(code)), row("Can be chosen", capfirst(days_of(code)))]
