"""`manage.py load_norfolk_2024`, as an operator of a new installation types it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quotas import queries
from quotas.models import Contract, FeeRule, LedgerEntry
from s2s_portal.core import clock
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.organisations import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SAYS = (
    "School to School support, September 2024 to March 2025: Autumn 2024 and spring 2025, "
    "requests until 13 December 2024.\n"
)


def load(by: str) -> str:
    said = StringIO()
    call_command("load_norfolk_2024", "--by", by, stdout=said)
    return said.getvalue()


def test_it_loads_the_places_and_fees_in_the_commissioners_name_and_once():
    by = person(Role.COMMISSIONER, email="merle@council.invalid")
    assert load("Merle@council.invalid") == load("merle@council.invalid") == SAYS
    left = {quota.stream: queries.places_left(quota) for quota in queries.quotas_at(clock.now())}
    assert left == {Stream.EARLY_YEARS: 50, Stream.MAINSTREAM: 85}
    assert {line.by for line in LedgerEntry.objects.all()} == {by}
    assert FeeRule.objects.count() == 4


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@council.invalid", "Nobody active has the e-mail address nobody@council.invalid"),
        ("gone@council.invalid", "Nobody active has the e-mail address gone@council.invalid"),
        ("ann@council.invalid", "Your role does not let you set up contracts, periods and places"),
    ],
)
def test_nobody_else_may_and_nothing_is_loaded(email, sentence):
    person(Role.ADMINISTRATOR, email="ann@council.invalid")
    person(Role.COMMISSIONER, email="gone@council.invalid", is_active=False)
    with pytest.raises(CommandError, match=sentence):
        load(email)
    assert not Contract.objects.exists()
    assert not FeeRule.objects.exists()
