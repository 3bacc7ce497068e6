"""A cohort of forty sent in one step, against one request: the whole of both, from the POST to its answer."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.models import Cohort, Referral
from s2s_portal.organisations.choices import Role
from tests.bench.big import Case
from tests.bench.heavy import Measured
from tests.factories.cohorts import ready_cohort
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import filled_draft

SCHOOLS = 40
ROUNDS = 5
ONE_MORE_FOR_EACH = 8
"""Tables that a sending writes: on SQLite each may take a second statement for more than 30 rows (999 parameters)."""
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def cohort_rows(case: Case, milliseconds: Callable[..., list[float]]) -> Iterator[Measured]:
    """Forty requests of a cohort in the time of so many single ones, and how many more statements that takes."""
    zone = case.adviser.memberships.get().zones.order_by("pk")[0]
    adviser = person(Role.SEND_ADVISER, zones=[zone])
    schools = [EstablishmentFactory(school=True, zone=zone) for _ in range(SCHOOLS)]
    client = Client()
    client.force_login(adviser)
    cohorts = iter([ready_cohort(schools, by=adviser) for _ in range(ROUNDS + 3)])
    drafts = iter([filled_draft(schools[0], by=adviser) for _ in range(ROUNDS + 3)])
    before = Referral.objects.count()
    forty, one = milliseconds(
        lambda: _send(client, next(cohorts)), lambda: _submit(client, next(drafts)), rounds=ROUNDS
    )
    if Referral.objects.count() - before != (SCHOOLS + 1) * (ROUNDS + 3):
        raise RuntimeError("not every school and every draft became a request")
    yield f"cohort of {SCHOOLS} / one submission ({forty:.1f} ms, {one:.1f})", forty / one, 10, "×", False
    statements = [_statements(client, ready_cohort(some, by=adviser)) for some in (schools[:1], schools)]
    more = 0 if connection.vendor == "postgresql" else ONE_MORE_FOR_EACH
    words = f"cohort of {SCHOOLS}: more statements than of 1 ({statements[1]}, {statements[0]})"
    yield words, statements[1] - statements[0], more, "", False


def _send(client: Client, cohort: Cohort) -> None:
    url = reverse("referrals:cohort_send", args=[cohort.reference])
    answer = client.post(url, {"edition": cohort.edition})
    if answer.status_code != 302 or "/sent/" not in answer["location"]:
        raise RuntimeError(f"{url} answered {answer.status_code}")


def _submit(client: Client, draft: object) -> None:
    url = reverse("referrals:draft_submit", args=[draft.key])
    answer = client.post(url, {"edition": draft.edition})
    if answer.status_code != 302 or "/sent/" not in answer["location"]:
        raise RuntimeError(f"{url} answered {answer.status_code}")


def _statements(client: Client, cohort: Cohort) -> int:
    with CaptureQueriesContext(connection) as caught:
        _send(client, cohort)
    return sum(not query["sql"].startswith(CONTROL) for query in caught.captured_queries)
