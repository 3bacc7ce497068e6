"""Drafts: who may start, save and delete them, and two people at once."""

from datetime import timedelta

import pytest

from referrals.actions import drafts
from referrals.actions.drafts import Conflict
from referrals.choices import Section, SectionState
from referrals.models import DraftReferral, DraftSection
from referrals.queries import drafts as draft_queries
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import (
    ContactPersonFactory,
    EstablishmentFactory,
    EstablishmentKindFactory,
    ZoneFactory,
    person,
)
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import CUT_OFF_DAY_MORNING as LATER

pytestmark = pytest.mark.django_db
TRIED = {"strategies_tried": "Signs", "strategies_outcome": "Calmer"}


@pytest.fixture
def zone():
    return ZoneFactory()


@pytest.fixture
def setting(zone):
    return EstablishmentFactory(zone=zone)


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone])


def save(draft, by, *, version=0, answers=TRIED, section=Section.TRIED, at=AT):
    return drafts.save_section(draft=draft, section=section, answers=answers, version=version, by=by, at=at)


class TestStart:
    def test_the_setting_is_done_and_the_contact_is_filled_in(self, setting, adviser):
        ContactPersonFactory(establishment=setting, name="Deputy", is_deputy=True)
        ContactPersonFactory(establishment=setting, name="Named", email="named@setting.invalid")

        draft = drafts.start(establishment=setting, by=adviser, at=AT)

        assert (draft.stream, draft.started_by, draft.started_at) == (setting.kind.stream, adviser, AT)
        assert (draft.contact_name, draft.contact_email) == ("Named", "named@setting.invalid")
        lines = draft_queries.task_list(draft, user=adviser, today=calendar.london_date(AT))
        states = {line.section: line.state for line in lines}
        assert states.pop(Section.SETTING) == SectionState.DONE
        assert set(states.values()) == {SectionState.NOT_STARTED}
        assert AuditEvent.objects.get().reference == draft.audit_reference

    @pytest.mark.parametrize("eligibility", [Eligibility.NOT_ELIGIBLE, Eligibility.PROVIDER])
    def test_some_kinds_cannot_have_requests(self, zone, adviser, eligibility):
        kind = EstablishmentKindFactory(source=Source.GIAS, name="Special", eligibility=eligibility)
        with pytest.raises(drafts.CannotChoose, match="this kind"):
            drafts.start(establishment=EstablishmentFactory(kind=kind, zone=zone), by=adviser, at=AT)

    @pytest.mark.parametrize("school", [True, False])
    def test_each_stream_has_its_own_adviser(self, zone, school):
        wrong = Role.EARLY_YEARS_ADVISER if school else Role.SEND_ADVISER
        with pytest.raises(NotAllowed, match="Only a person with the role"):
            drafts.start(
                establishment=EstablishmentFactory(school=school, zone=zone), by=person(wrong, zones=[zone]), at=AT
            )

    @pytest.mark.parametrize("role", [role for role in Role if "ADVISER" not in role])
    def test_nobody_else_starts_one(self, setting, zone, role):
        with pytest.raises(NotAllowed):
            drafts.start(establishment=setting, by=person(role, zones=[zone]), at=AT)

    def test_not_for_a_closed_one_nor_one_elsewhere(self, zone, adviser):
        for other in (
            EstablishmentFactory(zone=zone, closed=True),
            EstablishmentFactory(),
            EstablishmentFactory(zone=None),
        ):
            with pytest.raises(drafts.CannotChoose):
                drafts.start(establishment=other, by=adviser, at=AT)
        assert not DraftReferral.objects.exists()

    def test_pressed_twice_is_one_draft(self, setting, adviser):
        first = drafts.start(establishment=setting, by=adviser, at=AT)
        assert drafts.start(establishment=setting, by=adviser, at=AT) == first
        assert DraftReferral.objects.count() == DraftSection.objects.count() == 1

    @pytest.mark.parametrize("later", [timedelta(seconds=60), timedelta(days=1)], ids=str)
    def test_pressed_again_later_is_another(self, setting, adviser, later):
        first = drafts.start(establishment=setting, by=adviser, at=AT)
        assert drafts.start(establishment=setting, by=adviser, at=AT + later) != first

    def test_a_draft_that_was_written_in_is_left_alone(self, setting, adviser):
        first = drafts.start(establishment=setting, by=adviser, at=AT)
        save(first, adviser)
        assert drafts.start(establishment=setting, by=adviser, at=AT) != first

    def test_a_colleague_starts_their_own(self, setting, adviser, zone):
        first = drafts.start(establishment=setting, by=adviser, at=AT)
        colleague = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        assert drafts.start(establishment=setting, by=colleague, at=AT) != first


