"""One school of a cohort: filled in, forty in a row, taken off; and a child named only with the parents' agreement."""

import re
import uuid

import pytest

from referrals.actions import cohort_schools, cohorts
from referrals.choices import AgreementHow, Status
from referrals.models import Cohort, CohortChild, CohortSchool, Referral
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import child_answers, ready_cohort, school_answers, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import Desk, desk, signed_in, signed_out_and_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SCHOOL = {
    "children": "5",
    "priority": "HIGH",
    "contact_name": "Perran Oxnead",
    "contact_email": "perran@school.invalid",
    "agreed_by": "The head teacher",
    "agreed_on_day": "21",
    "agreed_on_month": "11",
    "agreed_on_year": "2024",
}
CHILD = {
    "first_name": "Wilf",
    "last_name": "O’Tasburgh",
    "date_of_birth_day": "6",
    "date_of_birth_month": "5",
    "date_of_birth_year": "2017",
    "year_group": "2",
    "agreement_by": "Mother",
    "agreement_on_day": "21",
    "agreement_on_month": "11",
    "agreement_on_year": "2024",
    "agreement_how": AgreementHow.SIGNED_FORM.value,
    "agreement_held": "The child’s file",
}


@pytest.fixture
def who():
    return desk(Role.SEND_ADVISER, mainstream=4)


@pytest.fixture
def schools(who):
    return [EstablishmentFactory(school=True, zone=who.zone, name=f"School {letter}") for letter in "ABC"]


@pytest.fixture
def cohort(who, schools):
    return ready_cohort(schools, by=who.user, names_reason="To know them.")


@pytest.fixture
def line(cohort):
    return cohort.schools.order_by("position")[0]


def url(line, rest=""):
    return f"/cohorts/{line.cohort.reference}/schools/{line.key}/{rest}"


def home(line):
    return f"/cohorts/{line.cohort.reference}/"


class TestSchool:
    def test_what_is_known_comes_back(self, who, line):
        page = text_of(who.get(url(line)))
        for name in ("contact_name", "contact_email", "contact_telephone", "agreed_by"):
            assert f'value="{school_answers()[name]}"' in page
        assert "Instead of the cohort’s. Blank: “Staff use the same signs in every room.”" in page
        assert re.search(r'value="MEDIUM"[^>]*checked', page)

    def test_saved_it_leads_to_the_next_that_lacks_something(self, who, line, cohort):
        third = cohort.schools.order_by("position")[2]
        CohortSchool.objects.filter(pk__in=[line.pk, third.pk]).update(contact_email="")
        answer = who.post(url(line), version=1, **SCHOOL)
        assert answer.url == url(third)
        line.refresh_from_db()
        assert (line.children, line.priority, line.contact_job_title, line.goal_1) == (5, "HIGH", "", "")
        assert who.post(url(third), version=1, **SCHOOL).url == home(line)

    def test_left_for_later_it_leads_back(self, who, line):
        assert who.post(url(line), version=1, action="later", children="5").url == home(line)
        line.refresh_from_db()
        assert (line.children, line.priority, line.contact_email) == (5, "MEDIUM", "")

    def test_on_the_way_to_name_a_child_what_was_typed_is_saved(self, who, line, cohort):
        Cohort.objects.filter(pk=cohort.pk).update(names_reason="S2S has to know whom.")
        assert 'value="name-a-child" form="questions"' in text_of(who.get(url(line)))
        answer = who.post(url(line), version=1, action="name-a-child", children="5")
        assert answer.url == url(line, "children/")
        line.refresh_from_db()
        assert line.children == 5

    def test_what_is_missing_is_asked_for_and_what_was_typed_stays(self, who, line):
        page = text_of(who.post(url(line), version=1, children="", contact_name="Typed"))
        for sentence in (
            "Enter how many children are at this school",
            "Enter the contact’s e-mail address",
            "Enter who at the school agreed",
            "Enter when the school agreed",
        ):
            assert sentence in page
        assert 'value="Typed"' in page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"agreed_on_day": "27"}, "The date the school agreed must be today or in the past"),
            ({"agreed_on_month": "13"}, "must be a real date"),
            ({"contact_email": "nobody"}, "must be in the correct format"),
            ({"contact_telephone": "12"}, "must be a telephone number"),
            ({"children": "501"}, "must be 500 or less"),
            ({"priority": "URGENT"}, "using one of the answers on this page"),
            ({"availability": "x" * 1001}, "1000 characters or fewer"),
        ],
    )
    @pytest.mark.parametrize("action", ["continue", "later"])
    def test_what_cannot_be_saved_is_refused_either_way(self, who, line, typed, sentence, action):
        page = who.post(url(line), version=1, action=action, **SCHOOL | typed)
        assert page.status_code == 200
        assert sentence in text_of(page)
        line.refresh_from_db()
        assert line.version == 1

    def test_two_at_once_see_both_answers(self, who, line):
        other = person(Role.SEND_ADVISER, zones=[who.zone], full_name="Ida Mautby")
        theirs = {"agreed_by": "Their head", "agreed_on_day": "20"}
        signed_in(other).post(url(line), {"version": 1} | SCHOOL | theirs)
        page = text_of(who.post(url(line), version=1, **SCHOOL | {"agreed_by": "My head"}))
        assert "Ida Mautby saved this page while you were writing" in page
        assert re.findall(r'id="theirs-(\w+)"', page) == ["agreed_by", "agreed_on"]
        assert "Their head" in page
        assert "20 November 2024" in page
        assert 'value="My head"' in page
        assert who.post(url(line), version=2, **SCHOOL | {"agreed_by": "My head"}).status_code == 302
        line.refresh_from_db()
        assert line.agreed_by == "My head"

    def test_pressed_twice_it_is_saved_once(self, who, line):
        for _ in range(2):
            assert who.post(url(line), version=1, **SCHOOL).status_code == 302
        line.refresh_from_db()
        assert line.version == 2

    def test_a_school_that_has_a_request_is_pointed_out(self, who, line, schools):
        one = sent_request(schools[0], by=who.user)
        page = text_of(who.get(url(line)))
        assert f"Already has {one.reference}: sent 26 November 2024 by Sorrel Khan" in page
        assert "Another request would use another place." in page

    def test_why_it_cannot_be_sent(self, who, line, schools):
        schools[0].status = "CLOSED"
        schools[0].save()
        assert "closed in the register" in text_of(who.get(url(line)))

    def test_signed_out_it_is_kept(self, who, line):
        page = signed_out_and_in(who, url(line), version=1, **SCHOOL | {"agreed_by": "Typed before"})
        assert 'value="Typed before"' in page
        assert "You were signed out." in page

    def test_each_reading_is_recorded(self, who, line):
        who.get(url(line))
        rows = AuditEvent.objects.filter(kind=AuditKind.READ, reference=line.cohort.reference)
        assert list(rows.values_list("what", flat=True)) == [f"read its school {line.establishment.urn}"]
        assert "no-store" in who.get(url(line)).headers["Cache-Control"]


