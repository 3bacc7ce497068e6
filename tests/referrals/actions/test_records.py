"""What a sent, withdrawn or refused request leaves behind, whole: facts of events, decisions, messages.

Everything differs from everything else here (people, days, streams), so that no constant and no mix-up passes.
"""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from quotas.actions import contracts, places
from quotas.actions.reference import load_fees
from quotas.choices import FeeBasis, Referrers, Unit
from quotas.models import Contract, Period
from referrals.actions import requests, withdrawing
from referrals.choices import EventKind, RefusalRule, Status, WithdrawReason
from referrals.models import Decision, NeedType, Referral, ReferralEvent
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import EditableText, User
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import DATES, quota_of, use_places
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY, FIRST_MOMENT_TOO_LATE, LONDON

pytestmark = pytest.mark.django_db
SIZED_AT = datetime(2024, 7, 15, 10, 0, tzinfo=LONDON)
DATED_AT = datetime(2024, 3, 5, 10, 0, tzinfo=LONDON)
NEXT = {
    "opens_on": date(2025, 4, 22),
    "requests_close_on": date(2025, 7, 4),
    "allocation_deadline_on": date(2025, 7, 11),
    "delivery_ends_on": date(2025, 10, 31),
}
#: A period when mainstream requests cost £100 (R13), in summer time.
FEE_PAYING = {
    "opens_on": date(2024, 4, 8),
    "requests_close_on": date(2024, 7, 12),
    "allocation_deadline_on": date(2024, 7, 19),
    "delivery_ends_on": date(2024, 8, 30),
}
IN_SUMMER = datetime(2024, 5, 14, 16, 5, 30, tzinfo=LONDON)
IN_TIME_FOR_SUMMER = {"agreement_on": date(2024, 5, 10), "conversation_on": date(2024, 5, 9)}
HELP = {"EARLY_YEARS": "Ask the Early Years Team at the Staithe.", "MAINSTREAM": "Ask the team of your zone."}


@pytest.fixture(autouse=True)
def _whom_to_ask():
    """The council's own wording, from long ago, for each stream."""
    by = person(Role.ADMINISTRATOR)
    for stream, body in HELP.items():
        EditableText.objects.create(
            key=f"REFUSAL_HELP_{stream}", body=body, set_by=by, in_force_from=DATED_AT - timedelta(days=90)
        )


@pytest.fixture
def sizer() -> User:
    """Who sets the number of places."""
    return person(Role.COMMISSIONER, full_name="Ottilie Brandiston")


@pytest.fixture
def dater() -> User:
    """Who sets the dates."""
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


def period_of(dates, *, sizer, dater, early_years, mainstream, successor="") -> Period:
    """A period whose dates `dater` set first, and whose places `sizer` bought later."""
    load_fees(by=dater, at=DATED_AT)
    contract = contracts.create(
        name=f"S2S from {dates['opens_on']}",
        provider="The Ferrymead Learning Trust",
        starts_on=dates["opens_on"],
        ends_on=dates["delivery_ends_on"],
        run_off_ends_on=dates["delivery_ends_on"],
        successor_name=successor,
        by=sizer,
        at=SIZED_AT,
    )
    period = contracts.add_period(contract=contract, name="Terms", **dates, by=dater, at=DATED_AT)
    for stream, bought in ((Stream.EARLY_YEARS, early_years), (Stream.MAINSTREAM, mainstream)):
        quota = contracts.open_quota(period=period, stream=stream, by=sizer)
        places.grant(quota=quota, places=bought, reason="Places bought", by=sizer, at=SIZED_AT)
    return period


@pytest.fixture
def period(sizer, dater) -> Period:
    """The autumn's places."""
    return period_of(DATES, sizer=sizer, dater=dater, early_years=50, mainstream=85)


