"""Who gets what from Repairs; see tests/test_routes.py. Every list that is there has its rows by that alone."""

from typing import Any

from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.organisations.admin import repairs_site
from tests.factories.repairs import a_row_of_each

MODELS = list(repairs_site._registry)
FOR_ADMINISTRATORS = "403 403  403   403   403  200   403   302  302"
#: A page that only shows something takes no POST from anybody.
NOTHING_IS_SENT = "403 403  403   403   403  405   403   302  302"


def name_of(model: Any, page: str) -> str:
    """The route of a list (page "changelist"), of a single row ("change"), or of asking for work again ("again")."""
    return f"repairs:{model._meta.app_label}_{model._meta.model_name}_{page}"


LISTS = ["repairs:index", *(name_of(model, "changelist") for model in MODELS)]
ROWS = [name_of(model, "change") for model in MODELS]
ASKING = [name_of(model, "again") for model in (JobRun, JobRequest)]


def _table(rows: dict[str, str]) -> str:
    return "\n" + "\n".join(f"{name} {statuses}" for name, statuses in rows.items()) + "\n"


GET = _table(dict.fromkeys([*LISTS, *ROWS, *ASKING], FOR_ADMINISTRATORS))
POST = _table(dict.fromkeys([*LISTS, *ROWS], NOTHING_IS_SENT) | dict.fromkeys(ASKING, FOR_ADMINISTRATORS))


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    rows = a_row_of_each()
    return {name_of(model, "change"): {"object_id": rows[model].pk} for model in MODELS} | {
        name_of(model, "again"): {"pk": rows[model].pk} for model in (JobRun, JobRequest)
    }
