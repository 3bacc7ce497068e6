"""A cohort's pages: the list, beginning one, its page, copying, withdrawing and deleting it."""

import re
from datetime import timedelta

import pytest

from quotas.actions import places
from referrals.actions import cohort_schools, cohorts, waiting
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import Cohort, CohortSchool, Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.factories.cohorts import described_cohort, planned, ready_cohort, school_answers, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import DATES, period_with_places, quota_of
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import Desk, desk, signed_in, signed_out_and_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def who():
    """A SEND Adviser with four mainstream places."""
    return desk(Role.SEND_ADVISER, mainstream=4)


@pytest.fixture
def schools(who):
    return [EstablishmentFactory(school=True, zone=who.zone, name=f"School {letter}") for letter in "ABC"]


@pytest.fixture
def cohort(who, schools):
    return ready_cohort(schools, by=who.user)


@pytest.fixture
def sent(who, cohort):
    """The cohort after its first two schools were sent and the third was left out."""
    planned(cohort, Plan.NOW, Plan.NOW, Plan.NOT_YET, by=who.user)
    send(cohort, by=who.user)
    return Cohort.objects.get(pk=cohort.pk)


def url(cohort, page=""):
    return f"/cohorts/{cohort.reference}/{page}"


def buttons(page) -> list[str]:
    """The words of the page's first-rank buttons."""
    return re.findall(r'class="govuk-button" data-module="govuk-button"[^>]*>([^<]+)<', text_of(page))


def sees(user) -> Desk:
    return Desk(signed_in(user), user, None, None, None)


class TestList:
    def test_without_any_it_says_what_a_cohort_is_and_costs(self, who):
        page = text_of(who.get("/cohorts/"))
        assert "No cohorts yet" in page
        assert "Each school uses one place" in page
        assert "/cohorts/new/" in page

    def test_each_with_its_zones_schools_and_requests(self, who, sent):
        page = text_of(who.get("/cohorts/"))
        for words in (sent.title, sent.reference, "Coastal zone", "Sorrel Khan", "Today"):
            assert words in page

    def test_only_those_of_ones_own_zones(self, who):
        far = person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Far")])
        cohort = described_cohort(by=far, title="Not yours")
        assert cohort.reference not in text_of(who.get("/cohorts/"))

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries(self, who, django_assert_num_queries, count):
        for number in range(count):
            described_cohort(by=who.user, title=f"Cohort {number}")
        with django_assert_num_queries(8):
            who.get("/cohorts/")


class TestStart:
    def test_the_only_zone_is_ticked(self, who):
        assert re.search(rf'value="{who.zone.pk}"[^>]*checked', text_of(who.get("/cohorts/new/")))

    def test_of_several_none_is(self, who):
        other = ZoneFactory(name="Second zone")
        page = text_of(sees(person(Role.SEND_ADVISER, zones=[who.zone, other])).get("/cohorts/new/"))
        assert "Second zone" in page
        assert "checked" not in page

    def test_it_leads_on_to_the_description(self, who):
        answer = who.post("/cohorts/new/", title="Language groups", zones=who.zone.pk)
        cohort = Cohort.objects.get()
        assert answer.url == url(cohort, "describe/group/")
        assert (cohort.title, list(cohort.zones.all()), cohort.started_by) == ("Language groups", [who.zone], who.user)

    def test_pressed_twice_it_is_one(self, who):
        answers = [who.post("/cohorts/new/", title="Language groups", zones=who.zone.pk).url for _ in range(2)]
        assert answers[0] == answers[1]
        assert Cohort.objects.count() == 1

    @pytest.mark.parametrize("title", ["", "   ", "x" * 151])
    def test_what_was_typed_stays_when_it_is_refused(self, who, title):
        page = who.post("/cohorts/new/", title=title, zones=who.zone.pk)
        assert page.status_code == 200
        assert "Error:" in text_of(page)
        assert not Cohort.objects.exists()

    def test_a_zone_that_is_not_theirs_is_refused(self, who):
        page = who.post("/cohorts/new/", title="Ours", zones=ZoneFactory(name="Far").pk)
        assert "using one of the answers on this page" in text_of(page)
        assert not Cohort.objects.exists()

    def test_signed_out_it_is_kept(self, who):
        page = signed_out_and_in(who, "/cohorts/new/", title="Typed before", zones=who.zone.pk)
        assert 'value="Typed before"' in page
        assert "You were signed out." in page
        assert not Cohort.objects.exists()


