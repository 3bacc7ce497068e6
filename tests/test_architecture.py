"""The shape of the code, where no linter can see it: keys, routes, tables, sizes. ENGINEERING §1, STYLE §4.2.

Each of these tests was seen to fail on a planted fault. A new route or table has to be put on one of the lists below:
that is the point of them.
"""

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("s2s_portal", "quotas", "referrals")
LONGEST_MODULE = 300

#: Pages that anybody may open without signing in. Each is here on purpose.
PUBLIC_ROUTES = {
    "",  # the start page: what S2S is, and the route to it
    "accounts/login/",
    "accounts/logout/",
    "accounts/inactive/",
    "health/live",
    "link/<str:token>/",  # signed links, for contacts without an account
    "choose-password/<uuid:key>/",  # opens only to a browser that had the link of an invitation
    "schools-and-settings/times/<uuid:key>/",
    "schools-and-settings/visits/<uuid:key>/",
    "schools-and-settings/visits/<uuid:key>/visit.ics",
    "schools-and-settings/records/<uuid:key>/",  # opens only to a browser that had the link
    "health/ready",
    "components/",  # 404 unless S2S_DEMO=1 or DEBUG=1
    "demo/",  # 404 unless S2S_DEMO=1
    "demo/sign-in/",
}
#: Pages about one's own account, from allauth: signed in is all that is needed, and no permission of ours is.
OWN_ACCOUNT_ROUTES = {
    "accounts/reauthenticate/",
    "accounts/password/change/",
}

#: Tables whose rows are only ever added; the database refuses an UPDATE of them.
APPEND_ONLY = {
    "organisations.AuditEvent",
    "organisations.AccessReason",
    "organisations.EditableText",
    "organisations.ReferenceChange",
    "oversight.IssuedReport",
    "quotas.DatesChange",
    "quotas.LedgerEntry",
    "quotas.FeeRule",
    "referrals.DeadlineAccount",
    "referrals.Decision",
    "referrals.ReconciliationRun",
    "referrals.ReferralEvent",
    "referrals.Reminder",
    "referrals.ServiceStandards",
    "referrals.StandardsTakenBack",
    "referrals.ContactAttempt",
    "referrals.Closing",
    "referrals.GoalOutcome",
    "referrals.BookingChange",
    "referrals.Visit",
    "referrals.VisitRecord",
    "referrals.Addendum",
    "referrals.Retraction",
    "referrals.AgreedAction",
    "referrals.AgreedActionResult",
    "referrals.Attachment",
    "referrals.OfferedTime",
    "referrals.RecordConfirmation",
}
#: Tables whose rows change.
CHANGING = {
    "core.RehearsalClock",
    "organisations.Zone",
    "organisations.EstablishmentKind",
    "organisations.ComingMeaning",
    "organisations.ImportRun",
    "organisations.ProposedChange",
    "organisations.RegisterUpload",
    "organisations.RegisterChange",
    "organisations.SignedLink",
    "organisations.Establishment",
    "organisations.ContactPerson",
    "organisations.User",
    "organisations.Membership",
    "organisations.Term",
    "organisations.BankHoliday",
    "organisations.Closure",
    "organisations.WorkingWeek",
    "organisations.Leave",
    "organisations.JourneyTime",
    "notifications.Notification",
    "notifications.Preference",
    "jobs.JobRun",
    "jobs.JobRequest",
    "jobs.Heartbeat",
    "quotas.Contract",
    "quotas.Period",
    "quotas.Quota",
    "quotas.QuotaAlert",
    "referrals.NeedType",
    "referrals.IndesSection",
    "referrals.ReferenceCounter",
    "referrals.DraftReferral",
    "referrals.DraftSection",
    "referrals.Referral",
    "referrals.Goal",
    "referrals.Rollover",
    "referrals.RolloverLine",
    "referrals.SupportWanted",
    "referrals.Cohort",
    "referrals.CohortSchool",
    "referrals.CohortChild",
    "referrals.CohortFileRow",
    "referrals.Specialism",
    "referrals.Cover",
    "referrals.Booking",
    "referrals.BookingTeacher",
    "referrals.BookingFlag",
    "referrals.Offer",
    "referrals.RecordDraft",
    "referrals.RecordAnswer",
}

#: Parts of an app that stand below its views, tasks, delivery and commands, and so never read the clock.
WITHOUT_CLOCK = (
    *("forms", "exports", "reminders", "importers", "actions", "queries", "permissions", "documents"),
    *("models", "rules", "choices"),
)