@pytest.fixture
def summer(sizer, dater) -> Period:
    """The summer's places."""
    return period_of(FEE_PAYING, sizer=sizer, dater=dater, early_years=7, mainstream=9)


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def setting(zone):
    return EstablishmentFactory(zone=zone, name="Bulrush Nursery")


@pytest.fixture
def school(zone):
    return EstablishmentFactory(zone=zone, school=True, name="Staithe Primary School")


@pytest.fixture
def adviser(zone) -> User:
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Sorrel Khan", email="sorrel@council.invalid")


@pytest.fixture
def colleague(zone) -> User:
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone], full_name="Ida Mautby", email="ida@council.invalid")


@pytest.fixture
def send_adviser(zone) -> User:
    return person(Role.SEND_ADVISER, zones=[zone], full_name="Rowan Ludham", email="rowan@council.invalid")


def sent(establishment, by, at=AN_ORDINARY_TUESDAY, **changes) -> Referral:
    """A request that was accepted."""
    draft = filled_draft(establishment, by=by, at=at, **changes)
    return requests.submit(key=draft.key, by=by, at=at).referral


def refused(establishment, by, at=AN_ORDINARY_TUESDAY, drafted_at=AN_ORDINARY_TUESDAY, **changes) -> Decision:
    """A refusal of a draft that was complete."""
    draft = filled_draft(establishment, by=by, at=drafted_at, **changes)
    decision = requests.submit(key=draft.key, by=by, at=at).decision
    assert decision.draft_key == draft.key
    return Decision.objects.get(pk=decision.pk)


# --- Events -----------------------------------------------------------------------------------------------------
def check_event(event: ReferralEvent, referral: Referral, **expected) -> None:
    """Every column of an event, besides its facts."""
    columns = ("seq", "kind", "version", "at", "by", "stream", "zone", "establishment", "provider_school", "facts")
    same = {"stream": referral.stream, "establishment": referral.establishment, "provider_school": None, "version": 1}
    assert {name: getattr(event, name) for name in columns} == same | expected


def test_the_event_of_an_early_years_request(period, setting, adviser, zone):
    use_places(quota_of(period), 44, by=adviser)
    referral = sent(setting, adviser)
    check_event(
        ReferralEvent.objects.get(),
        referral,
        seq=1,
        kind=EventKind.SUBMITTED,
        at=AN_ORDINARY_TUESDAY,
        by=adviser,
        zone=zone,
        facts={
            "places_left": 5,
            "places_bought": 50,
            "ledger_seq": 46,
            "fee_pence": 0,
            "fee_basis": "FUNDED",
            "cut_off_on": "2024-12-13",
            "placed_out_of_year": False,
        },
    )


def test_the_event_of_a_mainstream_request_that_cost_something(period, summer, school, send_adviser, zone):
    use_places(quota_of(summer, Stream.MAINSTREAM), 3, by=send_adviser)
    referral = sent(school, send_adviser, IN_SUMMER, **IN_TIME_FOR_SUMMER)
    assert (referral.fee_basis, referral.fee_pence, referral.period) == (FeeBasis.PER_REQUEST, 100_00, summer)
    check_event(
        ReferralEvent.objects.get(),
        referral,
        seq=1,
        kind=EventKind.SUBMITTED,
        at=IN_SUMMER,
        by=send_adviser,
        zone=zone,
        facts={
            "places_left": 5,
            "places_bought": 9,
            "ledger_seq": 5,
            "fee_pence": 100_00,
            "fee_basis": "PER_REQUEST",
            "cut_off_on": "2024-07-12",
            "placed_out_of_year": True,  # Year 4 in 2024/25 was Year 3 in the summer before
        },
    )


