"""The set-up checklist: from nothing to "Ready", each number a true count."""

from datetime import date

import pytest
from django.urls import reverse

from quotas.actions import contracts, fees
from referrals.models import IndesSection, NeedType
from referrals.queries.set_up import set_up_at
from s2s_portal.organisations.actions.invitations import make_link
from s2s_portal.organisations.choices import Eligibility, Role, Source, Stream
from s2s_portal.organisations.models import BankHoliday, Membership, Term
from tests.factories.organisations import (
    EstablishmentFactory,
    EstablishmentKindFactory,
    UserFactory,
    ZoneFactory,
    person,
)
from tests.factories.quotas import DATES, period_with_places
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SET_UP = reverse("referrals:set_up")


def steps(asking):
    return {step.title: step for step in set_up_at(AT, asking=asking).steps}


def missing(asking):
    return {title: step.count for title, step in steps(asking).items() if not step.is_done}


def a_whole_year():
    Term.objects.create(name="Autumn", starts_on=date(2024, 9, 4), ends_on=date(2024, 12, 20))
    Term.objects.create(name="Spring", starts_on=date(2025, 1, 6), ends_on=date(2025, 4, 4))
    Term.objects.create(name="Summer", starts_on=date(2025, 4, 22), ends_on=date(2025, 7, 22))
    Term.objects.create(name="Autumn again", starts_on=date(2025, 9, 3), ends_on=date(2025, 12, 19))
    BankHoliday.objects.create(day=date(2024, 12, 25), name="Christmas Day")


def lists():
    NeedType.objects.all().delete()
    IndesSection.objects.all().delete()
    NeedType.objects.create(code="SLCN", label="Speech", valid_from=date(2014, 9, 1))
    IndesSection.objects.create(version="1", number=1, title="One", top_level=4, valid_from=date(2014, 9, 1))


@pytest.fixture
def staffed():
    """Everything but fees and a contract: people by role."""
    zone = ZoneFactory(name="Marsh")
    EstablishmentFactory(zone=zone)
    kind = EstablishmentKindFactory(
        source=Source.GIAS, name="Community special school", eligibility=Eligibility.PROVIDER
    )
    school = EstablishmentFactory(school=True, kind=kind, zone=None)
    people = {role: person(role, zones=[zone]) for role in Role}
    Membership.objects.filter(role=Role.S2S_TEACHER).update(home_school=school)
    a_whole_year()
    lists()
    return people


@pytest.fixture
def ready(staffed):
    """Everything a council needs, on an ordinary Tuesday."""
    period_with_places(by=staffed[Role.COMMISSIONER])
    return staffed


def test_an_empty_installation_lacks_everything():
    NeedType.objects.all().delete()
    IndesSection.objects.all().delete()
    ada = person(Role.ADMINISTRATOR)
    assert missing(ada) == {
        "Zones": 1,
        "Schools and settings": 1,
        "Which school or setting is in which zone": 1,
        "Term dates": 1,
        "Bank holidays": 1,
        "Lists of the request form": 2,
        "Fees": 2,
        "Contract and period": 1,
        "Places bought": 2,
        "People for every role": 5,
        "Advisers for every zone": 1,
        "Teachers’ own schools": 1,
    }
    assert steps(ada)["People for every role"].missing[:3] == (
        "Nobody is an Early Years Adviser.",
        "Nobody is a SEND Adviser.",
        "Nobody is an S2S co-ordinator.",
    )


def test_ready(ready, client_for):
    ada = ready[Role.ADMINISTRATOR]
    assert missing(ada) == {}
    assert "Ready: requests can be sent until 13 December 2024." in text_of(client_for(ada).get(SET_UP))
    assert "not fully set up" not in text_of(client_for(ada).get(reverse("home")))
    late = set_up_at(FIRST_MOMENT_TOO_LATE, asking=ada)
    assert late.is_complete
    assert late.sentence == "Everything is set up. Requests closed on 13 December 2024."


def test_before_the_period_opens(ready):
    early = set_up_at(AT.replace(month=8, day=1), asking=ready[Role.ADMINISTRATOR])
    assert early.opens_on == date(2024, 9, 2)
    assert early.is_complete
    assert early.sentence == "Ready: requests can be sent from 2 September 2024."