def contracts() -> dict[str, dict]:
    """The import-linter contracts of pyproject.toml by the first word of their names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"].split()[0]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def storeys() -> dict[str, int]:
    """The height of each package of the floor plan; the ground floor, core, is 0."""
    layers = [layer.strip("()") for layer in reversed(contracts()["Floor"]["layers"])]
    return {name.strip(): height for height, layer in enumerate(layers) for name in layer.split("|")}


def our_models() -> list[type[models.Model]]:
    """The models of our own apps, without the tables Django makes for many-to-many fields."""
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in PACKAGES]


def our_sources() -> list[Path]:
    """Our Python modules, without migrations, which Django writes."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def our_keys() -> Iterator[tuple[models.Field, int, int]]:
    """Each key from a table of ours to another of ours, with the heights of where it starts and where it points."""
    heights = storeys()
    for model in our_models():
        fields = [*model._meta.get_fields(), *model._meta.private_fields]
        for field in fields:
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None or target not in our_models():
                continue
            yield field, heights[model._meta.app_config.name], heights[target._meta.app_config.name]


def routes() -> Iterator[tuple[str, Callable]]:
    """Every route of the site: its pattern, from the root, and its view."""

    def walk(patterns: list, before: str) -> Iterator[tuple[str, Callable]]:
        for entry in patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield route, entry.callback
            else:
                yield from walk(entry.url_patterns, route)

    return walk(get_resolver().url_patterns, "")


def test_every_app_of_ours_has_a_storey():
    names = {config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    assert names
    assert names <= storeys().keys()


def test_no_key_points_up():
    keys = list(our_keys())
    assert len(keys) > 20
    assert [str(field) for field, start, end in keys if end > start] == []


def test_a_lower_storey_cannot_look_up_through_a_reverse_name():
    across = [field for field, start, end in our_keys() if end < start]
    assert across
    assert [str(field) for field in across if not field.remote_field.hidden] == []


def test_no_key_may_point_anywhere():
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.private_fields
        if type(field).__name__ == "GenericForeignKey"
    ]
    assert generic == []


def test_every_route_is_public_on_purpose_or_asks_for_a_permission():
    public, own_account, unguarded = set(), set(), []
    for route, view in routes():
        if getattr(view, "login_required", True) is False:
            public.add(route)
        elif route in OWN_ACCOUNT_ROUTES:
            own_account.add(route)
        elif getattr(view, "required_permission", None) is None:
            unguarded.append(route)
    assert unguarded == []
    assert public == PUBLIC_ROUTES
    assert own_account == OWN_ACCOUNT_ROUTES


def test_a_public_page_does_not_ask_for_a_permission():
    both = [route for route, view in routes() if route in PUBLIC_ROUTES and hasattr(view, "required_permission")]
    assert both == []


def test_every_table_is_listed_as_append_only_or_changing():
    assert not APPEND_ONLY & CHANGING
    assert {model._meta.label for model in our_models()} == APPEND_ONLY | CHANGING


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_database_itself_keeps_append_only_tables():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%append_only'")
        else:
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%append_only'")
        kept = {table for (table,) in cursor.fetchall()}
    assert kept == {apps.get_model(label)._meta.db_table for label in APPEND_ONLY}


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_moment_and_its_person_are_both_known_or_both_unknown():
    faults = []
    for model in our_models():
        fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
        conditions = " ".join(
            str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)
        )
        for name, moment in fields.items():
            person = fields.get(name.removesuffix("_at") + "_by") if name.endswith("_at") else None
            if person is None:
                continue
            checked = f"'{moment.name}" in conditions and f"'{person.name}" in conditions
            if moment.null != person.null or (moment.null and not checked):
                faults.append(f"{model._meta.label}: {moment.name}, {person.name}")
    assert faults == []


def test_no_module_is_longer_than_a_person_reads_at_once():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in our_sources()}
    assert len(lengths) > 30
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_import_hides_inside_a_function():
    hidden = []
    for path in our_sources():
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                hidden += [f"{path.relative_to(ROOT)}:{node.lineno}" for node in inner]
    assert hidden == []


def modules_called(*names: str) -> set[str]:
    """The modules and packages of these names directly inside our apps, such as `quotas.rules`."""
    found = {config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    places = {app: ROOT.joinpath(*app.split(".")) for app in found - {"s2s_portal.core"}}
    return {
        f"{app}.{name}"
        for app, place in places.items()
        for name in names
        if (place / f"{name}.py").exists() or (place / name / "__init__.py").exists()
    }


def test_the_clock_rule_forgets_no_module():
    # The demo keeps the practice date, so its action moves the clock.
    below = {name for name in modules_called(*WITHOUT_CLOCK) if not name.startswith("s2s_portal.demo.")}
    assert below - set(contracts()["The"]["source_modules"]) == set()


def test_the_rule_for_views_and_tasks_forgets_no_module():
    assert modules_called("views", "tasks") - set(contracts()["Views"]["source_modules"]) == set()
    assert modules_called("models") - set(contracts()["Views"]["forbidden_modules"]) == set()


def test_the_rule_for_rules_forgets_no_module():
    assert modules_called("rules") - set(contracts()["Rules"]["source_modules"]) == set()
