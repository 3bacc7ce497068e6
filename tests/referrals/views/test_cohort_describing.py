"""Describing a cohort: three short pages on which nothing that was typed is lost."""

import re

import pytest

from referrals.actions import cohorts
from referrals.choices import SupportKind, YearGroup
from referrals.models import Cohort, IndesSection, NeedType
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import described_cohort, description, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import Desk, desk, signed_in, signed_out_and_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
GROUP = {
    "title": "Language groups",
    "why_now": "Four schools report it.",
    "year_groups": ["1", "2"],
    "children": "24",
    "named": "NO",
}


@pytest.fixture
def who():
    return desk(Role.SEND_ADVISER, mainstream=4)


@pytest.fixture
def cohort(who):
    return described_cohort(by=who.user)


def url(cohort, part=""):
    return f"/cohorts/{cohort.reference}/describe/{part}{'/' if part else ''}"


def needs(**changes):
    return {
        "primary_need_id": NeedType.objects.get(code="SLCN").pk,
        "indes_section_id": IndesSection.objects.get(number=4).pk,
        "indes_level": "3",
        "strategies_tried": "Groups.",
        "strategies_outcome": "More words.",
    } | changes


def colleague(who):
    """Another adviser of the same zone, in a browser of their own."""
    other = person(Role.SEND_ADVISER, zones=[who.zone], full_name="Ida Mautby")
    return Desk(signed_in(other), other, who.zone, who.setting, who.period)


def post(who, cohort, part, version=2, **typed):
    return who.post(url(cohort, part), version=version, **typed)


def test_from_the_first_page_to_the_cohort(who):
    cohort = cohorts.start(title="New", zones=[who.zone], by=who.user, at=AT)
    assert who.get(url(cohort)).url == url(cohort, "group")
    assert post(who, cohort, "group", 1, **GROUP).url == url(cohort, "needs")
    assert who.get(url(cohort)).url == url(cohort, "needs")
    described_cohort(by=who.user)  # the codes are there
    assert post(who, cohort, "needs", 2, **needs()).url == url(cohort, "support")
    answer = post(who, cohort, "support", 3, support_wanted=[SupportKind.OBSERVATION], goal_1="Same signs.")
    assert answer.url == f"/cohorts/{cohort.reference}/"
    assert who.get(url(cohort)).url == f"/cohorts/{cohort.reference}/"
    cohort.refresh_from_db()
    assert (cohort.year_groups, cohort.children, cohort.goal_1) == ([YearGroup.Y1, YearGroup.Y2], 24, "Same signs.")
    assert list(cohort.zones.all()) == [who.zone]


def test_every_answer_comes_back(who, cohort):
    pages = [text_of(who.get(url(cohort, part))) for part in ("group", "needs", "support")]
    whole = "".join(pages)
    answers = description()
    for name in ("title", "why_now", "need_description", "strategies_tried", "strategies_outcome", "goal_1"):
        assert answers[name] in whole
    for value in (*answers["year_groups"], *answers["support_wanted"], "NO"):
        assert re.search(rf'value="{value}"[^>]*checked', whole)
    assert re.search(rf'value="{answers["primary_need_id"]}" selected', whole)
    assert re.search(rf'name="further_needs"[^>]*value="{answers["further_needs"][0].pk}"[^>]*checked', whole)


def test_a_page_that_is_changed_leads_back_to_the_cohort(who, cohort):
    answer = who.post(url(cohort, "support") + "?from=cohort", version=2, support_wanted=["ADVICE"], goal_1="Other.")
    assert answer.url == f"/cohorts/{cohort.reference}/"


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(who, cohort):
    page = text_of(post(who, cohort, "group", title="Typed", why_now="", named="YES", names_reason=""))
    for sentence in (
        "Enter why these children need support now",
        "Select at least one year group",
        "Enter how many children are in the cohort",
        "Enter why children have to be named",
    ):
        assert sentence in page
    assert 'value="Typed"' in page
    assert Cohort.objects.get().title == cohort.title


def test_it_may_be_left_for_later(who, cohort):
    answer = post(who, cohort, "group", action="later", title="Half", why_now="", named="NO")
    assert answer.url == f"/cohorts/{cohort.reference}/"
    cohort.refresh_from_db()
    assert (cohort.title, cohort.why_now, cohort.year_groups) == ("Half", "", [])


