"""The hand-over report: each school's open requests and what becomes of them, on the page, as a CSV and as a PDF."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pdfua import Severity, validate

from referrals.documents.hand_over import HEADINGS
from referrals.models import Referral, Rollover
from referrals.permissions import Asking
from referrals.queries import hand_over
from referrals.queries.contract_ends import account_of
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.core import pdf_text
from tests.factories import contract_ends
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places
from tests.factories.referrals import sent_request
from tests.factories.support import booked, held, recorded
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CHILD = ("Wilf", "Tasburgh", "2021", "Few words yet", "Visual timetables")


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone])


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def contract(by):
    return period_with_places(by=by).contract


@pytest.fixture
def teachers():
    """Two teachers, each of a school of their own."""
    found = [person(Role.S2S_TEACHER, full_name=name) for name in ("Heron Acle", "Teal Filby")]
    for teacher, school in zip(found, ("Reedmace School", "Bittern School"), strict=True):
        teacher.memberships.update(home_school=EstablishmentFactory(school=True, name=school))
    return found


@pytest.fixture
def requests(contract, adviser, zone, teachers) -> list[Referral]:
    """One visited and one booked at Reedmace School, one booked at Bittern School, and one that nobody has."""
    first, second, third, fourth = (
        sent_request(EstablishmentFactory(zone=zone, name=f"Nursery {number}"), by=adviser) for number in range(1, 5)
    )
    recorded(held(booked(first, teacher=teachers[0], at=AT - timedelta(days=14)), at=AT - timedelta(days=11)))
    booked(second, teacher=teachers[0], starts_at=AT + timedelta(days=3))
    booked(third, teacher=teachers[1], starts_at=AT + timedelta(days=3))
    return [Referral.objects.get(pk=one.pk) for one in (first, second, third, fourth)]


def url(contract, school, which="") -> str:
    return reverse(f"referrals:hand_over{which}", args=[contract.pk, school])


def school_of(request) -> int:
    return request.provider_school_id


def names_the_child(text: str) -> bool:
    """Whether a name or the initials stand there; a reference may hold the same letters, after a hyphen."""
    return any(words in text for words in CHILD) or bool(re.search(r"(?<!-)\bWT\b", re.sub(r"-\s+", "-", text)))


def csv_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestThePage:
    def test_schools_with_their_requests(self, client_for, by, contract, requests):
        page = text_of(client_for(by).get(reverse("referrals:hand_over_list")))
        for words in ("Reedmace School", "Bittern School", "Not yet given to a teacher", url(contract, 0)):
            assert words in page

    def test_a_line_says_how_far_a_request_is(self, client_for, by, contract, requests):
        page = text_of(client_for(by).get(url(contract, school_of(requests[0]))))
        assert "2 requests: 2 not decided yet." in page
        for words in (requests[0].reference, "Nursery 1", "Reedham Reach", "Heron Acle", "Support under way"):
            assert words in page
        assert "1 visit, 1 record, 0 open actions" in page
        assert "29 November 2024, 09:30" in page
        assert "Not decided yet" in page
        assert requests[2].reference not in page
        assert not names_the_child(page)

    def test_initials_are_for_s2s_staff_and_recorded(self, client_for, contract, requests, teachers):
        for role, who in (("co-ordinator", person(Role.S2S_COORDINATOR)), ("teacher", teachers[0])):
            page = text_of(client_for(who).get(url(contract, school_of(requests[0]))))
            assert "Early years, WT" in page, role
            assert names_the_child(page)
            for words in CHILD:
                assert words not in page
            looked = AuditEvent.objects.filter(user_id=who.pk, kind=AuditKind.READ, what__contains="hand-over")
            assert set(looked.values_list("reference", flat=True)) == {one.reference for one in requests[:2]}

    def test_a_teacher_sees_their_own_requests_only(self, client_for, contract, requests, teachers):
        viewer = client_for(teachers[1])
        listed = text_of(viewer.get(reverse("referrals:hand_over_list")))
        assert "Bittern School" in listed
        assert "Reedmace School" not in listed
        assert "Nothing to hand over" in text_of(viewer.get(url(contract, school_of(requests[0]))))
        rows = csv_of(viewer.get(url(contract, school_of(requests[0]), "_csv")))
        assert [row[0] for row in rows] == ["Reference", ""]

    @pytest.mark.parametrize("which", ["", "_csv", "_pdf"])
    def test_what_is_not_there_is_404(self, client_for, by, contract, which):
        viewer = client_for(by)
        for contract_pk, school in ((contract.pk + 9, 0), (contract.pk, 99999)):
            address = reverse(f"referrals:hand_over{which}", args=[contract_pk, school])
            assert viewer.get(address).status_code == 404

    def test_another_contract_can_be_chosen(self, client_for, by, contract):
        other = contract_ends.successor(contract)
        viewer = client_for(by)
        page = text_of(viewer.get(reverse("referrals:hand_over_list")))
        assert f'href="?contract={other.pk}"' in page
        page = text_of(viewer.get(reverse("referrals:hand_over_list"), {"contract": other.pk}))
        assert "No request is open" in page
        assert f'href="?contract={contract.pk}"' in page

    def test_without_a_contract(self, client_for):
        page = text_of(client_for(commissioner()).get(reverse("referrals:hand_over_list")))
        assert "No contract has been set up yet" in page


class TestFiles:
    def test_the_csv_has_every_line_and_the_sum_and_no_initials(self, client_for, contract, requests, teachers):
        answer = client_for(teachers[0]).get(url(contract, school_of(requests[0]), "_csv"))
        heading, *lines, total = csv_of(answer)
        assert tuple(heading) == HEADINGS
        assert sorted(line[0] for line in lines) == sorted(one.reference for one in requests[:2])
        first = next(line for line in lines if line[0] == requests[0].reference)
        assert first[6:12] == ["2024-11-26", "1", "", "1", "0", "Not decided yet"]
        assert total[1] == "2 requests: 2 not decided yet."
        assert not names_the_child(answer.content.decode())
        assert "hand-over-" in answer["Content-Disposition"]

    def test_the_pdf_passes_the_checks_of_its_structure(self, client_for, by, contract, requests, tmp_path):
        answer = client_for(by).get(url(contract, school_of(requests[0]), "_pdf"))
        assert answer["Content-Type"] == "application/pdf"
        path = tmp_path / "report.pdf"
        path.write_bytes(answer.content)
        found = [one for one in validate(str(path)).findings if one.severity in (Severity.ERROR, Severity.WARNING)]
        assert found == []
        opened = pdf_text.opened(answer.content)
        assert {"Title", "H1", "Table", "TH", "TD"} <= {name for _, name, _ in pdf_text.tags(opened)}
        assert opened.docinfo.Title == "Hand-over report"
        text = " ".join(" ".join(pdf_text.content(opened)).split())
        for words in ("Nursery 1", "Heron Acle", "2 requests: 2 not decided yet."):
            assert words in text
        assert requests[0].reference in text.replace(" ", "")  # a cell may break it after a hyphen
        assert not names_the_child(text)

    def test_an_empty_report_is_a_report(self, client_for, by, contract):
        opened = pdf_text.opened(client_for(by).get(url(contract, 0, "_pdf")).content)
        assert "None." in " ".join(pdf_text.content(opened))


class TestWhatBecomesOfThem:
    @pytest.fixture
    def ended(self, contract, requests) -> Rollover:
        """The contract's end, run: every request moves to the one that follows but those that finish."""
        begun = contract_ends.begun(contract.periods.get(), contract_ends.successor(contract))
        return contract_ends.ran(contract_ends.approved(begun))

    def test_the_schools_totals_are_the_account(self, by, contract, ended, client_for):
        who = Asking(by)
        requests = hand_over.requests_of(who, contract, ended)
        totals = [
            hand_over.totals_of(hand_over.of_school(requests, school.pk), ended)
            for school in hand_over.schools(who, contract)
        ]
        account = account_of(ended)
        for name in ("finishing", "moved", "closed", "to_do", "undone", "late"):
            assert sum(getattr(one, name) for one in totals) == getattr(account, name), name
        assert sum(one.listed for one in totals) == account.open_before == 4

    def test_a_moved_request_says_under_which_reference_it_goes_on(self, by, contract, ended, client_for):
        moved = ended.lines.filter(outcome="MOVE").select_related("successor", "referral").first()
        page = text_of(client_for(by).get(url(contract, moved.referral.provider_school_id or 0)))
        assert f"Goes on as {moved.successor.reference}" in page


def test_the_report_asks_the_same_for_one_request_and_for_three(
    client_for, contract, adviser, zone, django_assert_max_num_queries
):
    viewer = client_for(person(Role.S2S_COORDINATOR))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            sent_request(EstablishmentFactory(zone=zone), by=adviser)
        asked = []
        for which in ("", "_csv", "_pdf"):
            with django_assert_max_num_queries(15) as seen:
                viewer.get(url(contract, 0, which))
            asked.append(len(seen))
        counts.append(asked)
    assert counts[0] == counts[1]
