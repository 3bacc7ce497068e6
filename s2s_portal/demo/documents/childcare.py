"""Invented early years settings in the layout of Ofsted's register of childcare providers: 48 columns."""

from collections.abc import Iterator
from itertools import count
from random import Random

from s2s_portal.demo.documents.places import ZonePlace, postcode, road, telephone
from s2s_portal.demo.documents.schools import FIRST_URN

COLUMNS = (
    *("Web link", "Provider URN", "Registration date", "Provider type", "Provider subtype", "Provider status"),
    *("Individual Register combinations", "Provider Early Years Register Flag"),
    *("Provider Compulsory Childcare Register Flag", "Provider Voluntary Childcare Register Flag"),
    *("Registered person URN", "Registered_Person_Name", "Provider name", "Provider address line 1"),
    *("Provider address line 2", "Provider address line 3", "Provider town", "Postcode", "Telephone Number"),
    *("Parliamentary constituency", "Local authority", "Region", "Ofsted region", "Deprivation Band", "Places"),
    *("Places including estimates", "Most recent full: Inspection number", "Most recent full: Inspection date"),
    *("Most recent full: Overall effectiveness", "Quality of education", "Behaviour and attitudes"),
    *("Personal development", "Effectiveness of leadership and management", "Safeguarding is effective?"),
    *("CCR requirements suitability", "VCR requirements suitability"),
    *("Second most recent full: Overall effectiveness", "Second most recent full: Inspection number"),
    *("Second most recent full: Inspection date", "Third most recent full: Overall effectiveness"),
    *("Third most recent full: Inspection number", "Third most recent full: Inspection date"),
    *("NCOR: Inspection number", "NCOR: Inspection date", "NCOR: Overall effectiveness"),
    *("CR: Inspection number", "CR: Inspection date", "CR: Overall effectiveness"),
)
GROUPS, CHILDMINDERS = 28, 12
"""Group settings and homes (childminders and home childcarers) in each zone: 70 % and 30 % of 40."""
_KINDS = (("Pre-School", "Sessional day care"), ("Playgroup", "Sessional day care"), ("Nursery", "Full day care"))
_ANIMALS = (
    *("Otters", "Puffins", "Hedgehogs", "Ladybirds", "Ducklings", "Leverets", "Fieldmice", "Owlets", "Tadpoles"),
    *("Wrens", "Squirrels", "Bumblebees", "Seal Pups", "Starfish", "Goslings", "Voles", "Skylarks", "Conkers"),
)
_MANNERS = (
    *("Muddy", "Busy", "Jolly", "Pebble", "Marshland", "Sunny", "Seaside", "Windmill", "Bramble", "Curious"),
    *("Puddle Lane", "Old Barn", "Staithe", "Hay Loft", "Rainbow Row", "Appletree", "Reedbed", "Harbour"),
)
_CHAINS = ("Kittiwake Day Nurseries", "Sail and Acorn Nurseries", "Tide Pool Childcare")
_BANDS = ("Least deprived", "Less deprived", "Average", "Deprived", "Most deprived")
REDACTED = "REDACTED"


def setting_rows(rng: Random, places: list[ZonePlace]) -> tuple[list[dict[str, object]], list[tuple[str, str]]]:
    """The register's rows by column name, 40 in each zone, and (URN, zone name) for each."""
    urns = _urns(rng)
    rows: list[dict[str, object]] = []
    zones: list[tuple[str, str]] = []
    for place in places:
        groups = [_group(rng, next(urns), place, number) for number in range(GROUPS)]
        homes = [_home(rng, next(urns), number) for number in range(CHILDMINDERS)]
        rows += groups + homes
        zones += [(str(row["Provider URN"]), place.zone) for row in groups + homes]
    return rows, zones


