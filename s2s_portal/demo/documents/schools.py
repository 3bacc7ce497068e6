"""Invented schools in the reduced layout of a GIAS establishment download, 33 columns, and where each school is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from s2s_portal.demo.documents.places import MEANT_FOR_REAL, ZonePlace, postcode, road, telephone
from s2s_portal.demo.documents.positions import position_of

REDUCED = (
    *("URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (name)"),
    *("EstablishmentStatus (name)", "ReasonEstablishmentOpened (name)", "OpenDate", "PhaseOfEducation (name)"),
    *("StatutoryLowAge", "StatutoryHighAge", "Boarders (name)", "OfficialSixthForm (name)", "Gender (name)"),
    *("ReligiousCharacter (name)", "AdmissionsPolicy (name)", "UKPRN", "Street", "Locality", "Address3", "Town"),
    *("County (name)", "Postcode", "SchoolWebsite", "TelephoneNum", "HeadTitle (name)", "HeadFirstName"),
    *("HeadLastName", "HeadPreferredJobTitle", "GOR (name)", "ParliamentaryConstituency (code)"),
    "ParliamentaryConstituency (name)",
)
COLUMNS = (*REDUCED, "Easting", "Northing")
"""With two columns more, which only the full download has: distances start from them."""
FIRST_URN = 970_001
"""Far above the URNs that GIAS has given out."""
SPECIAL = (
    *("Tidemark School", "Larchmere School", "Swallowfen School", "Bittern Lodge School", "Marramgrass School"),
    *("Windpump School", "Skylark Rise School", "Greenshank School", "Teasel Bank School", "Curlew Point School"),
    *("Pinewater School", "Samphire School", "Hollow Oak School"),
)
"""The providers of S2S."""
_SPECIAL_TYPES = ("Foundation special school", "Academy special converter", "Free schools special")
_NURSERY = ("Teal Court Nursery School", "Marsh Marigold Nursery School")
_BIRDS = ("Plover", "Wigeon", "Dunlin", "Whimbrel", "Pochard", "Redshank", "Fieldfare", "Siskin", "Linnet", "Godwit")
_PLACES = ("Rise", "Walk", "Meadow", "Loke", "Bank", "Carr", "Wharf", "Holt", "Drift", "Pightle", "Quay")
_PRIMARY_TYPES = (
    *(("Academy converter", 36), ("Academy sponsor led", 22), ("Community school", 21), ("Voluntary aided school", 9)),
    *(("Voluntary controlled school", 7), ("Foundation school", 4), ("Free schools", 1)),
)
_CHURCH_TYPES = ("Voluntary aided school", "Voluntary controlled school")
_ACADEMY_TYPES = ("Academy converter", "Academy sponsor led", "Free schools")
_RARE = {
    3: ("Free schools alternative provision", "Not applicable", (5, 16), "Academy"),
    6: ("University technical college", "Secondary", (14, 19), "University Technical College"),
    8: ("Academy converter", "All-through", (4, 18), "Academy"),
    11: ("Academy 16-19 converter", "16 plus", (16, 19), "Sixth Form"),
}
"""Kinds of which the county has one or two, by the number of their zone."""
_SAINTS = ("St Withburga’s", "St Felix’s", "St Walstan’s", "St Ælfric’s", "St Fursey’s")
_CONSTITUENCIES = ("North Norfolk", "Mid Norfolk", "South Norfolk", "North West Norfolk", "South West Norfolk")


@dataclass(frozen=True)
class School:
    """One school: what tells it from the others. `ages` are years, lowest and highest."""

    name: str
    kind: str
    phase: str
    ages: tuple[int, int]
    village: str = ""
    status: str = "Open"


def school_rows(rng: Random, places: list[ZonePlace]) -> tuple[list[dict[str, object]], list[tuple[str, str]]]:
    """The register's rows by column name, and (URN, zone name) for each."""
    urns, names = count(FIRST_URN), _town_names(rng)
    rows: list[dict[str, object]] = []
    zones: list[tuple[str, str]] = []
    for number, place in enumerate(places):
        for school in _schools_of(rng, number, place, names):
            urn = next(urns)
            rows.append(_placed(_row(rng, urn, school, place)))
            zones.append((str(urn), place.zone))
    return rows, zones


def _town_names(rng: Random) -> Iterator[str]:
    names = [f"{bird} {place}" for bird in _BIRDS for place in _PLACES]
    rng.shuffle(names)
    return iter(names)


