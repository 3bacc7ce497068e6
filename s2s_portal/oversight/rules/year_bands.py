"""School years in bands, so that fewer of them are too small to be shown (R16). Pure."""

from typing import NamedTuple

from referrals.choices import YearGroup

_Y = YearGroup


class Band(NamedTuple):
    """Some school years and what they are called together. `key` stands in addresses."""

    key: str
    label: str
    years: tuple[YearGroup, ...]


BANDS = (
    Band("under-2", "Under 2", (_Y.UNDER_2,)),
    Band("nursery-2", "Nursery, age 2", (_Y.N1,)),
    Band("nursery-3", "Nursery, age 3", (_Y.N2,)),
    Band("reception", "Reception", (_Y.R,)),
    Band("years-1-2", "Years 1 and 2", (_Y.Y1, _Y.Y2)),
    Band("years-3-6", "Years 3 to 6", (_Y.Y3, _Y.Y4, _Y.Y5, _Y.Y6)),
    Band("years-7-9", "Years 7 to 9", (_Y.Y7, _Y.Y8, _Y.Y9)),
    Band("years-10-11", "Years 10 and 11", (_Y.Y10, _Y.Y11)),
    Band("years-12-13", "Years 12 and 13", (_Y.Y12, _Y.Y13)),
)
"""Every school year is in exactly one. Ages of nursery years are those on 31 August."""

BAND_OF: dict[str, str] = {year.value: band.key for band in BANDS for year in band.years}
"""The key of the band of a year group."""
