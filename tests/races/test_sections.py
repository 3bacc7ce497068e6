"""Drafts that several people write at once, over HTTP: nothing is saved over unseen, nothing half sent."""

import pytest

from referrals.choices import Section
from referrals.models import DraftReferral, DraftSection
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from tests import moments
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import start_draft
from tests.races.harness import Answer, Call, most_at_once, statuses, together, visitor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TABS = 20
ROUNDS = 3  # a forgotten lock shows in most rounds, not in every one


@pytest.fixture
def adviser(practice_date):
    practice_date(moments.AN_ORDINARY_TUESDAY)
    return person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()])


@pytest.fixture
def setting(adviser):
    return EstablishmentFactory(zone=adviser.memberships.get().zones.get())


def saves(site, adviser, draft, version: int) -> list[Call]:
    """The same section from this many tabs, each with words of its own, all shown the same version."""
    path = f"/drafts/{draft.key}/{Section.TRIED.value}/"
    return [
        Call(
            visitor(site, adviser),
            *("POST", path),
            {"version": str(version), "strategies_tried": f"Tab {tab}", "strategies_outcome": f"Outcome {tab}"},
        )
        for tab in range(TABS)
    ]


def check_one_won(answers: list[Answer], draft: DraftReferral, version: int) -> None:
    """One tab's words were saved, whole, and every other tab reads that it was not the first."""
    assert statuses(answers) == {302: 1, 200: TABS - 1}
    [winner] = [answer for answer in answers if answer.status == 302]
    for other in answers:
        assert other is winner or "saved this section at" in other.body
    draft.refresh_from_db()
    typed = winner.call.fields
    assert (draft.strategies_tried, draft.strategies_outcome) == (
        typed["strategies_tried"],
        typed["strategies_outcome"],
    )
    assert draft.sections.get(section=Section.TRIED).version == version + 1


def test_of_twenty_tabs_that_save_one_section_exactly_one_wins(racing_site, adviser, setting):
    draft = start_draft(setting, by=adviser)
    before = AuditEvent.objects.filter(what="saved tried").count()
    for version in range(ROUNDS):  # the first save makes the section's row, the others change it
        answers = together(saves(racing_site, adviser, draft, version))
        assert most_at_once(answers) > 1
        check_one_won(answers, draft, version)
    assert AuditEvent.objects.filter(what="saved tried").count() == before + ROUNDS
    assert DraftSection.objects.filter(draft=draft, section=Section.TRIED).count() == 1


def test_different_sections_saved_at_once_all_stay(racing_site, adviser, setting):
    draft = start_draft(setting, by=adviser)
    typed = {
        Section.TRIED: {"strategies_tried": "Timetables", "strategies_outcome": "Calmer"},
        Section.SUPPORT: {"support_wanted": "OBSERVATION", "goal_1": "Asks for help"},
        Section.CONTACT: {"contact_name": "Perran Oxnead", "contact_email": "perran@setting.invalid"},
        Section.CONVERSATION: {"conversation_with": "Perran", "conversation_agreed": "An observation"},
    }
    calls = [
        Call(
            visitor(racing_site, adviser),
            *("POST", f"/drafts/{draft.key}/{section.value}/"),
            {"version": "0", "action": "later", **fields},
        )
        for section, fields in typed.items()
    ]
    assert statuses(together(calls)) == {302: len(calls)}
    draft.refresh_from_db()
    assert draft.strategies_tried == "Timetables"
    assert (draft.support_wanted, draft.goal_1) == (["OBSERVATION"], "Asks for help")
    assert draft.contact_email == "perran@setting.invalid"
    assert draft.conversation_agreed == "An observation"