def test_the_event_of_a_withdrawal_by_a_colleague_after_the_setting_changed_zones(
    period, setting, adviser, colleague, zone
):
    referral = sent(setting, adviser)
    sent(EstablishmentFactory(zone=zone), adviser)
    setting.zone = ZoneFactory()
    setting.save()
    later = AN_ORDINARY_TUESDAY + timedelta(days=2, hours=3)
    note = "Gone to live by the Waveney."

    withdrawing.withdraw(referral=referral, reason=WithdrawReason.SUPPORT_ELSEWHERE, note=note, by=colleague, at=later)

    check_event(
        referral.events.get(seq=2),
        referral,
        seq=2,
        kind=EventKind.WITHDRAWN,
        at=later,
        by=colleague,
        zone=zone,
        facts={
            "reason": "SUPPORT_ELSEWHERE",
            "note": note,
            "places_left": 49,
            "places_bought": 50,
            "ledger_seq": 4,
            "gave_back": True,
        },
    )
    referral.refresh_from_db()
    assert (referral.status, referral.place, referral.ended_at, referral.ended_by) == (
        *(Status.WITHDRAWN, None),
        *(later, colleague),
    )


# --- Refusals ---------------------------------------------------------------------------------------------------
def check_decision(decision: Decision, **expected) -> None:
    """Every column of a refusal, besides its facts."""
    assert {name: getattr(decision, name) for name in expected} == expected
    assert set(expected) == {"rule", "stream", "establishment", "zone", "period", "primary_need", "by", "at"}


def test_a_refusal_because_all_places_are_used(sizer, dater, school, send_adviser, zone):
    period = period_of(DATES, sizer=sizer, dater=dater, early_years=4, mainstream=3)
    places.grant(
        quota=quota_of(period, Stream.MAINSTREAM),
        places=2,
        reason="Two more",
        by=dater,
        at=SIZED_AT + timedelta(days=40),
    )
    use_places(quota_of(period, Stream.MAINSTREAM), 5, by=send_adviser)
    decision = refused(school, send_adviser)
    check_decision(
        decision,
        rule=RefusalRule.FULL,
        stream=Stream.MAINSTREAM,
        establishment=school,
        zone=zone,
        period=period,
        primary_need=NeedType.objects.get(code="SLCN"),
        by=send_adviser,
        at=AN_ORDINARY_TUESDAY,
    )
    assert decision.facts == {
        "rule": "Every request uses one mainstream place, and all places are used.",
        "count": "At 09:30:00 on 26 November 2024, 5 of 5 mainstream places were used.",
        "set_by": (
            "Merle Ketteringham set the number of places to 5 on 24 August 2024. "
            "Merle Ketteringham set the cut-off to 13 December 2024 on 5 March 2024."
        ),
        "next_date": (
            "Requests and the waiting list close at the end of 13 December 2024. "
            "A place that comes free before then goes to the first who waits."
        ),
        "waiting_list": "Open: nobody was waiting, so you could join as number 1. Your draft is kept.",
        "help": HELP["MAINSTREAM"],
    }


def check_too_late(decision: Decision, *, adviser, setting, zone, period, next_date: str) -> None:
    check_decision(
        decision,
        rule=RefusalRule.CUT_OFF,
        stream=Stream.EARLY_YEARS,
        establishment=setting,
        zone=zone,
        period=period,
        primary_need=NeedType.objects.get(code="ASD"),
        by=adviser,
        at=FIRST_MOMENT_TOO_LATE,
    )
    assert decision.facts == {
        "rule": "Requests were taken up to and including 13 December 2024. That day has ended.",
        "count": "At 00:00:00 on 14 December 2024, 2 of 6 early years places were used.",
        "set_by": (
            "Ottilie Brandiston set the number of places to 6 on 15 July 2024. "
            "Merle Ketteringham set the cut-off to 13 December 2024 on 5 March 2024."
        ),
        "next_date": next_date,
        "waiting_list": "Closed: it closed with the cut-off on 13 December 2024. Your draft is kept.",
        "help": HELP["EARLY_YEARS"],
    }