class TestTooLate:
    def test_a_sent_school_leads_to_its_request(self, who, line, cohort):
        send(cohort, by=who.user)
        one = Referral.objects.get(submission_key=line.key)
        assert who.get(url(line)).url == f"/requests/{one.reference}/"
        page = who.post(url(line), version=1, **SCHOOL | {"agreed_by": "Typed too late"})
        assert page.status_code == 409
        assert "Typed too late" in text_of(page)
        assert who.post(url(line, "remove/")).url == home(line)
        assert Referral.objects.get(pk=one.pk).status == Status.SUBMITTED

    def test_one_that_was_taken_off_leads_to_the_cohort(self, who, line):
        cohort_schools.remove(school=CohortSchool.objects.get(pk=line.pk), by=who.user, at=AT)
        assert who.get(url(line)).url == home(line)
        page = who.post(url(line), version=1, **SCHOOL | {"agreed_by": "Typed too late"})
        assert "Typed too late" in text_of(page)

    @pytest.mark.parametrize("rest", ["", "remove/", "children/"])
    def test_a_colleagues_school_does_not_open(self, who, schools, rest):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[who.zone, far])
        shared = ready_cohort([schools[0], EstablishmentFactory(school=True, zone=far)], by=both, names_reason="Why.")
        theirs = shared.schools.order_by("position")[1]
        assert who.get(url(theirs, rest)).status_code == 404
        assert who.post(url(theirs, rest)).status_code == 404
        assert shared.schools.count() == 2

    def test_another_cohorts_school_is_none_of_this_one(self, who, cohort, schools):
        other = ready_cohort(schools[:1], by=who.user).schools.get()
        forged = f"/cohorts/{cohort.reference}/schools/{other.key}/"
        assert who.get(forged).url == f"/cohorts/{cohort.reference}/"
        who.post(f"{forged}remove/")
        assert CohortSchool.objects.filter(pk=other.pk).exists()
        assert who.get(f"/cohorts/{cohort.reference}/schools/{uuid.uuid4()}/").status_code == 302

    def test_somebody_elses_cohort_does_not_open(self, line):
        far = person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Far")])
        stranger = Desk(signed_in(far), far, None, None, None)
        for rest in ("", "remove/", "children/"):
            assert stranger.get(url(line, rest)).status_code == 404
            assert stranger.post(url(line, rest)).status_code == 404