def test_each_thing_that_is_missing_is_counted(ready):
    ada = ready[Role.ADMINISTRATOR]
    EstablishmentFactory(zone=None)
    EstablishmentFactory(zone=None, school=True)
    EstablishmentFactory(zone=None, closed=True)
    ZoneFactory(name="Broad")
    Membership.objects.filter(role=Role.S2S_TEACHER).update(home_school=None)
    ready[Role.S2S_COORDINATOR].is_active = False
    ready[Role.S2S_COORDINATOR].save()
    BankHoliday.objects.all().delete()
    NeedType.objects.update(valid_to=date(2024, 11, 25))
    assert missing(ada) == {
        "Which school or setting is in which zone": 2,
        "Bank holidays": 1,
        "Lists of the request form": 1,
        "People for every role": 1,
        "Advisers for every zone": 2,
        "Teachers’ own schools": 1,
    }
    found = steps(ada)
    assert found["Advisers for every zone"].missing == (
        "1 zone without an Early Years Adviser.",
        "1 zone without a SEND Adviser.",
    )
    assert found["People for every role"].note == "6 people have not signed in yet."


def test_people_who_were_not_invited_are_told_and_not_green(ready, client_for):
    ada = ready[Role.ADMINISTRATOR]
    before = steps(ada)["People for every role"]
    assert (before.status, before.is_settled) == ("Done", True)
    for _ in range(2):
        UserFactory(password=None)
    invited = UserFactory(password=None)
    make_link(person=invited, by=ada, at=AT)
    found = steps(ada)["People for every role"]
    assert (found.status, found.is_settled, found.is_done) == ("Done, 2 not invited", False, True)
    page = text_of(client_for(ada).get(SET_UP))
    tag = page[: page.index("Done, 2 not invited")].rpartition("govuk-tag--")[2]
    assert tag.startswith("yellow")


def test_a_quota_without_places_is_missing(ready):
    dates = [date(2025, 9, 1), date(2025, 12, 12), date(2025, 12, 19), date(2026, 3, 31)]
    names = ("opens_on", "requests_close_on", "allocation_deadline_on", "delivery_ends_on")
    period_with_places(by=ready[Role.COMMISSIONER], early_years=0, **dict(zip(names, dates, strict=True)))
    found = set_up_at(AT.replace(year=2025, month=8, day=1), asking=ready[Role.ADMINISTRATOR])
    assert found.streams_without_places == [Stream.EARLY_YEARS]
    assert found.opens_on == date(2025, 9, 1)


def test_a_contract_for_one_stream_alone_can_be_set_up(staffed):
    by, ada = staffed[Role.COMMISSIONER], staffed[Role.ADMINISTRATOR]
    fees.load(stream="EARLY_YEARS", starts_on=date(2024, 9, 1), basis="FUNDED", pence=0, reason="So.", by=by, at=AT)
    days = {"starts_on": DATES["opens_on"], "ends_on": DATES["delivery_ends_on"]}
    told = {"successor_name": "", "run_off_ends_on": DATES["delivery_ends_on"], "by": by, "at": AT}
    contract = contracts.create(name="Early years alone", provider="A trust", **days, **told)
    places = {Stream.EARLY_YEARS: 10, Stream.MAINSTREAM: 0}
    contracts.set_up_period(contract=contract, name="Two terms", dates=DATES, places=places, by=by, at=AT)
    Membership.objects.filter(role=Role.SEND_ADVISER).delete()
    assert missing(ada) == {}
    Membership.objects.filter(role=Role.EARLY_YEARS_ADVISER).delete()
    assert missing(ada) == {"People for every role": 1, "Advisers for every zone": 1}


def test_a_commissioner_is_invited_before_it_is_their_turn():
    found = list(steps(person(Role.ADMINISTRATOR)).values())
    commissioners = [number for number, step in enumerate(found) if step.who == Role.COMMISSIONER]
    assert [step.title for step in found].index("People for every role") < min(commissioners)


@pytest.mark.parametrize(
    ("role", "other"), [(Role.ADMINISTRATOR, "Commissioner"), (Role.COMMISSIONER, "Administrator")]
)
def test_each_sees_what_is_theirs_and_who_does_the_rest(client_for, role, other):
    browser = client_for(person(role))
    page = text_of(browser.get(SET_UP))
    assert "steps are not done yet." in page
    assert f">{other}<" in page
    assert ">You<" in page
    assert "still missing" in page
    assert "See what is still missing" in text_of(browser.get(reverse("home")))


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_few_queries(ready, client_for, django_assert_num_queries, count):
    for _ in range(count):
        EstablishmentFactory(zone=ZoneFactory())
        person(Role.SEND_ADVISER)
    browser = client_for(ready[Role.ADMINISTRATOR])
    with django_assert_num_queries(11):
        browser.get(SET_UP)
