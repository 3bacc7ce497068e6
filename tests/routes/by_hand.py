"""Who adds a setting that is not listed, names one and merges two; see tests/test_routes.py."""

from typing import Any

from s2s_portal.organisations.choices import Role
from tests.factories.cohorts import described_cohort
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import start_draft

GET = """
referrals:not_listed_new            200 200  403   403   403  403   403   302  302
referrals:not_listed_draft          200 404  403   403   403  403   403   302  302
referrals:not_listed_cohort         403 200  403   403   403  403   403   302  302
referrals:by_hand_list              403 403  403   403   403  200   403   302  302
referrals:correct_setting           403 403  403   403   403  200   403   302  302
referrals:merge_find                403 403  403   403   403  200   403   302  302
referrals:merge                     403 403  403   403   403  200   403   302  302
referrals:nameless_list             403 403  403   403   403  200   403   302  302
referrals:give_name                 403 403  403   403   403  200   403   302  302
"""
POST = """
referrals:not_listed_new            200 200  403   403   403  403   403   302  302
referrals:not_listed_draft          200 404  403   403   403  403   403   302  302
referrals:not_listed_cohort         403 200  403   403   403  403   403   302  302
referrals:correct_setting           403 403  403   403   403  200   403   302  302
referrals:merge                     403 403  403   403   403  200   403   302  302
referrals:give_name                 403 403  403   403   403  200   403   302  302
"""


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    local, nameless = EstablishmentFactory(by_hand=True), EstablishmentFactory(withheld=True)
    draft = start_draft(EstablishmentFactory(zone=council.zone), by=council.people[Role.EARLY_YEARS_ADVISER])
    cohort = described_cohort(by=council.people[Role.SEND_ADVISER])
    return {
        "referrals:not_listed_draft": {"key": draft.key},
        "referrals:not_listed_cohort": {"reference": cohort.reference},
        "referrals:correct_setting": {"urn": local.urn},
        "referrals:merge_find": {"urn": local.urn},
        "referrals:merge": {"urn": local.urn, "source": council.setting.source, "into": council.setting.urn},
        "referrals:give_name": {"source": nameless.source, "urn": nameless.urn},
    }
