"""Who gets what from the settings; see tests/test_routes.py."""

from datetime import date
from typing import Any

from referrals.models import NeedType
from s2s_portal.organisations.choices import Eligibility, Role
from s2s_portal.organisations.models import ComingMeaning, EstablishmentKind, Zone
from tests.moments import AN_ORDINARY_TUESDAY as AT

GET = """
referrals:lever_list                403 403  403   403   200  200   403   302  302
referrals:lever_texts               403 403  403   403   200  200   403   302  302
referrals:lever_text                403 403  403   403   200  200   403   302  302
referrals:lever_fees                403 403  403   403   200  403   403   302  302
referrals:lever_fee_add             403 403  403   403   200  403   403   302  302
referrals:lever_codes               403 403  403   403   200  200   403   302  302
referrals:lever_code_add            403 403  403   403   200  200   403   302  302
referrals:lever_code_label          403 403  403   403   200  200   403   302  302
referrals:lever_code_end            403 403  403   403   200  200   403   302  302
referrals:lever_kinds               403 403  403   403   403  200   403   302  302
referrals:lever_kind                403 403  403   403   403  200   403   302  302
referrals:lever_kind_take_back      403 403  403   403   403  200   403   302  302
referrals:lever_zones               403 403  403   403   403  200   403   302  302
referrals:lever_zone_add            403 403  403   403   403  200   403   302  302
referrals:lever_zone                403 403  403   403   403  200   403   302  302
referrals:lever_zone_remove         403 403  403   403   403  200   403   302  302
"""
POST = """
referrals:lever_text                403 403  403   403   200  200   403   302  302
referrals:lever_fee_add             403 403  403   403   200  403   403   302  302
referrals:lever_code_add            403 403  403   403   200  200   403   302  302
referrals:lever_code_label          403 403  403   403   200  200   403   302  302
referrals:lever_code_end            403 403  403   403   200  200   403   302  302
referrals:lever_kind                403 403  403   403   403  200   403   302  302
referrals:lever_kind_take_back      403 403  403   403   403  200   403   302  302
referrals:lever_zone_add            403 403  403   403   403  200   403   302  302
referrals:lever_zone                403 403  403   403   403  200   403   302  302
referrals:lever_zone_remove         403 403  403   403   403  200   403   302  302
"""


def _waiting(council: Any) -> ComingMeaning:
    """What a kind is to mean from a day to come."""
    return ComingMeaning.objects.create(
        kind=EstablishmentKind.objects.order_by("-pk").first(),
        eligibility=Eligibility.NOT_ELIGIBLE,
        from_day=date(2030, 1, 1),
        reason="As agreed.",
        set_by=council.people[Role.ADMINISTRATOR],
        set_at=AT,
    )


def about(council: Any) -> dict[str, dict[str, object]]:
    """What each of these pages is about, by route."""
    code = {"slug": "types-of-need", "pk": NeedType.objects.first().pk}
    return {
        "referrals:lever_text": {"slug": "start-schools-route"},
        "referrals:lever_codes": {"slug": "types-of-need"},
        "referrals:lever_code_add": {"slug": "indes"},
        "referrals:lever_code_label": code,
        "referrals:lever_code_end": code,
        "referrals:lever_kind": {"pk": EstablishmentKind.objects.first().pk},
        "referrals:lever_kind_take_back": {"pk": _waiting(council).pk},
        "referrals:lever_zone": {"pk": Zone.objects.first().pk},
        "referrals:lever_zone_remove": {"pk": Zone.objects.first().pk},
    }