@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("group", {"children": "many"}, "must be a number"),
        ("group", {"children": "0"}, "must be 1 or more"),
        ("group", {"year_groups": ["U2"]}, "using one of the answers on this page"),
        ("group", {"title": "x" * 151}, "150 characters or fewer"),
        ("group", {"why_now": "x" * 4001}, "4000 characters or fewer"),
        ("needs", {"indes_level": "8"}, "must be 7 or less"),
        ("needs", {"indes_section_id": "99999"}, "using one of the answers on this page"),
        ("support", {"support_wanted": ["CAKE"]}, "using one of the answers on this page"),
        ("support", {"goal_1": "a\x00b"}, "characters that cannot be shown"),
    ],
)
@pytest.mark.parametrize("action", ["continue", "later"])
def test_what_cannot_be_saved_is_refused_either_way(who, cohort, part, typed, sentence, action):
    page = post(who, cohort, part, action=action, **typed)
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert Cohort.objects.get().version == 2


class TestIndes:
    def test_asked_with_its_version_from_reception_to_year_11(self, who, cohort):
        page = text_of(who.get(url(cohort, "needs")))
        assert "INDES version: before 2026" in page
        assert "A number from 1 to 7" in page

    def test_not_asked_of_the_youngest_and_blanked(self, who, cohort):
        post(who, cohort, "group", **GROUP | {"year_groups": ["N2"]})
        assert "INDES" not in text_of(who.get(url(cohort, "needs")))
        cohort.refresh_from_db()
        assert (cohort.indes_section, cohort.indes_level) == (None, None)

    def test_not_asked_while_no_version_is_in_force_and_blanked_by_the_next_save(self, who, cohort):
        IndesSection.objects.update(valid_to=AT.date().replace(day=1))
        assert "INDES" not in text_of(who.get(url(cohort, "needs")))
        assert post(who, cohort, "needs", **needs()).status_code == 302
        cohort.refresh_from_db()
        assert cohort.indes_section is None

    def test_section_and_level_are_needed(self, who, cohort):
        page = text_of(post(who, cohort, "needs", **needs(indes_section_id="", indes_level="")))
        assert "Select the INDES section" in page
        assert "Select the INDES level" in page

    def test_a_need_that_is_not_valid_yet_is_not_offered(self, who, cohort):
        assert "Down syndrome" not in text_of(who.get(url(cohort, "needs")))

    def test_the_main_need_is_no_further_need(self, who, cohort):
        main = NeedType.objects.get(code="SLCN").pk
        page = text_of(post(who, cohort, "needs", **needs(further_needs=[main])))
        assert "Further types of need must differ from the main one" in page


class TestNames:
    def test_no_child_is_named_unless_the_adviser_says_why(self, who, cohort):
        page = text_of(who.get(url(cohort, "group")))
        assert re.search(r'name="named"[^>]*value="NO"[^>]*checked', page)
        assert "S2S works with groups of children without knowing their names." in page

    def test_why_is_kept_and_goes_with_no(self, who, cohort):
        post(who, cohort, "group", **GROUP | {"named": "YES", "names_reason": "To know them."})
        cohort.refresh_from_db()
        assert cohort.names_reason == "To know them."
        post(who, cohort, "group", 3, **GROUP | {"names_reason": "To know them."})
        cohort.refresh_from_db()
        assert cohort.names_reason == ""


class TestZones:
    def test_the_only_zone_is_not_asked_for(self, who, cohort):
        assert 'name="zones"' not in text_of(who.get(url(cohort, "group")))

    def test_of_several_at_least_one(self, who):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[who.zone, far])
        desk_of_both = Desk(signed_in(both), both, who.zone, who.setting, who.period)
        cohort = described_cohort(by=both)
        page = text_of(post(desk_of_both, cohort, "group", **GROUP))
        assert "Select at least one of your zones" in page
        post(desk_of_both, cohort, "group", **GROUP | {"zones": [far.pk]})
        assert list(cohort.zones.all()) == [far]

    def test_left_for_later_without_any_its_zones_stay(self, who):
        far = ZoneFactory(name="Far")
        both = person(Role.SEND_ADVISER, zones=[who.zone, far])
        cohort = described_cohort(by=both)
        answer = post(
            Desk(signed_in(both), both, who.zone, who.setting, who.period), cohort, "group", action="later", **GROUP
        )
        assert answer.status_code == 302
        assert cohort.zones.count() == 2

    def test_a_colleagues_zone_stays_and_is_no_conflict(self, who):
        far = ZoneFactory(name="Far")
        cohort = described_cohort(by=person(Role.SEND_ADVISER, zones=[who.zone, far]))
        post(who, cohort, "group", **GROUP)
        assert set(cohort.zones.all()) == {who.zone, far}
        # pressed twice: the second is no conflict
        assert post(who, cohort, "group", **GROUP).url == url(cohort, "needs")


