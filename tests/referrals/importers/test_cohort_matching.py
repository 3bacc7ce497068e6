"""Which schools the rows of a file mean, for one adviser: the registers asked, nothing guessed."""

import csv
from datetime import timedelta

import pytest

from referrals.actions import withdrawing
from referrals.choices import WithdrawReason
from referrals.importers import cohort_matching
from referrals.importers.cohort_files import CohortFileRow, read
from referrals.rules.matching import MatchState
from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, Role, Source
from s2s_portal.organisations.models import Establishment
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.importers.files import SHARED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

STAITHE, MARSH = "NR29 1AA", "NR29 2BB"


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


@pytest.fixture
def school(zone):
    """Schools of the adviser's zone, unless told otherwise: `school("Staithe Primary School", urn=…)`."""

    def made(name, **values):
        return EstablishmentFactory(school=True, name=name, **{"zone": zone, "postcode": STAITHE} | values)

    return made


def row(line=2, **values):
    return CohortFileRow(line=line, last_line=line, **values)


def match(adviser, **values):
    [found] = cohort_matching.match([row(**values)], adviser)
    assert found.row == row(**values)
    return found


def outcome(adviser, **values):
    found = match(adviser, **values)
    return found.state, found.establishment, found.candidates


def test_a_urn_is_enough(adviser, school):
    held = school("Staithe Primary School", urn="900001")
    assert outcome(adviser, urn="900001") == (MatchState.MATCHED, held, [])


@pytest.mark.parametrize(
    "values",
    [
        {"name": "STAITHE  primary school"},
        {"name": "Staithe Primary"},
        {"name": "The Staithe Primary School", "postcode": MARSH},
        {"postcode": STAITHE},
        {"name": "Staithe Academy", "postcode": STAITHE},
    ],
    ids=["as held", "shorter", "moved", "postcode", "renamed"],
)
def test_a_urn_whose_name_or_postcode_fits_is_not_doubted(adviser, school, values):
    held = school("Staithe Primary School", urn="900001")
    assert outcome(adviser, urn="900001", **values) == (MatchState.MATCHED, held, [])


def test_a_urn_and_a_name_that_contradict_each_other_are_both_shown(adviser, school):
    held = school("Staithe Infant School", urn="900001")
    meant = school("Staithe Junior School", urn="900002")
    for name in ("Staithe Junior School", "staithe junior"):
        values = {"urn": "900001", "name": name, "postcode": MARSH}
        assert outcome(adviser, **values) == (MatchState.AMBIGUOUS, None, [held, meant])
    values = {"urn": "900001", "name": "Staithe Junior School", "postcode": STAITHE}
    assert outcome(adviser, **values) == (MatchState.AMBIGUOUS, None, [held, meant])


def test_a_namesake_far_away_is_no_contradiction_when_the_postcode_is_right(adviser, school):
    held = school("Staithe Primary School", urn="900001")
    school("Staithe Primary", postcode=MARSH)
    assert outcome(adviser, urn="900001", name="Staithe Primary", postcode=STAITHE) == (MatchState.MATCHED, held, [])
    assert match(adviser, urn="900001", name="Staithe Primary").state == MatchState.AMBIGUOUS


def test_a_urn_with_another_schools_postcode_is_doubted(adviser, school):
    held, there = school("Staithe Primary School", urn="900001"), school("Marram Primary School", postcode=MARSH)
    assert outcome(adviser, urn="900001", postcode=MARSH) == (MatchState.AMBIGUOUS, None, [held, there])


def test_a_contradiction_with_nothing_else_found_still_asks(adviser, school):
    held = school("Staithe Primary School", urn="900001")
    assert outcome(adviser, urn="900001", name="Bulrush House") == (MatchState.AMBIGUOUS, None, [held])


def test_a_urn_that_nobody_has_offers_the_school_of_that_name(adviser, school):
    like = school("Staithe Primary School")
    assert outcome(adviser, urn="999998", name="Staithe Primary") == (MatchState.UNKNOWN, None, [like])
    assert outcome(adviser, urn="999998") == (MatchState.UNKNOWN, None, [])


@pytest.mark.parametrize("urn", ["EY900001", "900001"])
def test_a_urn_only_at_ofsted_is_not_mainstream(adviser, zone, urn):
    nursery = EstablishmentFactory(urn="EY900001", zone=zone)
    assert outcome(adviser, urn=urn) == (MatchState.NOT_MAINSTREAM, nursery, [])


def test_a_urn_in_both_registers_is_the_schools(adviser, school, zone):
    EstablishmentFactory(urn="900001", zone=zone)
    EstablishmentFactory(urn="EY900001", zone=zone)
    held = school("Staithe Primary School", urn="900001")
    assert outcome(adviser, urn="900001") == (MatchState.MATCHED, held, [])