def newly_registered(rng: Random, place: ZonePlace) -> list[dict[str, object]]:
    """Two settings of a later release of the register, which nobody has put into a zone yet."""
    fresh = []
    for number, name in enumerate(("Whelk Row Nursery", "Samphire Room Pre-School")):
        row = _group(rng, f"EY98000{number + 1}", place, number)
        fresh.append(row | {"Provider name": name, "Registration date": f"{4 + number:02d}/11/2024"})
    return fresh


def _urns(rng: Random) -> Iterator[str]:
    """URNs as Ofsted writes them; the first three are schools' URNs too, as four in the real registers are."""
    yield from (str(FIRST_URN + number) for number in (40, 130, 220))
    for number in count(1):
        yield f"EY97{number:04d}" if rng.random() < 0.7 else f"27{90_000 + number}"


def _group(rng: Random, urn: str, place: ZonePlace, number: int) -> dict[str, object]:
    """A setting that is named: a nursery, a pre-school, and in every seventh row an out-of-school club."""
    village = place.villages[number % len(place.villages)]
    is_club = number % 7 == 6
    ending, subtype = ("Kids Club", "Out-of-school day care") if is_club else rng.choice(_KINDS)
    return _common(rng, urn) | {
        "Provider type": "Childcare on non-domestic premises",
        "Provider subtype": subtype,
        "Individual Register combinations": "CCR-VCR" if is_club else "ALL",
        "Provider Early Years Register Flag": "N" if is_club else "Y",
        "Provider name": _group_name(rng, village, ending, number),
        "Provider address line 1": rng.choice(("Village Hall", "The Pavilion", "The Old Reading Room", road(rng))),
        "Provider address line 2": road(rng),
        "Provider address line 3": village,
        "Provider town": place.town if rng.random() < 0.7 else place.town.upper(),
        "Postcode": postcode(rng, place),
        "Telephone Number": telephone(rng),
        "Places": rng.choice((18, 20, 24, 26, 30, 40)),
    }


def _group_name(rng: Random, village: str, ending: str, number: int) -> str:
    if ending == "Kids Club" or number % 2 == 0:
        return f"{village} {ending}"
    if number % 9 == 1:
        return f"{rng.choice(_CHAINS)} – {village}"
    name = f"{rng.choice(_MANNERS)} {rng.choice(_ANIMALS)}"
    return f"{name} {ending}" if rng.random() < 0.5 else f"{name} {ending} ({village})"


def _home(rng: Random, urn: str, number: int) -> dict[str, object]:
    """A childminder, or now and then a home childcarer: published without name and address."""
    is_carer = number == 0 and rng.random() < 0.6
    withheld = ("name", "address line 1", "address line 2", "address line 3", "town")
    row = _common(rng, urn) | {f"Provider {column}": REDACTED for column in withheld}
    return row | {
        "Provider type": "Home childcarer" if is_carer else "Childminder",
        "Individual Register combinations": "VCR only" if is_carer else "ALL",
        "Provider Early Years Register Flag": "N" if is_carer else "Y",
        "Registered_Person_Name": REDACTED,
        "Postcode": REDACTED,
        "Telephone Number": REDACTED,
        "Places": 0 if is_carer else 6,
    }


def _common(rng: Random, urn: str) -> dict[str, object]:
    grade = rng.choice(("1", "2", "2", "2", "3"))
    values: dict[str, object] = dict.fromkeys(COLUMNS, "")
    return values | {
        "Web link": "Web link",
        "Provider URN": urn,
        "Registration date": _day(rng, 1994),
        "Provider status": "Active",
        "Provider Compulsory Childcare Register Flag": "Y",
        "Provider Voluntary Childcare Register Flag": "Y",
        "Local authority": "Norfolk",
        "Region": "East of England",
        "Ofsted region": "East of England",
        "Deprivation Band": rng.choice(_BANDS),
        "Most recent full: Inspection date": _day(rng, 2017),
        "Most recent full: Overall effectiveness": grade,
        "Effectiveness of leadership and management": grade,
    }


def _day(rng: Random, first_year: int) -> str:
    return f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(first_year, 2023)}"