class TestMeanwhile:
    """What somebody else does between finding the school and saving it."""

    def taken_off(self, who, line):
        return meanwhile(
            "SAVEPOINT",
            lambda: cohort_schools.remove(school=CohortSchool.objects.get(pk=line.pk), by=who.user, at=AT),
        )

    def sent(self, who, line):
        return meanwhile("SAVEPOINT", lambda: send(Cohort.objects.get(pk=line.cohort_id), by=who.user))

    def test_taken_off_what_was_typed_is_shown(self, who, line):
        with self.taken_off(who, line):
            page = who.post(url(line), version=1, **SCHOOL | {"agreed_by": "Typed too late"})
        assert page.status_code == 404
        assert "Typed too late" in text_of(page)

    def test_sent_what_was_typed_is_shown(self, who, line):
        with self.sent(who, line):
            page = who.post(url(line), version=1, **SCHOOL | {"agreed_by": "Typed too late"})
        assert page.status_code == 409
        assert "Typed too late" in text_of(page)

    def test_taken_off_twice(self, who, line):
        with self.taken_off(who, line):
            page = who.post(url(line, "remove/"), follow=True)
        assert "This school has been taken off the cohort." in text_of(page)

    def test_sent_it_is_not_taken_off(self, who, line):
        with self.sent(who, line):
            page = who.post(url(line, "remove/"), follow=True)
        assert "The request for this school has been sent" in text_of(page)
        assert CohortSchool.objects.filter(pk=line.pk).exists()

    def test_a_child_is_not_named_at_a_school_that_is_gone(self, who, line):
        with self.taken_off(who, line):
            page = who.post(url(line, "children/"), **CHILD)
        assert page.status_code == 404
        assert not CohortChild.objects.exists()

    def test_nor_at_one_that_was_sent(self, who, line):
        with self.sent(who, line):
            page = who.post(url(line, "children/"), **CHILD)
        assert page.status_code == 409
        assert not CohortChild.objects.exists()

    def test_nor_is_a_name_removed_there(self, who, line):
        child = cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
        with self.sent(who, line):
            page = who.post(url(line, f"children/{child.pk}/remove/"), follow=True)
        assert "Nothing was removed" in text_of(page)
        assert CohortChild.objects.exists()


class TestRemove:
    def test_it_asks_first_and_then_it_goes(self, who, line):
        assert "Take this school off the cohort?" in text_of(who.get(url(line, "remove/")))
        assert CohortSchool.objects.filter(pk=line.pk).exists()
        answer = who.post(url(line, "remove/"), follow=True)
        assert "School A has been taken off the cohort." in text_of(answer)
        assert not CohortSchool.objects.filter(pk=line.pk).exists()
        assert who.post(url(line, "remove/")).url == home(line)


