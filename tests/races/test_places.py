"""Places stay exact under any load: many submitters at once, over HTTP, on the database this run is for (R4)."""

import pytest

from quotas import queries as quota_queries
from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from referrals.choices import Status, WithdrawReason
from referrals.models import Decision, DraftReferral, Referral, ReferralEvent
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from tests import moments
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import filled_draft, sent_request
from tests.races.harness import Answer, Call, most_at_once, send, statuses, together, visitor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ADVISERS = 20


@pytest.fixture
def zone(practice_date):
    practice_date(moments.AN_ORDINARY_TUESDAY)
    return ZoneFactory()


@pytest.fixture
def advisers(zone):
    return [person(Role.EARLY_YEARS_ADVISER, zones=[zone]) for _ in range(ADVISERS)]


def drafts_of(advisers, zone, count):
    """This many drafts that can be sent, for as many settings, shared out among the advisers."""
    return [
        filled_draft(EstablishmentFactory(zone=zone), by=advisers[number % len(advisers)]) for number in range(count)
    ]


def submissions(site, drafts):
    """One submission of each draft, each from a browser of its own."""
    return [Call(visitor(site, draft.started_by), "POST", f"/drafts/{draft.key}/submit/") for draft in drafts]


def led_to(answers: list[Answer], page: str) -> list[Answer]:
    """The answers that redirect to a page whose address holds `page`."""
    return [answer for answer in answers if page in answer.headers.get("location", "")]


def check_reconciled(quota: Quota, bought: int) -> None:
    """Ledger, requests, history and messages agree, line by line."""
    balance = quota_queries.balance_of(quota)
    held = set(Referral.objects.filter(place__quota=quota).values_list("place_id", flat=True))
    live = LedgerEntry.objects.filter(quota=quota, kind=EntryKind.DRAWN, answered_by__isnull=True)
    assert balance.left == quota_queries.places_left(quota) == bought - len(held)
    assert balance.left >= 0
    assert set(live.values_list("pk", flat=True)) == held
    lines = quota.entries.order_by("seq")
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    running = 0
    for line in lines:
        running += line.places
        assert line.left_after == running
    assert ReferralEvent.objects.filter(seq=1).count() == Referral.objects.count()
    assert Notification.objects.filter(key__startswith="request-sent").count() == 2 * Referral.objects.count()


def test_two_hundred_submitters_for_eight_places(racing_site, zone, advisers):
    quota = quota_of(period_with_places(early_years=8), Stream.EARLY_YEARS)
    drafts = drafts_of(advisers, zone, 200)

    answers = together(submissions(racing_site, drafts))

    assert statuses(answers) == {302: 200}
    assert most_at_once(answers) > 8
    assert len(led_to(answers, "/sent/")) == 8
    refused = led_to(answers, "/refusals/")
    assert len(refused) == 192
    assert Referral.objects.count() == 8
    assert DraftReferral.objects.count() == Decision.objects.count() == 192
    assert all(len([fact for fact in decision.facts.values() if fact]) == 6 for decision in Decision.objects.all())
    check_reconciled(quota, bought=8)
    page = send(Call(refused[0].call.visitor, "GET", refused[0].headers["location"]))
    assert page.status == 200
    assert "8 of 8 early years places were used" in page.body


def test_submitters_while_places_are_given_back(racing_site, zone, advisers):
    quota = quota_of(period_with_places(early_years=12), Stream.EARLY_YEARS)
    sent = [sent_request(EstablishmentFactory(zone=zone), by=advisers[number % ADVISERS]) for number in range(12)]
    drafts = drafts_of(advisers, zone, 60)
    withdrawals = [
        Call(
            visitor(racing_site, referral.submitted_by),
            "POST",
            f"/requests/{referral.reference}/withdraw/",
            {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": ""},
        )
        for referral in sent
    ]
    mixed = submissions(racing_site, drafts)
    for index, withdrawal in enumerate(withdrawals):
        mixed.insert(index * 5, withdrawal)

    answers = together(mixed)

    assert statuses(answers) == {302: 72}
    assert Referral.objects.filter(status=Status.WITHDRAWN).count() == 12
    accepted = Referral.objects.filter(status=Status.SUBMITTED).count()
    assert 1 <= accepted <= 12
    assert accepted == len(led_to(answers, "/sent/"))
    assert accepted + len(led_to(answers, "/refusals/")) == 60
    check_reconciled(quota, bought=12)


def test_the_same_draft_from_twenty_tabs_is_one_request(racing_site, zone, advisers):
    quota = quota_of(period_with_places(early_years=8), Stream.EARLY_YEARS)
    [draft] = drafts_of(advisers[:1], zone, 1)

    answers = together(submissions(racing_site, [draft] * 20))

    assert statuses(answers) == {302: 20}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert Referral.objects.count() == 1
    check_reconciled(quota, bought=8)


def test_the_same_request_withdrawn_from_ten_tabs_gives_one_place_back(racing_site, zone, advisers):
    quota = quota_of(period_with_places(early_years=8), Stream.EARLY_YEARS)
    referral = sent_request(EstablishmentFactory(zone=zone), by=advisers[0])
    fields = {"reason": WithdrawReason.SENT_BY_MISTAKE, "note": ""}
    path = f"/requests/{referral.reference}/withdraw/"

    answers = together([Call(visitor(racing_site, advisers[0]), "POST", path, fields) for _ in range(10)])

    assert max(statuses(answers)) < 500
    assert quota_queries.places_left(quota) == 8
    assert LedgerEntry.objects.filter(kind=EntryKind.RELEASED).count() == 1
    check_reconciled(quota, bought=8)


def test_both_streams_at_once_share_nothing_but_the_counter(racing_site, zone, advisers):
    made = period_with_places(early_years=5, mainstream=7)
    send_advisers = [person(Role.SEND_ADVISER, zones=[zone]) for _ in range(5)]
    schools = [
        filled_draft(EstablishmentFactory(school=True, zone=zone), by=send_advisers[number % 5]) for number in range(20)
    ]

    answers = together(submissions(racing_site, drafts_of(advisers, zone, 20) + schools))

    assert statuses(answers) == {302: 40}
    assert len(led_to(answers, "/sent/")) == 12
    for stream, bought in ((Stream.EARLY_YEARS, 5), (Stream.MAINSTREAM, 7)):
        assert quota_queries.places_left(quota_of(made, stream)) == 0
        assert Referral.objects.filter(stream=stream).count() == bought
