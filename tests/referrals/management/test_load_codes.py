"""`manage.py load_codes`: every council needs the codes before its first request."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from referrals.models import IndesSection, NeedType

pytestmark = pytest.mark.django_db


def load() -> str:
    said = StringIO()
    call_command("load_codes", stdout=said)
    return said.getvalue()


def test_codes_are_loaded_once_and_what_was_changed_since_stays():
    assert load() == "21 codes added.\n"
    assert (NeedType.objects.count(), IndesSection.objects.count()) == (14, 7)
    NeedType.objects.filter(code="SLCN").update(valid_to=date(2026, 8, 31))
    assert load() == "0 codes added.\n"
    assert NeedType.objects.get(code="SLCN").valid_to == date(2026, 8, 31)