class TestChild:
    def test_a_child_is_named_with_the_parents_agreement(self, who, line):
        assert who.post(url(line, "children/"), **CHILD).url == url(line)
        page = text_of(who.get(url(line)))
        assert "Wilf O’Tasburgh, born 6 May 2017, Year 2" in page
        assert "Mother agreed on 21 November 2024, on a signed form" in page
        assert "Wilf" not in re.search(r"<title>(.*?)</title>", page)[1]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"agreement_by": ""}, "Enter who agreed"),
            ({"agreement_on_day": "", "agreement_on_month": "", "agreement_on_year": ""}, "Enter the date they agreed"),
            ({"agreement_on_day": "27"}, "The date they agreed must be today or in the past"),
            ({"agreement_how": ""}, "Select how they agreed"),
            ({"agreement_held": ""}, "Enter where the agreement is kept"),
            ({"first_name": ""}, "Enter the child’s first name"),
            ({"last_name": " "}, "Enter the child’s last name"),
            ({"date_of_birth_year": "2025"}, "Date of birth must be in the past"),
            ({"date_of_birth_year": "1980"}, "Check the year of birth"),
            ({"date_of_birth_day": "31", "date_of_birth_month": "2"}, "must be a real date"),
            ({"year_group": "U2"}, "using one of the answers on this page"),
        ],
    )
    def test_none_without_all_of_it(self, who, line, typed, sentence):
        page = text_of(who.post(url(line, "children/"), **CHILD | typed))
        assert sentence in page
        assert not CohortChild.objects.exists()

    def test_pressed_twice_it_is_one(self, who, line):
        for _ in range(2):
            assert who.post(url(line, "children/"), **CHILD).url == url(line)
        assert CohortChild.objects.count() == 1

    def test_none_without_a_reason(self, who, schools):
        line = ready_cohort(schools[:1], by=who.user).schools.get()
        assert "name a child<" not in text_of(who.get(url(line)))
        assert who.get(url(line, "children/")).url == url(line)
        who.post(url(line, "children/"), **CHILD)
        assert not CohortChild.objects.exists()

    def test_signed_out_it_is_kept(self, who, line):
        page = signed_out_and_in(who, url(line, "children/"), **CHILD)
        assert 'value="O’Tasburgh"' in page
        assert "You were signed out." in page
        assert not CohortChild.objects.exists()

    def test_a_name_is_removed_after_asking(self, who, line):
        child = cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
        address = url(line, f"children/{child.pk}/remove/")
        page = text_of(who.get(address))
        assert "Wilf O’Tasburgh" in page
        assert "Wilf" not in re.search(r"<title>(.*?)</title>", page)[1]
        assert who.post(address).url == url(line)
        assert not CohortChild.objects.exists()
        assert who.get(address).status_code == 404
        assert who.post(address).url == url(line)

    def test_another_schools_child_is_not_this_ones(self, who, line, cohort):
        other = cohort.schools.order_by("position")[1]
        child = cohort_schools.name_child(school=other, answers=child_answers(), by=who.user, at=AT)
        assert who.get(url(line, f"children/{child.pk}/remove/")).status_code == 404
        who.post(url(line, f"children/{child.pk}/remove/"))
        assert CohortChild.objects.exists()

    def test_names_stay_on_the_page_when_the_reason_is_gone_and_it_says_so(self, who, line):
        cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
        cohorts.describe(cohort=line.cohort, answers={"names_reason": ""}, version=2, by=who.user, at=AT)
        page = text_of(who.get(url(line)))
        assert "Say in the description why children have to be named, or remove the names" in page
        assert "Remove<" in page
        assert "Cannot be sent" in text_of(who.get(home(line)))


class TestSameChild:
    @pytest.fixture
    def early(self, who):
        """A request for the child at a setting of the same zone, filed by an early years adviser."""
        by = person(Role.EARLY_YEARS_ADVISER, zones=[who.zone])
        child = {
            "child_first_name": "O'Tasburgh",
            "child_last_name": "Wilf",
            "date_of_birth": child_answers()["date_of_birth"],
        }
        return sent_request(EstablishmentFactory(zone=who.zone), by=by, **child)

    def test_pointed_out_to_an_adviser_of_both_streams_on_both_pages(self, who, line, early):
        cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
        user = person(Role.SEND_ADVISER, Role.EARLY_YEARS_ADVISER, zones=[who.zone])
        both = Desk(signed_in(user), user, who.zone, who.setting, who.period)
        page = text_of(both.get(url(line)))
        assert "The same child may be in" in page
        assert f'href="/requests/{early.reference}/"' in page
        send(Cohort.objects.get(pk=line.cohort_id), by=who.user)
        made = Referral.objects.get(submission_key=line.key)
        assert "The same child may be in" in text_of(both.get(f"/requests/{made.reference}/"))
        assert "The same child may be in" in text_of(both.get(f"/requests/{early.reference}/"))

    def test_and_to_nobody_else(self, who, line, early):
        cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
        assert "The same child" not in text_of(who.get(url(line)))
        assert early.reference not in text_of(who.get(url(line)))
        send(Cohort.objects.get(pk=line.cohort_id), by=who.user)
        made = Referral.objects.get(submission_key=line.key)
        commissioner = signed_in(person(Role.COMMISSIONER))
        for browser in (who.client, commissioner):
            assert "The same child" not in text_of(browser.get(f"/requests/{made.reference}/"))


def test_a_cohorts_request_shows_its_cohort_its_years_and_its_names(who, line, cohort):
    cohort_schools.name_child(school=line, answers=child_answers(), by=who.user, at=AT)
    send(Cohort.objects.get(pk=cohort.pk), by=who.user)
    made = Referral.objects.get(submission_key=line.key)
    mine = text_of(who.get(f"/requests/{made.reference}/"))
    commissioners = text_of(signed_in(person(Role.COMMISSIONER)).get(f"/requests/{made.reference}/"))
    assert f'href="/cohorts/{cohort.reference}/"' in mine
    assert "Wilf O’Tasburgh, born 6 May 2017" in mine
    for page in (mine, commissioners):
        assert "Year 1, Year 2" in page
        assert "SEN status" not in page
    assert cohort.reference not in commissioners
    assert "Tasburgh" not in commissioners
