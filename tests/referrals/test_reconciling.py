"""The nightly comparison: nothing to say of what real actions made, and each tampering found and named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from quotas.models import LedgerEntry
from referrals import tasks
from referrals.actions import reconciling, withdrawing
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import ReconciliationRun, Referral
from referrals.queries.reconciling import differences
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import sent_request, waiting_request
from tests.factories.support import in_status
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NIGHT = AT.replace(day=27, hour=3, minute=0)


@pytest.fixture
def giver():
    return commissioner()


@pytest.fixture
def period(giver):
    return period_with_places(early_years=4, by=giver)


@pytest.fixture
def adviser(period):
    return person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[ZoneFactory()])


@pytest.fixture
def requests(adviser):
    """Four requests that hold the quota's places, one of them under way, and one that waits."""
    sent = [sent_request(somewhere(adviser), by=adviser) for _ in range(4)]
    waiting_request(somewhere(adviser), by=adviser)
    in_status(sent[0], Status.SUPPORTING)
    return sent


def somewhere(adviser):
    return EstablishmentFactory(zone=adviser.memberships.first().zones.get())


def tampered(model, pk, **values):
    """Write past Django, past triggers: what only a mistake or somebody with the database's password could do."""
    table = model._meta.db_table
    columns = ", ".join(f"{column} = %s" for column in values)
    drop, again = (
        (f"ALTER TABLE {table} DISABLE TRIGGER USER", f"ALTER TABLE {table} ENABLE TRIGGER USER")
        if connection.vendor == "postgresql"
        else (f"DROP TRIGGER IF EXISTS {table}_append_only", "")
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(drop)
        cursor.execute(f"UPDATE {table} SET {columns} WHERE id = %s", [*values.values(), pk])
        if again:
            cursor.execute(again)


def found():
    return {(one.reference, one.words) for one in differences()}


def test_what_real_actions_made_agrees(requests, adviser, period):
    withdrawing.withdraw(referral=requests[1], reason=WithdrawReason.OTHER, note="Moved", by=adviser, at=AT)
    assert tasks.reconcile(Run(at=NIGHT)) == ""
    run = ReconciliationRun.objects.get()
    assert (run.count, run.differences, run.quotas, run.requests) == (0, [], 2, 5)
    assert run.lines == LedgerEntry.objects.count()
    assert not Notification.objects.filter(kind=Kind.LEDGER_DIFFERS).exists()


def test_a_line_that_is_not_the_sum_is_named(requests, period):
    last = quota_of(period).entries.order_by("-seq").first()
    tampered(LedgerEntry, last.pk, left_after=3)
    assert found() == {("early years, line 5", "says 3 left, but the lines up to it come to 0.")}


def test_a_line_of_another_request_is_named_from_both_sides(requests):
    first = requests[1]
    tampered(LedgerEntry, first.place_id, reference="EY-9ZZZ-9Z")
    assert found() == {
        (
            first.reference,
            "holds a place by a line that is not a live one of its own: "
            "early years, line 3 (Used by a request, EY-9ZZZ-9Z).",
        )
    }


#: The database itself refuses such a row; somebody has taken its promise away. PostgreSQL gives it back with the test.
NO_CHECKS = {
    "sqlite": ["PRAGMA ignore_check_constraints = ON"],
    "postgresql": [
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE referrals_referral DROP CONSTRAINT referrals_referral_sent_ones_hold_a_place",
    ],
}


def test_a_draw_that_no_request_holds_is_named(requests):
    first = requests[1]
    with connection.cursor() as cursor:
        for statement in NO_CHECKS[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE referrals_referral SET place_id = NULL WHERE id = %s", [first.pk])
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert found() == {
        (first.reference, "is named by a live line that no request holds: early years, line 3."),
        (first.reference, "is “Sent to S2S” and holds no place."),
    }


def test_a_request_of_a_cohort_that_is_none_of_its_schools_is_named(adviser, period):
    zone = adviser.memberships.get(role=Role.SEND_ADVISER).zones.get()
    cohort = ready_cohort([EstablishmentFactory(school=True, zone=zone) for _ in range(2)], by=adviser)
    send(planned(cohort, Plan.NOW, Plan.NOW, by=adviser), by=adviser)
    assert found() == set()
    one = Referral.objects.filter(cohort__isnull=False).order_by("pk").first()
    Referral.objects.filter(pk=one.pk).update(submission_key="5d0c1d3e-6a5d-4f3c-9d3b-0f1f4f8a7e11")
    named = found()
    assert {reference for reference, _words in named} == {cohort.reference, one.reference}
    assert len(named) == 2


def test_people_are_told_once_a_night_and_the_page_names_each(requests, period, giver, client):
    administrator = person(Role.ADMINISTRATOR)
    tampered(LedgerEntry, requests[1].place_id, reference="EY-9ZZZ-9Z")
    assert tasks.reconcile(Run(at=NIGHT)) == "1 differences"
    tasks.reconcile(Run(at=NIGHT))
    tasks.reconcile(Run(at=NIGHT + timedelta(minutes=5)))
    told = Notification.objects.filter(kind=Kind.LEDGER_DIFFERS)
    assert sorted(told.values_list("to_email", flat=True)) == sorted([giver.email, administrator.email])
    for who in (giver, administrator):
        client.force_login(who)
        page = client.get(reverse("referrals:reconciliation")).content.decode()
        assert "1 difference<" in page
        assert requests[1].reference in page
        assert "EY-9ZZZ-9Z" in page


def test_the_page_before_the_first_night_and_after_a_good_one(giver, client):
    client.force_login(giver)
    assert "Nothing has been compared yet" in client.get(reverse("referrals:reconciliation")).content.decode()
    tasks.reconcile(Run(at=NIGHT))
    assert "0 differences" in client.get(reverse("referrals:reconciliation")).content.decode()


def test_only_the_portal_compares(giver):
    with pytest.raises(NotAllowed):
        reconciling.reconcile(by=giver, at=NIGHT)


def test_the_comparison_takes_as_many_queries_for_many_requests_as_for_one(adviser, django_assert_max_num_queries):
    sent_request(somewhere(adviser), by=adviser)
    with django_assert_max_num_queries(9):
        differences()
    for _ in range(3):
        sent_request(somewhere(adviser), by=adviser)
    with django_assert_max_num_queries(9):
        differences()


def test_the_page_takes_as_many_queries_after_many_nights(giver, client, django_assert_num_queries):
    client.force_login(giver)
    for nights in (1, 3):
        for number in range(nights):
            ReconciliationRun.objects.get_or_create(
                at=NIGHT + timedelta(days=number),
                defaults={"quotas": 2, "lines": 9, "requests": 5, "count": 0, "differences": []},
            )
        with django_assert_num_queries(7):
            client.get(reverse("referrals:reconciliation"))


def test_streams_are_named(period):
    assert quota_of(period, Stream.MAINSTREAM).get_stream_display() == "mainstream"
