"""What sending a cohort costs, and who goes now (R5): the plan, and the check before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quotas.choices import Intake
from referrals.actions import cohort_schools
from referrals.choices import Plan
from referrals.documents.cohort_costs import cost_sentence, not_now_sentence
from referrals.documents.next_steps import how_places_are_given
from referrals.forms.cohort_plans import PlanForm, plan_of
from referrals.permissions import Asking
from referrals.queries import cohort_plans, cohorts
from referrals.queries.cohorts import Line
from referrals.queries.places import Places, places_now
from referrals.rules import cohorts as rules
from referrals.views.cohort_finding import gone, with_own_cohort
from s2s_portal.core import kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Stream
from s2s_portal.organisations.permissions import requires

LATER = "later"
"""The value of the button "Save and come back later"."""


@dataclass(frozen=True)
class Cost:
    """The places beside the schools that could be sent. `free`: those that somebody who comes now can have."""

    lines: list[Line]
    places: Places | None

    @property
    def open(self) -> bool:
        """Whether requests are taken now."""
        return self.places is not None and self.places.intake == Intake.OPEN

    @property
    def free(self) -> int:
        """The places to plan with; while nothing can be sent, places are no reason to wait."""
        return self.places.free if self.open and self.places else len(self.lines)

    @property
    def not_now(self) -> str:
        """What would happen to requests sent now, where none are taken."""
        if self.places is None:
            return not_now_sentence(intake=None)
        places = self.places
        return not_now_sentence(intake=places.intake, opens_on=places.opens_on, cut_off_on=places.cut_off_on)

    @property
    def sentence(self) -> str:
        """What the schools would use, with the numbers; "" without places or schools."""
        if self.places is None or not self.lines or not self.open:
            return ""
        places = self.places
        return cost_sentence(
            schools=len(self.lines), left=places.left, bought=places.bought, waiting=places.waiting, free=places.free
        )

    @property
    def problem(self) -> str:
        """Why what is planned cannot be sent as it is; "" if it can."""
        return rules.cannot_send((Plan(line.school.plan) for line in self.lines), free=self.free) or ""


def cost_of(request: HttpRequest, cohort: Any) -> Cost:
    """The cohort's schools without a request in the person's zones, and the places, as they are now."""
    lines = cohorts.lines_of(cohort, Asking(request.user), request.at)
    unsent = [line for line in lines if line.school.sent_edition is None]
    return Cost(unsent, places_now(stream=Stream.MAINSTREAM, at=request.at))


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_plan(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Choose which schools go now, which wait and in which order; what was chosen is kept even if it does not fit."""
    cost = cost_of(request, cohort)
    if request.method != "POST":
        kept = kept_text.take(request)
        form = PlanForm(cost.lines, free=cost.free, posted=kept)
        return _plan_page(request, cohort, cost, form, kept=bool(kept))
    form = PlanForm(cost.lines, free=cost.free, posted=request.POST)
    if form.errors:
        return _plan_page(request, cohort, cost, form)
    try:
        plans, order = form.plans(), form.order()
        cohort_schools.plan(cohort=cohort, plans=plans, order=order, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request)
    if request.POST.get("action") == LATER:
        messages.success(request, "The plan is saved. Nothing has been sent.")
        return redirect("referrals:cohort_detail", cohort.reference)
    return _onward(request, cohort)


def _onward(request: HttpRequest, cohort: Any) -> HttpResponse:
    """To the check, if what is saved now fits the places that are free now; else the same page says why not."""
    cost = cost_of(request, cohort)
    if not cost.problem:
        return redirect("referrals:cohort_check", cohort.reference)
    form = PlanForm(cost.lines, free=cost.free, posted=_as_sent(cost.lines))
    form.refuse(cost.problem)
    return _plan_page(request, cohort, cost, form)


def _as_sent(lines: Sequence[Line]) -> dict[str, str]:
    """What is saved, as the page would send it: it is shown as it is, and not as it would be suggested."""
    return {f"plan-{line.key}": line.school.plan for line in lines}


def _plan_page(request: HttpRequest, cohort: Any, cost: Cost, form: PlanForm, *, kept: bool = False) -> HttpResponse:
    context = {
        "cohort": cohort,
        "cost": cost,
        "plan": form,
        "kept": kept,
        "errors": form.errors,
        "now": request.at,
        "description_problems": cohorts.description_problems(cohort, london_date(request.at)),
        "elsewhere": cohort_plans.has_zones_of_others(cohort, request.user),
        "back_url": reverse("referrals:cohort_detail", args=[cohort.reference]),
    }
    return render(request, "referrals/cohort_plan.html", context)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_safe
@with_own_cohort
def cohort_check(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Exactly what sending does: who goes now, who waits as which number, who is left out; and what is said of each."""
    what = "read a whole cohort"
    audit.record(kind=AuditKind.READ, what=what, reference=cohort.reference, by=request.user)
    cost = cost_of(request, cohort)
    missing = [line for line in cost.lines if line.problems and line.school.plan != Plan.NOT_YET]
    description = cohorts.description_problems(cohort, london_date(request.at))
    context = {
        "cohort": cohort,
        "missing": missing,
        "description_problems": description,
        "can_send": not (cost.problem or missing or description),
        "description": cohort_plans.description_in_short(cohort),
        "children_text": _children(cohort, cost),
        "back_url": reverse("referrals:cohort_plan", args=[cohort.reference]),
    }
    return render(request, "referrals/cohort_check.html", context | _what_happens(cost))


def _what_happens(cost: Cost) -> dict[str, Any]:
    """Who goes, who waits as which number, who is left out, and what is left then: what the check shows of it."""
    now, wait, places = plan_of(cost.lines, Plan.NOW), plan_of(cost.lines, Plan.WAIT), cost.places
    return {
        "cost": cost,
        "going": now,
        "waiting": list(enumerate(wait, start=places.next_number if places else 1)),
        "left_out": plan_of(cost.lines, Plan.NOT_YET),
        "left_after": places.left - len(now) if places else 0,
        "again_text": _again([line for line in [*now, *wait] if line.others]),
        "how_given": how_places_are_given(places.cut_off_on, places.allocation_deadline_on) if places else "",
    }


def _children(cohort: Any, cost: Cost) -> str | None:
    """A warning where all schools of a cohort go for the first time and their children do not add up."""
    numbers = [line.school.children or 0 for line in cost.lines if line.school.plan != Plan.NOT_YET]
    if cohort.sent_at is not None or len(numbers) != cohort.school_count:
        return None
    return rules.children_warning(described=cohort.children, at_schools=sum(numbers))


def _again(lines: Sequence[Line]) -> str:
    """A warning that schools have a request of this period already; "" if none has."""
    names = ", ".join(line.school.establishment.display_name for line in lines)
    if not lines:
        return ""
    has = "has a request of this period" if len(lines) == 1 else "have requests of this period"
    return f"{names} already {has}. Sending makes another, which uses another place."