class TestTwoAtOnce:
    def test_both_answers_are_shown_and_a_second_press_keeps_ones_own(self, who, cohort):
        post(colleague(who), cohort, "group", **GROUP | {"why_now": "Theirs.", "year_groups": ["3"]})
        page = post(who, cohort, "group", **GROUP | {"why_now": "Mine."})
        text = text_of(page)
        assert "Ida Mautby saved this page while you were writing" in text
        assert "Error:" in text
        assert "Mine." in text
        theirs = re.findall(r'id="theirs-(\w+)"', text)
        assert theirs == ["why_now", "year_groups"]
        assert "Theirs." in text
        assert "Year 3" in text
        version = re.search(r'name="version" value="(\d+)"', text)[1]
        assert post(who, cohort, "group", version, **GROUP | {"why_now": "Mine."}).status_code == 302
        assert Cohort.objects.get().why_now == "Mine."

    def test_ones_own_other_window_is_named_so(self, who, cohort):
        post(who, cohort, "support", support_wanted=["ADVICE"], goal_1="One.")
        page = text_of(post(who, cohort, "support", support_wanted=["ADVICE"], goal_1="Two."))
        assert "You saved this page in another window while you were writing" in page

    def test_the_same_answers_are_no_conflict(self, who, cohort):
        same = needs(further_needs=[NeedType.objects.get(code="SEMH").pk])
        post(colleague(who), cohort, "needs", **same)
        assert post(who, cohort, "needs", **same).url == url(cohort, "support")

    def test_whether_children_are_named_is_told_too(self, who, cohort):
        post(colleague(who), cohort, "group", **GROUP | {"named": "YES", "names_reason": "Theirs."})
        page = text_of(post(who, cohort, "group", **GROUP))
        assert re.findall(r'id="theirs-(\w+)"', page) == ["named", "names_reason"]

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1"])
    def test_a_forged_version_saves_nothing(self, who, cohort, version):
        post(who, cohort, "support", version, support_wanted=["ADVICE"], goal_1="Forged.")
        assert Cohort.objects.get().goal_1 == description()["goal_1"]


class TestTooLate:
    @pytest.fixture
    def sent(self, who):
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=who.zone)], by=who.user)
        assert send(cohort, by=who.user).sent
        return cohort

    def test_a_sent_description_stays(self, who, sent):
        for part in ("group", "needs", "support"):
            assert who.get(url(sent, part)).url == f"/cohorts/{sent.reference}/"

    def test_what_was_typed_is_shown_to_copy(self, who, sent):
        page = post(who, sent, "group", 3, **GROUP | {"why_now": "Long text."})
        assert page.status_code == 409
        assert "Long text." in text_of(page)
        assert "its description stays" in text_of(page)

    def test_of_a_cohort_that_is_gone_too(self, who, cohort):
        cohorts.delete(cohort=cohort, by=who.user, at=AT)
        page = post(who, cohort, "group", **GROUP | {"why_now": "Long text."})
        assert page.status_code == 404
        assert "Long text." in text_of(page)

    def test_deleted_while_it_is_saved(self, who, cohort):
        with meanwhile("SAVEPOINT", lambda: cohorts.delete(cohort=cohort, by=who.user, at=AT)):
            page = post(who, cohort, "group", **GROUP | {"why_now": "Long text."})
        assert page.status_code == 404
        assert "Long text." in text_of(page)

    def test_sent_while_it_is_saved(self, who):
        cohort = ready_cohort([EstablishmentFactory(school=True, zone=who.zone)], by=who.user)
        with meanwhile("SAVEPOINT", lambda: send(cohort, by=who.user)):
            page = post(who, cohort, "group", 2, **GROUP | {"why_now": "Long text."})
        assert page.status_code == 409
        assert "Long text." in text_of(page)

    def test_no_such_page(self, who, cohort):
        assert who.get(url(cohort, "cake")).status_code == 404


def test_signed_out_it_is_kept(who, cohort):
    page = signed_out_and_in(who, url(cohort, "support"), version=2, support_wanted="ADVICE", goal_1="Typed before.")
    assert 'value="Typed before."' in page
    assert "You were signed out." in page
    assert 'name="version" value="2"' in page
    assert Cohort.objects.get().goal_1 == description()["goal_1"]


def test_each_reading_is_recorded(who, cohort):
    who.get(url(cohort, "needs"))
    rows = AuditEvent.objects.filter(kind=AuditKind.READ, reference=cohort.reference)
    assert list(rows.values_list("what", flat=True)) == ["read needs of a cohort"]


def test_the_co_ordinator_describes_nothing(who, cohort):
    user = person(Role.S2S_COORDINATOR)
    page = Desk(signed_in(user), user, None, None, None).get(url(cohort, "group"))
    assert page.status_code == 403