def test_a_school_added_by_hand_has_a_urn_too(adviser, zone):
    kind = EstablishmentKindFactory(source=Source.LOCAL, name="School", eligibility=Eligibility.MAINSTREAM)
    added = EstablishmentFactory(source=Source.LOCAL, urn="LOCAL-0001", kind=kind, zone=zone)
    assert outcome(adviser, urn="LOCAL-0001") == (MatchState.MATCHED, added, [])


ELSEWHERE = {
    "another zone": (MatchState.OUTSIDE, lambda: {"zone": ZoneFactory()}),
    "no zone": (MatchState.OUTSIDE, lambda: {"zone": None}),
    "closed": (MatchState.CLOSED, lambda: {"status": EstablishmentStatus.CLOSED}),
    "not yet open": (MatchState.CLOSED, lambda: {"status": EstablishmentStatus.PROPOSED}),
    "special school": (MatchState.NOT_MAINSTREAM, lambda: {"kind": special_schools()}),
}


def special_schools():
    return EstablishmentKindFactory(source=Source.GIAS, name="Special school", eligibility=Eligibility.PROVIDER)


@pytest.mark.parametrize(("state", "values"), ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("asked", [("urn",), ("name",), ("name", "postcode"), ("urn", "name", "postcode")], ids=str)
def test_what_cannot_be_chosen_says_why(adviser, school, state, values, asked):
    one = school("Sluice End School", **values())
    assert outcome(adviser, **{field: getattr(one, field) for field in asked}) == (state, one, [])


def test_a_closed_school_offers_the_academy_that_followed_it(adviser, school):
    closed = school("Sluice End School", urn="900003", status=EstablishmentStatus.CLOSED)
    academy = school("Sluice End School", urn="900004")
    assert outcome(adviser, urn="900003") == (MatchState.CLOSED, closed, [academy])
    assert outcome(adviser, name="Sluice End School") == (MatchState.MATCHED, academy, [])
    assert outcome(adviser, name="Sluice End School", postcode=STAITHE) == (MatchState.MATCHED, academy, [])


def test_a_name_at_a_postcode_is_one_school(adviser, school):
    here, _ = school("Staithe Primary School"), school("Staithe Primary School", postcode=MARSH)
    for name in ("Staithe Primary School", "staithe primary"):
        assert outcome(adviser, name=name, postcode=STAITHE) == (MatchState.MATCHED, here, [])


def test_two_schools_at_a_postcode_are_told_apart_by_their_names_only(adviser, school):
    infants, juniors = school("Staithe Infant School"), school("Staithe Junior School")
    assert outcome(adviser, name="Staithe School", postcode=STAITHE) == (
        MatchState.AMBIGUOUS,
        None,
        [infants, juniors],
    )
    assert match(adviser, name="Staithe Juniors", postcode=STAITHE).state == MatchState.AMBIGUOUS
    assert match(adviser, name="Staithe Junior", postcode=STAITHE).establishment == juniors


def test_a_name_and_a_postcode_that_do_not_meet_are_both_shown(adviser, school):
    named, there = school("Staithe Primary School"), school("Marram Primary School", postcode=MARSH)
    assert outcome(adviser, name="Staithe Primary School", postcode=MARSH) == (
        MatchState.AMBIGUOUS,
        None,
        [named, there],
    )


def test_a_name_alone_is_looked_for_in_the_own_zones_first(adviser, school):
    school("Staithe Primary School", zone=ZoneFactory(), postcode=MARSH)
    own = school("Staithe Primary School")
    assert outcome(adviser, name="Staithe Primary School") == (MatchState.MATCHED, own, [])


def test_several_schools_of_one_name_are_to_be_picked_from(adviser, school):
    one, other = school("Staithe Primary School"), school("Staithe Primary School", postcode=MARSH)
    assert outcome(adviser, name="Staithe Primary School") == (MatchState.AMBIGUOUS, None, [one, other])


def test_a_name_that_is_only_like_a_schools_is_never_taken_for_it(adviser, school):
    like = school("Staithe Primary School and Nursery")
    assert outcome(adviser, name="Staithe Primary School") == (MatchState.AMBIGUOUS, None, [like])


def test_a_school_of_that_very_name_elsewhere_is_not_replaced_by_one_like_it(adviser, school):
    like = school("Staithe Primary School and Nursery")
    far = school("Staithe Primary School", zone=ZoneFactory())
    assert outcome(adviser, name="Staithe Primary School") == (MatchState.OUTSIDE, far, [like])


@pytest.mark.parametrize("name", ["Nowhere Primary", "’ .", "%", "_______", "x" * 200])
def test_a_name_that_nothing_has_is_unknown(adviser, school, name):
    school("Staithe Infant School")
    EstablishmentFactory(name="")
    assert outcome(adviser, name=name) == (MatchState.UNKNOWN, None, [])


def test_many_candidates_are_not_all_shown(adviser, school):
    for number in range(10):
        school(f"Staithe {number} Primary School")
    assert len(match(adviser, name="Primary School").candidates) == cohort_matching.MOST_CANDIDATES


def test_two_rows_that_mean_one_school_are_one_request(adviser, school):
    held = school("Staithe Primary School", urn="900001")
    first, second = cohort_matching.match(
        [row(2, urn="900001"), row(5, name="Staithe Primary School", postcode=STAITHE)], adviser
    )
    assert (first.state, first.repeats) == (MatchState.MATCHED, None)
    assert (second.state, second.establishment, second.repeats) == (MatchState.REPEATED, held, 2)


def test_an_early_years_adviser_has_no_school_to_choose(zone, school):
    held = school("Staithe Primary School", urn="900001")
    assert outcome(person(Role.EARLY_YEARS_ADVISER, zones=[zone]), urn="900001") == (MatchState.OUTSIDE, held, [])


def test_the_early_years_settings_of_somebody_with_both_roles_are_not_mainstream(zone, school):
    both = person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[zone])
    nursery = EstablishmentFactory(name="Staithe Pre-school", zone=zone)
    assert outcome(both, name="Staithe Pre-school") == (MatchState.NOT_MAINSTREAM, nursery, [])