def _schools_of(rng: Random, number: int, place: ZonePlace, names: Iterator[str]) -> Iterator[School]:
    """The 26 schools of one zone: one special (in 13 zones), three or four secondary, the others primary."""
    special = number < len(SPECIAL)
    if special:
        yield School(SPECIAL[number], rng.choice(_SPECIAL_TYPES), "Not applicable", (3, 19))
    nursery = number in (1, 5)
    if nursery:
        yield School(_NURSERY[number == 5], "Local authority nursery school", "Nursery", (2, 5))
    secondaries = 3 if number % 2 else 4
    for turn in range(secondaries):
        yield _secondary(rng, place, names, turn)
    if number in _RARE:
        kind, phase, ages, ending = _RARE[number]
        yield School(f"{next(names)} {ending}", kind, phase, ages)
    rest = 26 - special - nursery - secondaries - (number in _RARE)
    infant = next(names)
    yield School(f"{infant} Infant and Nursery School", "Community school", "Primary", (3, 7))
    yield School(f"{infant} Junior School", "Community school", "Primary", (7, 11))
    in_villages = rng.sample(place.villages, k=rest - 4)
    for _ in range(2):
        yield _primary(rng, next(names), "", closing=False)
    for turn, village in enumerate(in_villages):
        yield _primary(rng, village, village, closing=turn == 0 and number % 4 == 2)
    if number % 4 == 1:
        gone = next(village for village in place.villages if village not in in_villages)
        yield School(f"{gone} Primary School", "Community school", "Primary", (4, 11), gone, "Closed")


def _secondary(rng: Random, place: ZonePlace, names: Iterator[str], turn: int) -> School:
    after_town = turn == 0 and place.town not in MEANT_FOR_REAL
    name = place.town if after_town else next(names)
    kind = rng.choice(("Academy converter", "Academy converter", "Academy sponsor led", "Foundation school"))
    ending = "Academy" if kind == "Academy sponsor led" else "High School"
    return School(f"{name} {ending}", kind, "Secondary", (11, rng.choice((16, 16, 18))))


def _primary(rng: Random, name: str, village: str, *, closing: bool) -> School:
    kind = rng.choices([kind for kind, _ in _PRIMARY_TYPES], [weight for _, weight in _PRIMARY_TYPES])[0]
    return School(
        _primary_name(rng, name, kind, bool(village)),
        kind,
        "Primary",
        rng.choice(((4, 11), (4, 11), (2, 11), (3, 11), (5, 11))),
        village,
        "Open, but proposed to close" if closing else "Open",
    )


def _primary_name(rng: Random, name: str, kind: str, in_village: bool) -> str:
    if kind == "Voluntary aided school" and rng.random() < 0.5:
        return f"{rng.choice(_SAINTS)} Church of England Voluntary Aided Primary School, {name}"
    if kind in _CHURCH_TYPES:
        return f"{name} Church of England {'VA' if kind == _CHURCH_TYPES[0] else 'VC'} Primary School"
    if kind in _ACADEMY_TYPES:
        return f"{name} {rng.choice(('Primary Academy', 'Community Primary School', 'Primary School'))}"
    return f"{name} {'Community Primary School' if in_village else 'Primary School'}"


def _placed(row: dict[str, object]) -> dict[str, object]:
    position = position_of(str(row["Postcode"]))
    return row | {"Easting": position.easting, "Northing": position.northing}


def _row(rng: Random, urn: int, school: School, place: ZonePlace) -> dict[str, object]:
    low, high = school.ages
    is_academy = school.kind.startswith(("Academy", "Free"))
    values: dict[str, object] = dict.fromkeys(COLUMNS, "")
    return values | {
        "URN": urn,
        "LA (code)": "926",
        "LA (name)": "Norfolk",
        "EstablishmentNumber": f"{urn % 10_000:04d}",
        "EstablishmentName": school.name,
        "TypeOfEstablishment (name)": school.kind,
        "EstablishmentStatus (name)": school.status,
        "ReasonEstablishmentOpened (name)": "Academy Converter" if is_academy else "Not applicable",
        "OpenDate": f"01-{rng.choice((4, 9)):02d}-{rng.randint(2011, 2022)}" if is_academy else "",
        "PhaseOfEducation (name)": school.phase,
        "StatutoryLowAge": low,
        "StatutoryHighAge": high,
        "Boarders (name)": "No boarders",
        "OfficialSixthForm (name)": "Has a sixth form" if high == 18 else "Does not have a sixth form",
        "Gender (name)": "Mixed",
        "ReligiousCharacter (name)": "Church of England" if school.kind in _CHURCH_TYPES else "Does not apply",
        "AdmissionsPolicy (name)": "Non-selective" if school.phase == "Secondary" else "Not applicable",
        "UKPRN": str(10_900_000 + urn % 10_000),
        "Street": road(rng),
        "Locality": school.village,
        "Town": place.town,
        "County (name)": "Norfolk" if rng.random() < 0.95 else "",
        "Postcode": postcode(rng, place),
        "TelephoneNum": telephone(rng),
        "GOR (name)": "East of England",
        "ParliamentaryConstituency (name)": rng.choice(_CONSTITUENCIES),
    }
