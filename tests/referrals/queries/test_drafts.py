"""The list of drafts: it knows how far each has got without reading what was typed."""

import pytest

from referrals.queries import drafts
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import filled_draft, start_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.sqlite]
TODAY = london_date(AT)
MISSING = {
    "nothing": {},
    "words": {"need_description": "", "strategies_outcome": ""},
    "names": {"child_first_name": "", "contact_name": ""},
    "a goal": {"goal_1": ""},
}


@pytest.fixture(params=[Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER])
def adviser(request):
    return person(request.param, zones=[ZoneFactory()])


def establishment(adviser):
    held = adviser.memberships.get()
    return EstablishmentFactory(zone=held.zones.get(), school=held.role == Role.SEND_ADVISER)


def one(adviser, **changes):
    return filled_draft(establishment(adviser), by=adviser, at=AT, **changes)


@pytest.mark.parametrize("changes", MISSING.values(), ids=MISSING)
def test_a_listed_draft_has_got_as_far_as_the_whole_one(adviser, changes, django_assert_num_queries):
    draft = one(adviser, **changes)
    listed = drafts.listed(adviser, TODAY).get()
    with django_assert_num_queries(0):
        lines = drafts.task_list(listed, user=adviser, today=TODAY)
    whole = drafts.find(adviser, draft.key)
    assert lines == drafts.task_list(whole, user=adviser, today=TODAY)
    assert bool(changes) == any(line.problems for line in lines)


def test_a_listed_draft_holds_nothing_that_was_typed(adviser):
    one(adviser, child_first_name="Wilf", need_description="Few words yet")
    listed = drafts.listed(adviser, TODAY).get()
    assert set(drafts.TYPED) <= listed.get_deferred_fields()
    held = [value for value in vars(listed).values() if isinstance(value, str)]
    assert "Few words yet" not in held
    assert "Wilf" not in held


def test_a_draft_only_started_is_listed_as_such(adviser):
    start_draft(establishment(adviser), by=adviser, at=AT)
    setting, *others = drafts.task_list(drafts.listed(adviser, TODAY).get(), user=adviser, today=TODAY)
    assert not setting.problems
    assert all(line.problems for line in others)