@pytest.mark.parametrize(
    ("following", "next_date"),
    [
        (NEXT, "Requests open again on 22 April 2025."),
        (
            None,
            "This contract ends on 31 March 2025. The new partnership model follows. No later date has been set yet.",
        ),
    ],
    ids=["a period to come", "a successor"],
)
def test_a_refusal_after_the_cut_off(sizer, dater, setting, adviser, zone, following, next_date):
    bought = {"sizer": sizer, "dater": dater, "early_years": 6, "mainstream": 8}
    period = period_of(DATES, **bought, successor="The new partnership model")
    if following:
        period_of(following, **bought)
    use_places(quota_of(period), 2, by=adviser)
    filled_draft(setting, by=adviser)  # loads the codes
    need = NeedType.objects.get(code="ASD").pk
    decision = refused(setting, adviser, FIRST_MOMENT_TOO_LATE, primary_need_id=need)
    check_too_late(decision, adviser=adviser, setting=setting, zone=zone, period=period, next_date=next_date)


@pytest.mark.parametrize(
    ("contract", "opens_again"),
    [
        ({}, True),
        ({"referrers": Referrers.SEND_ADVISERS}, False),
        ({"unit": Unit.COHORTS}, False),
    ],
    ids=["for advisers", "for SEND Advisers only", "cohorts only"],
)
def test_a_refusal_names_no_date_on_which_such_a_request_is_never_taken(
    sizer, dater, setting, adviser, contract, opens_again
):
    bought = {"sizer": sizer, "dater": dater, "early_years": 6, "mainstream": 8}
    period = period_of(DATES, **bought, successor="The new partnership model")
    following = period_of(NEXT, **bought)
    Contract.objects.filter(pk=following.contract_id).update(**contract)
    assert following.contract_id != period.contract_id
    decision = refused(setting, adviser, FIRST_MOMENT_TOO_LATE)
    assert ("open again" in decision.facts["next_date"]) == opens_again
    assert ("No later date has been set yet." in decision.facts["next_date"]) != opens_again


def test_a_refusal_before_requests_open(period, setting, adviser, zone):
    too_early = datetime(2024, 9, 1, 23, 59, 59, tzinfo=LONDON)
    dates = {"conversation_on": date(2024, 8, 28), "agreement_on": date(2024, 8, 29)}
    decision = refused(setting, adviser, too_early, **dates)
    assert (decision.rule, decision.period, decision.at) == (RefusalRule.NOT_YET_OPEN, period, too_early)
    assert decision.facts == {
        "rule": "Requests open on 2 September 2024. That day has not begun.",
        "count": "At 23:59:59 on 1 September 2024, 0 of 50 early years places were used.",
        "set_by": (
            "Ottilie Brandiston set the number of places to 50 on 15 July 2024. "
            "Merle Ketteringham set the cut-off to 13 December 2024 on 5 March 2024."
        ),
        "next_date": "Requests open on 2 September 2024.",
        "waiting_list": (
            "Not open: there are no places to wait for yet. Your draft is kept, so you can send it later."
        ),
        "help": HELP["EARLY_YEARS"],
    }


def test_a_refusal_where_nothing_was_bought(school, send_adviser, zone):
    decision = refused(school, send_adviser)
    check_decision(
        decision,
        rule=RefusalRule.NO_QUOTA,
        stream=Stream.MAINSTREAM,
        establishment=school,
        zone=zone,
        period=None,
        primary_need=NeedType.objects.get(code="SLCN"),
        by=send_adviser,
        at=AN_ORDINARY_TUESDAY,
    )
    assert decision.facts == {
        "rule": "Every request uses one mainstream place, and no places have been bought for this time.",
        "count": "At 09:30:00 on 26 November 2024, 0 of 0 mainstream places were used.",
        "set_by": "Nobody has set a number of places yet; the commissioner does.",
        "next_date": "No date has been set yet.",
        "waiting_list": (
            "Not open: there are no places to wait for yet. Your draft is kept, so you can send it later."
        ),
        "help": HELP["MAINSTREAM"],
    }


# --- Messages ---------------------------------------------------------------------------------------------------
CONTACT = ("perran@setting.invalid", "Perran Oxnead")


