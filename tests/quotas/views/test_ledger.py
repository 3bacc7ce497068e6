"""The commissioner's quota page and ledger."""

import re
from datetime import date

import pytest
from django.urls import reverse

from quotas.actions import levers, places
from quotas.choices import EntryKind
from quotas.models import LedgerEntry
from referrals.actions import withdrawing
from referrals.choices import WithdrawReason
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
QUOTAS = reverse("quotas:quota_list")
LEDGER = reverse("quotas:quota_detail", args=["early-years"])


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def viewer(by, client_for):
    return client_for(by)


def test_the_sum_is_shown_line_by_line(by, viewer):
    period = period_with_places(by=by)
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone := ZoneFactory()])
    use_places(quota_of(period), 44, by=by)
    for _ in range(2):
        sent = sent_request(EstablishmentFactory(zone=zone), by=adviser)
        withdrawing.withdraw(referral=sent, reason=WithdrawReason.OTHER, note="", by=adviser, at=AT)
    page = text_of(viewer.get(QUOTAS))
    assert "44 of 50 used (46 drawn, 2 given back)" in page
    assert "85 left" in page
    lines = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"Places bought +50 +Drawn by requests +−46 +Given back +\+2 +Used now +44 +Left +6 ", lines)


def test_the_dates_and_who_set_them(by, viewer):
    period_with_places(by=by)
    page = text_of(viewer.get(QUOTAS))
    for words in ("Friday 13 December 2024", "Friday 20 December 2024", "Monday 31 March 2025", "being taken"):
        assert words in page
    assert "Merle Ketteringham, 12 August 2024" in page


def test_lowered_below_use_is_shown_as_over(by, viewer):
    quota = quota_of(period_with_places(by=by, early_years=3))
    use_places(quota, 3, by=by)
    levers.adjust(quota=quota, places=-2, reason="Fewer were bought", by=by, at=AT)
    for address, sum_ in ((QUOTAS, "3 of 1 used"), (LEDGER, "3 − 2 − 3 = over by 2"), (reverse("home"), "3 of 1 used")):
        page = text_of(viewer.get(address))
        assert sum_ in page
        assert "Over by 2: no new requests until 3 places are given back or bought." in page
    assert 'app-figure__number">Over by 2<' in text_of(viewer.get(QUOTAS))
    assert "Lowered since" in text_of(viewer.get(QUOTAS))


def test_without_a_period_the_page_says_what_that_means(viewer):
    assert "No period has been set up yet" in text_of(viewer.get(QUOTAS))
    assert viewer.get(LEDGER).status_code == 404


def test_the_ledger_tells_who_when_why_and_what_was_left(by, viewer, council):
    page = text_of(viewer.get(LEDGER))
    assert "50 − 3 + 1 = 48 left" in page
    assert "5 lines add up to 48, and the last line says 48: no difference." in page
    for words in ("Used by a request", "Given back", "Request withdrawn", "Places bought", "26 November 2024, 09:30"):
        assert words in page
    assert reverse("referrals:referral_detail", args=[council.far.reference]) in page
    order = re.findall(r"(EY-\w{4}-\w{2})</a>", page)
    assert order[-1] == council.withdrawn.reference


def test_the_running_sum_leads_from_nothing_to_what_is_left(by, viewer):
    quota = quota_of(period_with_places(by=by, early_years=4))
    use_places(quota, 3, by=by)
    page = text_of(viewer.get(LEDGER))
    left = re.findall(r'Left after it</span><span class="app-stacked__value">(\d+)<', page)
    assert left == ["1", "2", "3", "4"]


def test_the_ledger_of_another_period_is_asked_for_by_its_link(by, viewer):
    period_with_places(by=by)
    later = period_with_places(
        by=by,
        early_years=7,
        opens_on=date(2025, 4, 7),
        requests_close_on=date(2025, 5, 1),
        allocation_deadline_on=date(2025, 6, 1),
        delivery_ends_on=date(2025, 7, 1),
    )
    page = text_of(viewer.get(QUOTAS))
    assert page.index("50 left") < page.index("Other periods") < page.index("7 left")
    link = f"{LEDGER}?period={later.pk}"
    assert link in page
    assert "7 left" in text_of(viewer.get(link))


@pytest.mark.parametrize("address", ["?period=99999", "?period=x", "?period=%00", f"?period={'9' * 400}"])
def test_a_period_that_is_not_there_is_not_found(by, viewer, address):
    period_with_places(by=by)
    assert viewer.get(LEDGER + address).status_code == 404


def test_a_stream_that_is_not_there_is_not_found(by, viewer):
    period_with_places(by=by)
    assert viewer.get("/quotas/late-years/").status_code == 404
    assert viewer.get("/quotas/mainstream/").status_code == 200


def test_lines_are_paged_and_nonsense_opens_the_first(by, viewer):
    use_places(quota_of(period_with_places(by=by)), 30, by=by)
    assert text_of(viewer.get(LEDGER)).count("Request sent") == 25
    assert text_of(viewer.get(LEDGER, {"page": "2"})).count("Request sent") == 5
    assert text_of(viewer.get(LEDGER, {"page": "\x00"})).count("Request sent") == 25


@pytest.mark.parametrize("count", [1, 3])
def test_quotas_take_the_same_queries(by, viewer, django_assert_num_queries, count):
    for number in range(count):
        period_with_places(by=by, opens_on=date(2024, 7 + number, 1), requests_close_on=date(2024, 7 + number, 20))
    with django_assert_num_queries(11):
        assert text_of(viewer.get(QUOTAS)).count("50 left") == count


@pytest.mark.parametrize("count", [1, 3])
def test_lines_take_the_same_queries(by, viewer, django_assert_num_queries, count):
    use_places(quota_of(period_with_places(by=by)), count, by=by)
    with django_assert_num_queries(11):
        assert text_of(viewer.get(LEDGER)).count("Request sent") == count


def test_a_ledger_that_does_not_add_up_says_so(by, viewer):
    quota = quota_of(period_with_places(by=by, early_years=4))
    wrong = {"kind": EntryKind.ADJUSTED, "places": 1, "left_after": 9, "reason": "A fault", "by": by}
    LedgerEntry.objects.create(quota=quota, seq=2, at=AT, **wrong)
    page = text_of(viewer.get(LEDGER))
    assert "The lines do not add up" in page
    assert "The lines add up to 5; the last line says 9. Difference: −4." in page


def test_places_granted_later_are_one_sum(by, viewer):
    quota = quota_of(period_with_places(by=by), Stream.MAINSTREAM)
    places.grant(quota=quota, places=5, reason="Five more", by=by, at=AT)
    page = text_of(viewer.get(reverse("quotas:quota_detail", args=["mainstream"])))
    assert "90 left" in page
    assert "Five more" in page