class TestPage:
    def test_a_new_one_says_what_is_missing_and_where(self, who):
        who.post("/cohorts/new/", title="New", zones=who.zone.pk)
        cohort = Cohort.objects.get()
        page = who.get(url(cohort))
        assert buttons(page) == ["Complete the description"]
        assert f"{url(cohort, 'describe/group/')}?from=cohort#id_why_now" in text_of(page)
        assert "Nothing has been sent, and no place is used yet." in text_of(page)

    def test_described_it_asks_for_schools(self, who):
        page = who.get(url(described_cohort(by=who.user)))
        assert buttons(page) == ["Add schools"]
        assert "Each school that is sent uses one place." in text_of(page)

    def test_it_asks_for_the_first_school_that_lacks_something(self, who, cohort):
        CohortSchool.objects.filter(establishment__name="School B").update(contact_email="", agreed_by="")
        page = who.get(url(cohort))
        assert buttons(page) == ["Complete School B"]
        assert "Still needed: enter the contact’s e-mail address, and 1 more" in text_of(page)
        assert "Sending 2 ready schools would use 2 mainstream places." in text_of(page)
        assert url(cohort, "plan/") in text_of(page)

    def test_with_all_ready_it_asks_who_goes(self, who, cohort):
        page = who.get(url(cohort))
        assert buttons(page) == ["Choose who goes now"]
        assert "Sending 3 ready schools would use 3 mainstream places." in text_of(page)
        assert "4 of 4 mainstream places are left." in text_of(page)

    def test_a_school_that_cannot_be_sent_holds_up_nobody(self, who, cohort, schools):
        schools[0].zone = None
        schools[0].save()
        schools[1].kind = EstablishmentFactory().kind
        schools[1].save()
        page = who.get(url(cohort))
        assert buttons(page) == ["Choose who goes now"]
        assert "Cannot be sent" in text_of(page)

    def test_sent_it_says_where_each_school_stands(self, who, sent):
        page = who.get(url(sent))
        for one in Referral.objects.all():
            assert f'href="/requests/{one.reference}/"' in text_of(page)
        for words in ("First sent on 26 November 2024", "Sent to S2S", "Left out for now", "Sent: School A"):
            assert words in text_of(page)
        assert "Change<" not in text_of(page)
        assert url(sent, "withdraw/") in text_of(page)
        assert url(sent, "delete/") not in text_of(page)

    def test_the_number_on_the_waiting_list(self, who, cohort):
        for _ in range(4):
            sent_request(who.setting, by=who.user)
        planned(cohort, Plan.WAIT, Plan.WAIT, Plan.WAIT, by=who.user)
        send(cohort, by=who.user)
        page = text_of(who.get(url(cohort)))
        for number in (1, 2, 3):
            assert f"number {number} on the waiting list" in page
        assert buttons(who.get(url(cohort))) == []

    def test_one_that_waited_before_it_got_a_place_was_not_sent_that_day(self, who, cohort):
        for _ in range(4):
            sent_request(who.setting, by=who.user)
        planned(cohort, Plan.WAIT, Plan.WAIT, Plan.WAIT, by=who.user)
        send(cohort, by=who.user)
        first = Referral.objects.filter(status=Status.WAITING).order_by("turn").first()
        quota = quota_of(first.period, first.stream)
        places.grant(quota=quota, places=1, reason="One more", by=person(Role.COMMISSIONER), at=AT)
        waiting.fill(quota=quota, by=ensure_system_user(), at=AT + timedelta(days=2))
        page = text_of(who.get(url(cohort)))
        assert f"{first.reference}, joined the waiting list 26 November 2024" in page
        assert f"{first.reference}, sent" not in page

    def test_a_school_that_has_a_request_is_pointed_out(self, who, cohort, schools):
        one = sent_request(schools[0], by=who.user)
        assert f"Already has {one.reference}: sent 26 November 2024 by Sorrel Khan" in text_of(who.get(url(cohort)))

    def test_a_school_that_was_supported_before_is_pointed_out(self, who, cohort, schools):
        dates = {name: day - timedelta(days=365) for name, day in DATES.items()}
        earlier = period_with_places(**dates)
        one = sent_request(schools[0], by=who.user)
        Referral.objects.filter(pk=one.pk).update(period=earlier)
        assert "Supported before: 1 request in earlier periods" in text_of(who.get(url(cohort)))
        line = cohort.schools.get(establishment=schools[0])
        assert "Supported before: 1 request in earlier periods." in text_of(
            who.get(url(cohort, f"schools/{line.key}/"))
        )

    @pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
    def test_after_the_cut_off_it_says_that_sending_would_be_refused(self, who, sent):
        page = text_of(who.get(url(sent)))
        assert "Requests closed at the end of 13 December 2024" in page
        assert "would be refused" in page

    def test_schools_of_other_zones_are_counted(self, who, schools):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[who.zone, far])
        shared = ready_cohort([schools[0], EstablishmentFactory(school=True, zone=far, name="Far School")], by=both)
        page = text_of(who.get(url(shared)))
        assert "And 1 more that is not shown: in other zones" in page
        assert "Far School" not in page

    def test_the_co_ordinator_reads_and_changes_nothing(self, sent):
        page = text_of(sees(person(Role.S2S_COORDINATOR)).get(url(sent)))
        assert sent.why_now in page
        assert "And 1 more that is not shown: no request for it has reached you." in page
        for link in ("copy/", "withdraw/", "delete/", "plan/", "schools/add/"):
            assert url(sent, link) not in page
        assert "School C" not in page

    def test_each_look_is_recorded(self, who, cohort):
        who.get(url(cohort))
        rows = AuditEvent.objects.filter(kind=AuditKind.READ, reference=cohort.reference, user_id=who.user.pk)
        assert list(rows.values_list("what", flat=True)) == ["cohort page"]
        assert "no-store" in who.get(url(cohort)).headers["Cache-Control"]

    def test_somebody_elses_does_not_open(self, who):
        far = person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Far")])
        cohort = described_cohort(by=far)
        for page in ("", "describe/", "describe/group/", "copy/", "withdraw/", "delete/"):
            assert who.get(url(cohort, page)).status_code == 404
        for page in ("describe/group/", "copy/", "withdraw/", "delete/"):
            assert who.post(url(cohort, page), title="Ours now").status_code == 404
        assert Cohort.objects.get().title == cohort.title

    def test_who_sees_it_and_may_not_change_it_reads_why(self, sent):
        far = person(Role.SEND_ADVISER, Role.S2S_COORDINATOR, zones=[ZoneFactory(name="Far")])
        page = sees(far).get(url(sent, "copy/"))
        assert page.status_code == 403
        assert "Only a SEND Adviser of one of its zones" in text_of(page)

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries_before_it_is_sent(self, who, schools, django_assert_num_queries, count):
        cohort = ready_cohort(schools[:count], by=who.user)
        with django_assert_num_queries(15):
            who.get(url(cohort))

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries_after_it_is_sent(self, who, schools, django_assert_num_queries, count):
        cohort = ready_cohort(schools[:count], by=who.user)
        planned(cohort, *[Plan.NOW] * count, by=who.user)
        send(cohort, by=who.user)
        with django_assert_num_queries(16):
            who.get(url(cohort))

    def test_forty_schools_with_long_names(self, who):
        many = [
            EstablishmentFactory(school=True, zone=who.zone, name=f"{'Saint Withburga and All Angels ' * 4}{number}")
            for number in range(40)
        ]
        page = who.get(url(ready_cohort(many, by=who.user)))
        assert "Sending 40 ready schools would use 40 mainstream places." in text_of(page)
        assert text_of(page).count("govuk-task-list__link") == 40

    def test_a_long_history_opens_on_demand(self, who):
        many = [EstablishmentFactory(school=True, zone=who.zone) for _ in range(4)]
        cohort = ready_cohort(many, by=who.user)
        planned(cohort, *[Plan.NOW] * 4, by=who.user)
        send(cohort, by=who.user)
        who.post(url(cohort, "withdraw/"), **withdrawal(cohort))
        assert "govuk-details" not in text_of(who.get(url(cohort)))
        cohort_schools.add(cohort=cohort, establishments=many[:1], by=who.user, at=AT)
        line = CohortSchool.objects.get(cohort=cohort, attempt=2)
        cohort_schools.save(school=line, answers=school_answers(), version=1, by=who.user, at=AT)
        send(cohort, by=who.user)
        assert "1 earlier event<" in text_of(who.get(url(cohort)))