class TestSave:
    def test_saves_its_columns_and_no_others(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)

        saved = save(draft, adviser, answers=TRIED | {"goal_1": "Not of this section"}, at=LATER)

        draft.refresh_from_db()
        assert (saved.version, saved.saved_by, saved.saved_at) == (1, adviser, LATER)
        assert (draft.strategies_tried, draft.goal_1, draft.changed_at) == ("Signs", "", LATER)

    def test_each_save_raises_the_version(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        assert [save(draft, adviser, version=version).version for version in (0, 1, 2)] == [1, 2, 3]

    @pytest.mark.parametrize("version", [0, 1, 9], ids=["never saved", "old", "invented"])
    def test_an_old_version_changes_nothing_and_shows_whose_is_there(self, setting, adviser, zone, version):
        colleague = person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="S. Khan")
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        save(draft, adviser)
        save(draft, colleague, version=1, answers={"strategies_tried": "Theirs"})

        outcome = save(draft, adviser, version=version, answers={"strategies_tried": "Mine"})

        assert isinstance(outcome, Conflict)
        assert (str(outcome.theirs.saved_by), outcome.theirs.version) == ("S. Khan", 2)
        draft.refresh_from_db()
        assert draft.strategies_tried == "Theirs"

    def test_an_invented_version_of_a_section_never_saved_is_its_first_save(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        assert save(draft, adviser, version=9).version == 1

    def test_the_setting_may_be_changed_to_another_of_the_own_zones(self, setting, adviser, zone):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        other = EstablishmentFactory(zone=zone)
        save(draft, adviser, section=Section.SETTING, version=1, answers={"establishment_id": other.pk})
        draft.refresh_from_db()
        assert draft.establishment == other

    def test_but_not_to_one_elsewhere(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        answers = {"establishment_id": EstablishmentFactory().pk}
        with pytest.raises(drafts.CannotChoose, match="outside your zones"):
            save(draft, adviser, section=Section.SETTING, version=1, answers=answers)

    def test_a_stranger_may_not(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        stranger = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])
        with pytest.raises(DraftReferral.DoesNotExist):
            save(draft, stranger)
        assert not DraftSection.objects.filter(section=Section.TRIED).exists()

    def test_a_setting_that_closes_meanwhile_needs_attention(self, setting, adviser):
        draft = filled_draft(setting, by=adviser)
        setting.status = "CLOSED"
        setting.save()
        draft = draft_queries.find(adviser, draft.key)
        first = draft_queries.task_list(draft, user=adviser, today=calendar.london_date(AT))[0]
        assert first.state == SectionState.NEEDS_ATTENTION
        assert "closed" in first.problems[0].sentence

    def test_a_draft_that_is_gone_is_not_saved(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        DraftReferral.objects.all().delete()
        with pytest.raises(DraftReferral.DoesNotExist):
            save(draft, adviser)


class TestDelete:
    def test_the_draft_is_gone_and_the_audit_says_who(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        drafts.delete(draft=draft, by=adviser, at=AT)
        assert not DraftReferral.objects.exists()
        assert AuditEvent.objects.filter(what="deleted a draft", user_id=adviser.pk).count() == 1

    def test_a_stranger_may_not(self, setting, adviser):
        draft = drafts.start(establishment=setting, by=adviser, at=AT)
        with pytest.raises(NotAllowed):
            drafts.delete(draft=draft, by=person(Role.SEND_ADVISER, zones=[setting.zone]), at=AT)
        assert DraftReferral.objects.exists()
