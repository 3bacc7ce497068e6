"""Where the demo happens: zones, their towns and villages. Invented, but for two zones whose names are public."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

VILLAGES_IN_A_ZONE = 20
MEANT_FOR_REAL = frozenset({"Norwich", "King’s Lynn"})
"""Towns that exist: schools are never named after them, for those schools might exist too."""

_ZONES = (
    ("North Norwich", "Norwich", ("NR3", "NR6", "NR7")),
    ("King’s Lynn", "King’s Lynn", ("PE30", "PE33")),
    ("Sandle Coast", "Sandle-next-the-Sea", ("NR26", "NR27")),
    ("Lapwing Fens", "Upwick Market", ("PE14", "PE38")),
    ("Mereside", "Merebridge", ("IP22", "NR16")),
    ("Heronsea", "Heronsea", ("NR30", "NR31")),
    ("The Saltings", "Saltby Quay", ("NR23", "PE31")),
    ("Marlbrook", "Marlbrook", ("NR17", "NR18")),
    ("Breckside", "Breckside", ("IP24", "IP25")),
    ("Oxmere", "Oxmere", ("IP20", "IP21")),
    ("Withy Broads", "Withy Staithe", ("NR12", "NR28")),
    ("Thornsea", "Thornsea", ("NR29",)),
    ("Harrier Vale", "Harriford", ("NR20", "NR21")),
    ("East Staithe", "Market Staithe", ("NR13",)),
    ("South Staithe", "Staithe Magna", ("NR14", "NR15")),
)
_ROOTS = (
    *("Alm", "Bray", "Brisk", "Corl", "Drim", "Elv", "Fenl", "Garl", "Hask", "Jarl", "Ketl", "Lorm", "Mard", "Nard"),
    *("Orl", "Pesk", "Quarn", "Rusk", "Scarl", "Tav", "Ulv", "Varn", "Wisk", "Yarl", "Sallow", "Stern", "Curl", "Teal"),
    *(
        "Annel",
        "Bexer",
        "Cother",
        "Dunsel",
        "Ebber",
        "Fothel",
        "Gissel",
        "Hemmer",
        "Istle",
        "Kester",
        "Loxer",
        "Mathel",
    ),
    *(
        "Oxel",
        "Pether",
        "Rinkle",
        "Sether",
        "Thistle",
        "Wendle",
        "Yaddle",
        "Brund",
        "Snar",
        "Limmer",
        "Spindle",
        "Cusk",
    ),
)
_ENDINGS = ("ham", "ingham", "thorpe", "by", "ford", "wick", "wold", "mere", "toft", "ingstead", "bourne")
_PAIRS = ("Great {}", "Little {}", "{} St Mary", "{} Parva", "North {}", "{} Green")
_ROADS = (
    *("The Street", "School Lane", "Church Road", "Mill Lane", "Staithe Road", "Common Road", "Reedcutters Lane"),
    *("Windpump Loke", "Hall Road", "Chapel Loke", "Heath Road", "Marsh Lane", "Orchard Way", "Low Road"),
)
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class ZonePlace:
    """One zone with its town, the first halves of its postcodes and its villages."""

    zone: str
    town: str
    outward: tuple[str, ...]
    villages: tuple[str, ...]


def zone_places(rng: Random) -> list[ZonePlace]:
    """The 15 zones, in a fixed order, each with `VILLAGES_IN_A_ZONE` villages of its own."""
    names = _village_names(rng)
    return [
        ZonePlace(zone, town, outward, tuple(next(names) for _ in range(VILLAGES_IN_A_ZONE)))
        for zone, town, outward in _ZONES
    ]


def _village_names(rng: Random) -> Iterator[str]:
    plain = [root + ending for root in _ROOTS for ending in _ENDINGS if _joins(root, ending)]
    rng.shuffle(plain)
    for name in plain:
        yield rng.choice(_PAIRS).format(name) if rng.random() < 0.12 else name


def _joins(root: str, ending: str) -> bool:
    """Whether the two can be said in one breath: not two of one letter, and no vowel upon a vowel."""
    return root[-1] != ending[0] and not (root[-1] == "e" and ending[0] == "i")


def road(rng: Random) -> str:
    """A road as a register writes it."""
    return f"{rng.randint(1, 90)} {rng.choice(_ROADS)}" if rng.random() < 0.3 else rng.choice(_ROADS)


def postcode(rng: Random, place: ZonePlace) -> str:
    """A postcode of the right shape for the zone."""
    return f"{rng.choice(place.outward)} {rng.randint(0, 9)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"


def telephone(rng: Random) -> str:
    """One of the numbers that Ofcom keeps for drama: nobody is ever rung up because of the demo."""
    return f"01632960{rng.randint(0, 999):03d}"