class TestCopy:
    @pytest.mark.parametrize(("answer", "schools_copied"), [("YES", 3), ("NO", 0)])
    def test_with_or_without_its_schools(self, who, sent, answer, schools_copied):
        page = who.post(url(sent, "copy/"), title="Spring", schools=answer)
        new = Cohort.objects.exclude(pk=sent.pk).get()
        assert page.url == url(new)
        assert (new.title, new.copied_from, new.schools.count()) == ("Spring", sent, schools_copied)
        assert f"Copied from {sent.reference}" in text_of(who.get(url(new)))

    def test_nothing_answered_is_asked_again(self, who, cohort):
        page = text_of(who.post(url(cohort, "copy/"), title=""))
        assert "Enter a title for the new cohort" in page
        assert "Select whether it starts with the same schools" in page
        assert Cohort.objects.count() == 1

    def test_signed_out_it_is_kept(self, who, cohort):
        page = signed_out_and_in(who, url(cohort, "copy/"), title="Typed before", schools="NO")
        assert 'value="Typed before"' in page
        assert "You were signed out." in page


def withdrawal(cohort, **changes):
    """What the page for withdrawing sends."""
    shown = list(Referral.objects.filter(cohort=cohort).values_list("reference", flat=True))
    return {"shown": shown, "reason": WithdrawReason.NO_LONGER_NEEDED, "note": ""} | changes