def told(kind: Kind) -> tuple:
    """The one message of this kind, except its identity: key, to whom, what, when."""
    row = Notification.objects.get(kind=kind)
    return row.key, row.to_email, row.to_name, row.context, row.queued_at


def written(to_email: str) -> tuple[str, str]:
    """The last message to an address as it goes out: plain text and HTML, white space evened out."""
    deliver_waiting()
    message = [one for one in mail.outbox if to_email in str(one.to)][-1]
    [html] = message.alternatives
    return " ".join(f"{message.subject} {message.body}".split()), " ".join(html.content.split())


def check_says(to_email: str, *sentences: str) -> None:
    """Both parts of the last message to an address hold every sentence."""
    for part in written(to_email):
        assert [sentence for sentence in sentences if sentence not in part] == []


def test_both_are_told_of_a_request(period, setting, adviser):
    use_places(quota_of(period), 44, by=adviser)
    reference = sent(setting, adviser).reference
    about = {
        "reference": reference,
        "establishment": setting.display_name,
        "stream_label": "early years",
        "sent_at": "2024-11-26T09:30:00+00:00",
        "contact_working_days": 5,
    }
    assert told(Kind.REQUEST_SENT_ADVISER) == (
        f"request-sent:{reference}:adviser",
        *("sorrel@council.invalid", "Sorrel Khan"),
        about | {"places_left": 5, "places_granted": 50, "whom_to_ask": HELP["EARLY_YEARS"]},
        AN_ORDINARY_TUESDAY,
    )
    assert told(Kind.REQUEST_SENT_CONTACT) == (
        f"request-sent:{reference}:contact",
        *CONTACT,
        about | {"adviser_name": "Sorrel Khan", "adviser_email": "sorrel@council.invalid"},
        AN_ORDINARY_TUESDAY,
    )
    assert Notification.objects.count() == 2
    shared = (reference, setting.display_name, "Tuesday 26 November 2024 at 09:30", "within 5 working days")
    check_says("sorrel@council.invalid", *shared, "5 of 50 are left", HELP["EARLY_YEARS"], "Dear Sorrel Khan")
    check_says(CONTACT[0], *shared, "Sorrel Khan", "sorrel@council.invalid", "Dear Perran Oxnead")


def test_both_are_told_of_a_withdrawal_and_by_whom(period, summer, setting, adviser, colleague):
    referral = sent(setting, adviser, IN_SUMMER, **IN_TIME_FOR_SUMMER)
    Notification.objects.all().delete()
    later = IN_SUMMER + timedelta(days=1)
    withdrawing.withdraw(referral=referral, reason=WithdrawReason.OTHER, note="Wilf moved", by=colleague, at=later)
    about = {
        "reference": referral.reference,
        "establishment": setting.display_name,
        "stream_label": "early years",
        "withdrawn_at": "2024-05-15T16:05:30+01:00",
    }
    assert told(Kind.REQUEST_WITHDRAWN_ADVISER) == (
        f"request-withdrawn:{referral.reference}:2:adviser",
        *("sorrel@council.invalid", "Sorrel Khan"),
        about
        | {
            "withdrawn_by": "Ida Mautby",
            "place_returned": True,
            "carried": False,
            "places_left": 7,
            "places_granted": 7,
            "whom_to_ask": HELP["EARLY_YEARS"],
        },
        later,
    )
    assert told(Kind.REQUEST_WITHDRAWN_CONTACT) == (
        f"request-withdrawn:{referral.reference}:2:contact",
        *CONTACT,
        about | {"adviser_name": "Ida Mautby", "adviser_email": "ida@council.invalid"},
        later,
    )
    assert Notification.objects.count() == 2
    when = "Wednesday 15 May 2024 at 16:05"
    check_says(
        "sorrel@council.invalid",
        *(referral.reference, setting.display_name, f"{when} by Ida Mautby"),
        *("gave its early years place back. 7 of 7 are left", HELP["EARLY_YEARS"], "Dear Sorrel Khan"),
    )
    check_says(
        CONTACT[0],
        *(referral.reference, setting.display_name, when, "Ida Mautby", "ida@council.invalid", "Dear Perran Oxnead"),
    )
    assert not any("Wilf" in part for to in ("sorrel@council.invalid", CONTACT[0]) for part in written(to))


