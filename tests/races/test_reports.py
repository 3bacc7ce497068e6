"""A report to commissioners takes its time: while it is made, requests are sent; made twice at once, there are two."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections

from quotas.models import Period
from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.oversight.actions.issuing import issue
from s2s_portal.oversight.models import IssuedReport
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_requests_are_sent_while_a_report_is_made():
    commissioner, zone = person(Role.COMMISSIONER), ZoneFactory()
    period, setting = period_with_places(by=commissioner), EstablishmentFactory(zone=zone)
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])

    def send():
        try:
            return sent_request(setting, by=adviser).pk
        finally:
            connections.close_all()

    def made(number):
        with ThreadPoolExecutor(1) as beside:
            return str(beside.submit(send).result()).encode()

    one = issue(period=period, made=made, key=uuid.uuid4(), by=commissioner, at=AT)
    assert [bytes(one.content)] == [str(pk).encode() for pk in Referral.objects.values_list("pk", flat=True)]


def put(period, commissioner, key):
    told = {"key": key, "by": User.objects.get(pk=commissioner), "at": AT}
    return issue(period=Period.objects.get(pk=period), made=lambda number: str(number).encode(), **told).number


def test_of_reports_issued_at_once_each_has_a_number_and_each_key_one_report():
    commissioner = person(Role.COMMISSIONER)
    period = period_with_places(by=commissioner)
    keys = [uuid.uuid4() for _ in range(4)]
    numbers = at_once([partial(put, period.pk, commissioner.pk, key) for key in [*keys, *keys]])
    assert numbers[:4] == numbers[4:]
    assert sorted(numbers[:4]) == [1, 2, 3, 4]
    assert all(bytes(one.content) == str(one.number).encode() for one in IssuedReport.objects.all())