class TestWithdraw:
    def statuses(self, cohort):
        lines = Referral.objects.filter(cohort=cohort).order_by("pk")
        return list(lines.values_list("status", flat=True))

    def test_it_says_first_what_happens_to_each(self, who, sent):
        first, second = Referral.objects.filter(cohort=sent).order_by("pk")
        support.in_status(second, Status.SUPPORTING)
        page = text_of(who.get(url(sent, "withdraw/")))
        assert "1 gives the place back" in page
        assert "1 stays as it is" in page
        assert "Withdraw this request" in page
        assert f'name="shown" value="{first.reference}"' in page
        assert f'name="shown" value="{second.reference}"' not in page

    def test_all_that_may_be_are_withdrawn_for_one_reason(self, who, sent):
        page = who.post(url(sent, "withdraw/"), follow=True, **withdrawal(sent))
        assert "2 requests have been withdrawn." in text_of(page)
        assert self.statuses(sent) == [Status.WITHDRAWN] * 2
        assert all(one.place_id is None for one in Referral.objects.filter(cohort=sent))

    def test_those_that_wait_leave_the_list(self, who, cohort):
        for _ in range(4):
            sent_request(who.setting, by=who.user)
        planned(cohort, Plan.WAIT, Plan.WAIT, Plan.NOT_YET, by=who.user)
        send(cohort, by=who.user)
        assert "2 leave the waiting list" in text_of(who.get(url(cohort, "withdraw/")))
        who.post(url(cohort, "withdraw/"), **withdrawal(cohort))
        assert self.statuses(cohort) == [Status.WITHDRAWN] * 2

    def test_one_that_was_sent_meanwhile_was_not_shown_and_stays(self, who, sent):
        before = withdrawal(sent)
        planned(sent, Plan.NOW, by=who.user)
        send(sent, by=who.user)
        who.post(url(sent, "withdraw/"), **before)
        assert self.statuses(sent) == [Status.WITHDRAWN, Status.WITHDRAWN, Status.SUBMITTED]

    def test_a_second_press_changes_nothing_and_says_so(self, who, sent):
        sending = withdrawal(sent)
        who.post(url(sent, "withdraw/"), follow=True, **sending)
        page = text_of(who.post(url(sent, "withdraw/"), follow=True, **sending))
        assert "2 requests were past being withdrawn, or withdrawn already" in page
        assert "have been withdrawn." not in page

    def test_other_peoples_requests_are_none_of_it(self, who, sent):
        other = sent_request(who.setting, by=who.user)
        who.post(url(sent, "withdraw/"), **withdrawal(sent, shown=[other.reference]))
        other.refresh_from_db()
        assert other.status == Status.SUBMITTED
        assert self.statuses(sent) == [Status.SUBMITTED] * 2

    def test_without_a_reason_nothing_happens(self, who, sent):
        page = text_of(who.post(url(sent, "withdraw/"), **withdrawal(sent, reason="", note="Typed")))
        assert "Select why these requests are being withdrawn" in page
        assert "Typed" in page
        assert self.statuses(sent) == [Status.SUBMITTED] * 2

    def test_nothing_sent_nothing_to_withdraw(self, who, cohort):
        page = text_of(who.get(url(cohort, "withdraw/")))
        assert "Nothing here can be withdrawn" in page
        assert "No requests of this cohort are yours to withdraw." in page

    def test_a_colleagues_zone_stays(self, who, schools):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[who.zone, far])
        shared = ready_cohort([schools[0], EstablishmentFactory(school=True, zone=far)], by=both)
        planned(shared, Plan.NOW, Plan.NOW, by=both)
        send(shared, by=both)
        who.post(url(shared, "withdraw/"), **withdrawal(shared))
        assert self.statuses(shared) == [Status.WITHDRAWN, Status.SUBMITTED]