def test_the_adviser_is_told_of_a_refusal_in_the_words_of_the_decision(period, school, send_adviser):
    use_places(quota_of(period, Stream.MAINSTREAM), 79, by=send_adviser)
    decision = refused(school, send_adviser, FIRST_MOMENT_TOO_LATE)
    facts = {name: decision.facts[name] for name in ("rule", "count", "next_date")}
    assert told(Kind.REQUEST_REFUSED) == (
        f"request-refused:{decision.reference}",
        *("rowan@council.invalid", "Rowan Ludham"),
        {
            "refusal_reference": decision.reference,
            "establishment": school.display_name,
            "stream_label": "mainstream",
            "decided_at": "2024-12-14T00:00:00+00:00",
            "whom_to_ask": HELP["MAINSTREAM"],
            "cohort_reference": "",
        }
        | facts,
        FIRST_MOMENT_TOO_LATE,
    )
    assert Notification.objects.count() == 1
    check_says(
        "rowan@council.invalid",
        *(decision.reference, school.display_name, "Saturday 14 December 2024 at 00:00:00", *facts.values()),
        *("79 of 85 mainstream places were used", HELP["MAINSTREAM"], "Dear Rowan Ludham"),
    )


def test_every_kind_of_message_about_a_request_is_looked_at():
    """Those of the waiting list are in test_waiting.py, that of a cohort in test_cohort_sending.py.

    Those of S2S's own work, of deadlines, of a contract's end and to settings are with each action that sends them,
    those that remind in tests/referrals/reminders.
    """
    of_support = {
        kind
        for kind in Kind
        if kind.startswith(("REQUEST_ASSIGNED_", "REQUEST_WITH_", "REQUEST_STATUS_", "INFORMATION_", "VISIT_"))
    }
    of_the_waiting_list = {
        *(Kind.WAITING_JOINED_ADVISER, Kind.WAITING_JOINED_CONTACT, Kind.PLACE_GIVEN_ADVISER, Kind.PLACE_FREE),
        *(Kind.WAITING_LAPSED_ADVISER, Kind.WAITING_LAPSED_CONTACT),
    }
    of_quotas = {Kind.QUOTA_THRESHOLD, Kind.CHANGE_PROPOSED, Kind.CHANGE_DECIDED}
    of_deadlines = {Kind.CUT_OFF_PASSED, Kind.ALLOCATION_ENDED, Kind.DRAFT_PURGE_NEAR, Kind.LEDGER_DIFFERS}
    of_contracts = {Kind.CUT_OFF_MOVED, Kind.CONTRACT_END_QUESTION, Kind.CONTRACT_END_ACCOUNT}
    to_settings = {Kind.RECORD_READY_CONTACT, Kind.TIMES_OFFERED_CONTACT}
    reminding = {kind for kind in Kind if kind.startswith("REMIND_")}
    to_people = {Kind.DIGEST, Kind.PERSON_INVITED, Kind.ADDRESS_CHANGED, Kind.WORK_LEFT}
    of_jobs = of_deadlines | of_contracts | to_settings | reminding | to_people
    assert set(Kind) == of_the_waiting_list | of_quotas | of_support | of_jobs | {
        *(Kind.REQUEST_SENT_ADVISER, Kind.REQUEST_SENT_CONTACT, Kind.REQUEST_REFUSED),
        *(Kind.REQUEST_WITHDRAWN_ADVISER, Kind.REQUEST_WITHDRAWN_CONTACT, Kind.COHORT_SENT),
    }
