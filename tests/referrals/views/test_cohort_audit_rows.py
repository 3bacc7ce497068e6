"""Which audit rows the pages of cohorts leave: a page that shows what was written of a cohort leaves one (R18)."""

import pytest
from django.test import Client
from django.urls import reverse

from referrals.actions import cohort_schools
from referrals.models import Cohort, CohortSchool
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import child_answers, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
READ, WRITE = AuditKind.READ, AuditKind.WRITE

#: What opening each page leaves, all of it under the cohort's reference; None: it shows nothing that was written of it.
OPENED = {
    "cohort_list": None,
    "cohort_start": None,
    "cohort_detail": "cohort page",
    "cohort_describe": None,  # leads on to the first part that lacks something
    "cohort_describe_part": "read group of a cohort",
    "cohort_school": "read its school {urn}",
    "cohort_school_remove": None,
    "cohort_child_add": "naming a child",
    "cohort_child_remove": "removing a child’s name",
    "cohort_copy": None,
    "cohort_withdraw": "withdrawing a cohort",
    "cohort_delete": None,
    "cohort_choose": None,
    "cohort_file": None,
    "cohort_template": None,
    "cohort_review": "read the list of schools of a cohort",
    "cohort_plan": None,
    "cohort_check": "read a whole cohort",
    "cohort_send": None,  # leads back to the check
    "cohort_sent": None,
    "cohort_refused": None,
}
#: What pressing each page's button without answering anything leaves. Answers that are missing show the page again;
#: where nothing has to be answered, it is done.
PRESSED = {
    "cohort_start": None,
    "cohort_describe_part": (READ, "read group of a cohort"),
    "cohort_school": (READ, "read its school {urn}"),
    "cohort_school_remove": (WRITE, "took a school off it"),
    "cohort_child_add": (READ, "naming a child"),
    "cohort_child_remove": (WRITE, "took a child’s name off"),
    "cohort_copy": None,
    "cohort_withdraw": (READ, "withdrawing a cohort"),
    "cohort_delete": (WRITE, "deleted a cohort"),
    "cohort_choose": None,
    "cohort_file": None,
    "cohort_review": (READ, "read the list of schools of a cohort"),
    "cohort_plan": None,
    "cohort_send": None,
}


@pytest.fixture
def adviser():
    return person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Reedham Reach")])


@pytest.fixture
def addresses(adviser) -> dict[str, str]:
    """The address of every page of a cohort; what is deleted or named is of one that was not sent."""
    period_with_places(mainstream=9, by=person(Role.COMMISSIONER))
    zone = adviser.memberships.get().zones.get()
    schools = [EstablishmentFactory(school=True, zone=zone) for _ in range(3)]
    unsent = ready_cohort(schools, by=adviser, names_reason="S2S has to know who it is.")
    line = CohortSchool.objects.filter(cohort=unsent).order_by("position")[0]
    child = cohort_schools.name_child(school=line, answers=child_answers(), by=adviser, at=AT)
    sent = ready_cohort(schools, by=adviser)
    [decision, *_] = send(sent, by=adviser, at=FIRST_MOMENT_TOO_LATE).decisions
    edition = send(sent, by=adviser).edition
    one, school = {"reference": unsent.reference}, {"reference": unsent.reference, "key": line.key}
    about = {
        "cohort_list": {},
        "cohort_start": {},
        "cohort_describe_part": one | {"part": "group"},
        **dict.fromkeys(("cohort_school", "cohort_school_remove", "cohort_child_add"), school),
        "cohort_child_remove": school | {"child": child.pk},
        "cohort_sent": {"reference": sent.reference, "edition": edition},
        "cohort_refused": {"reference": sent.reference, "decision": decision.reference},
    }
    return {page: reverse(f"referrals:{page}", kwargs=about.get(page, one)) for page in OPENED}


def rows_left(before: set[int]) -> list[tuple[str, str, str, int]]:
    """The audit rows that are not in `before`: of what kind, what, under which reference, by whom."""
    rows = AuditEvent.objects.exclude(pk__in=before).order_by("pk")
    return list(rows.values_list("kind", "what", "reference", "user_id"))


def known() -> set[int]:
    return set(AuditEvent.objects.values_list("pk", flat=True))


def named(what: str) -> str:
    line = CohortSchool.objects.order_by("cohort", "position").select_related("establishment")[0]
    return what.format(urn=line.establishment.urn)


@pytest.mark.parametrize("name", OPENED)
def test_what_opening_a_page_leaves(name, addresses, adviser, client: Client):
    client.force_login(adviser)
    reference = Cohort.objects.order_by("pk")[0].reference
    before, what = known(), OPENED[name]
    answer = client.get(addresses[name])
    assert answer.status_code in (200, 302)
    assert rows_left(before) == ([(READ, named(what), reference, adviser.pk)] if what else [])
    told = answer.content.decode()
    shows = [words for words in ("O’Tasburgh", "Four schools report", "Small groups twice a week") if words in told]
    assert not shows or what


@pytest.mark.parametrize("name", PRESSED)
def test_what_pressing_a_button_leaves(name, addresses, adviser, client: Client):
    client.force_login(adviser)
    reference = Cohort.objects.order_by("pk")[0].reference
    expected = [(PRESSED[name][0], named(PRESSED[name][1]), reference, adviser.pk)] if PRESSED[name] else []
    before = known()
    assert client.post(addresses[name]).status_code in (200, 302)
    assert rows_left(before) == expected
