"""Where the demo's postcodes lie: roughly where the first half says, spread by the second. Pure.

The centres are those of the real outward codes, a little inland on the coast; the rest of each position is invented.
"""

import math
from zlib import crc32

from s2s_portal.core.geography import Point

CENTRES = {
    "NR3": (623, 310), "NR6": (622, 312), "NR7": (626, 310), "NR12": (634, 324), "NR13": (636, 310),
    "NR14": (631, 301), "NR15": (621, 294), "NR16": (609, 291), "NR17": (604, 294), "NR18": (610, 300),
    "NR20": (603, 317), "NR21": (592, 331), "NR23": (591, 339), "NR26": (614, 338), "NR27": (622, 336),
    "NR28": (629, 329), "NR29": (643, 316), "NR30": (651, 309), "NR31": (650, 303),
    "PE14": (550, 312), "PE30": (563, 321), "PE31": (573, 334), "PE33": (568, 307), "PE38": (561, 301),
    "IP20": (625, 285), "IP21": (618, 283), "IP22": (610, 283), "IP24": (588, 285), "IP25": (593, 303),
}  # fmt: skip
"""Kilometres east and north of the National Grid's corner."""
IN_TOWN = frozenset({"NR3", "NR6", "NR7", "NR30", "PE30"})
IN_TOWN_METRES, IN_COUNTRY_METRES = 700, 3_500
"""How far a sector's middle may lie from the centre of its outward code."""
STREETS_METRES = 300
"""How far a postcode may lie from the middle of its sector, east or north."""


def position_of(postcode: str) -> Point:
    """The position of one of the demo's postcodes, such as "NR12 8AB": the same every time.

    Its sector's ten possible middles stand on a spiral around the centre.
    """
    outward, _, inward = postcode.partition(" ")
    east, north = CENTRES[outward]
    sector = int(inward[0])
    reach = (IN_TOWN_METRES if outward in IN_TOWN else IN_COUNTRY_METRES) * (sector + 2) / 11
    turn = math.tau * sector * 0.3
    street = crc32(postcode.encode())
    return Point(
        round(east * 1000 + reach * math.cos(turn)) + _sideways(street & 0xFFFF),
        round(north * 1000 + reach * math.sin(turn)) + _sideways(street >> 16),
    )


def _sideways(number: int) -> int:
    """Metres from −`STREETS_METRES` to +`STREETS_METRES` for one of 65,536 numbers."""
    return number % (2 * STREETS_METRES + 1) - STREETS_METRES