class TestDelete:
    def test_it_asks_first(self, who, cohort):
        page = text_of(who.get(url(cohort, "delete/")))
        assert "with 3 schools" in page
        assert Cohort.objects.exists()

    def test_then_it_goes(self, who, cohort):
        answer = who.post(url(cohort, "delete/"), follow=True)
        assert "has been deleted" in text_of(answer)
        assert not Cohort.objects.exists()

    def test_not_once_it_was_sent(self, who, sent):
        for answer in (who.get(url(sent, "delete/")), who.post(url(sent, "delete/"))):
            assert answer.url == url(sent)
        assert Cohort.objects.filter(pk=sent.pk).exists()

    def test_deleted_twice_at_once(self, who, cohort):
        with meanwhile("SAVEPOINT", lambda: cohorts.delete(cohort=cohort, by=who.user, at=AT)):
            answer = who.post(url(cohort, "delete/"))
        assert answer.url == "/cohorts/"

    def test_sent_while_it_is_deleted_it_stays(self, who, cohort):
        with meanwhile("SAVEPOINT", lambda: send(cohort, by=who.user)):
            answer = who.post(url(cohort, "delete/"), follow=True)
        assert "Requests of this cohort have been sent, so it stays." in text_of(answer)
        assert Cohort.objects.filter(pk=cohort.pk).exists()
