"""The page of needs: whose needs nobody without access to the cases can list (R16)."""

import re

import pytest
from django.urls import reverse

from referrals.models import NeedType
from s2s_portal.organisations.choices import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGE = reverse("oversight:dashboard", args=["needs"])


def drill(figure: str, line: str) -> str:
    return reverse("oversight:requests", args=["needs", figure, line])


def need_drills(html: str) -> list[str]:
    return re.findall(r'href="(/dashboards/needs/(?:need|year|sen)/[^"]*)"', html)


def test_the_commissioner_lists_no_requests_by_need_child_or_status(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    html = client.get(PAGE).content.decode()
    assert need_drills(html) == []
    assert "protect children" in html
    assert "fewer than 6" in html
    speech = str(NeedType.objects.get(code="SLCN").pk)
    for figure, line in (("need", speech), ("year", "nursery-3"), ("sen", "K")):
        assert client.get(drill(figure, line)).status_code == 404
    assert client.get(drill("wanted", "OBSERVATION")).status_code == 200


def test_the_coordinator_sees_the_cases_and_so_the_numbers(council, client_for):
    client = client_for(council.people[Role.S2S_COORDINATOR])
    html = client.get(PAGE).content.decode()
    assert "fewer than 6" not in html
    speech = str(NeedType.objects.get(code="SLCN").pk)
    for url in (drill("need", speech), drill("year", "nursery-3"), drill("sen", "K")):
        assert url in need_drills(html)
        assert client.get(url).status_code == 200