@pytest.mark.parametrize("count", [1, 40])
def test_rows_take_the_same_queries(adviser, school, django_assert_num_queries, count):
    period_with_places()
    schools = [school(f"Staithe {number} Primary School") for number in range(count)]
    rows = [
        row(number, urn=one.urn if number % 2 else "", name=one.name, postcode=one.postcode if number % 3 else "")
        for number, one in enumerate(schools)
    ]
    with django_assert_num_queries(4):  # roles, their zones, schools of the zones, schools that the rows name
        found = cohort_matching.match(rows, adviser)
    assert [one.establishment for one in found] == schools
    with django_assert_num_queries(2):
        cohort_matching.already_requested(schools, adviser, AT)


def test_this_periods_requests_are_known_apart_from_those_withdrawn(adviser, school):
    period_with_places()
    asked, withdrawn, new = (school(f"Staithe {number} Primary School") for number in range(3))
    first = sent_request(asked, by=adviser, at=AT - timedelta(days=1))
    second = sent_request(asked, by=adviser)
    mistake = sent_request(withdrawn, by=adviser)
    withdrawing.withdraw(referral=mistake, reason=WithdrawReason.SENT_BY_MISTAKE, note="", by=adviser, at=AT)
    found = cohort_matching.already_requested([asked, withdrawn, new], adviser, AT)
    assert found == {asked.pk: [second, first], withdrawn.pk: [], new.pk: []}
    assert {"child_first_name", "need_description"} <= found[asked.pk][0].get_deferred_fields()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real registers are not on this machine")
def test_the_real_schools_are_found_by_every_way_in_which_a_file_names_them(adviser, zone):
    with (SHARED / "gias_statefunded_20250717_norfolk.csv").open(encoding="utf-8", newline="") as file:
        register = [one for one in csv.DictReader(file) if one["EstablishmentStatus (name)"] == "Open"]
    kind = EstablishmentKindFactory(school=True)
    Establishment.objects.bulk_create(
        EstablishmentFactory.build(
            school=True,
            kind=kind,
            zone=zone,
            urn=one["URN"],
            name=one["EstablishmentName"],
            postcode=one["Postcode"],
        )
        for one in register
    )
    by_place, by_name = set(), set()
    for start in range(0, len(register), 40):
        some = register[start : start + 40]
        text = "School name,Postcode\n" + "".join(f'"{one["EstablishmentName"]}",{one["Postcode"]}\n' for one in some)
        file = read(text.encode())
        assert (len(file.rows), file.refused) == (len(some), [])
        found = cohort_matching.match(file.rows, adviser)
        by_place |= {one.establishment.urn for one in found if one.state == MatchState.MATCHED}
        pasted = read("\n".join(one["EstablishmentName"] for one in some))
        found = cohort_matching.match(pasted.rows, adviser)
        assert {one.state for one in found} <= {MatchState.MATCHED, MatchState.AMBIGUOUS}
        by_name |= {one.establishment.urn for one in found if one.establishment}
    assert by_place == {one["URN"] for one in register}
    assert len(by_name) > len(register) * 0.95
