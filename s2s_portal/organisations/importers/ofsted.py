"""Ofsted's register of childcare providers, as published with its inspection outcomes.

Pure: a row of the file becomes a `RegisterRow`. Registered persons' names are never read. Childminders and other
homes are published as "REDACTED": they are imported by URN, with no name.
"""

import re

from s2s_portal.organisations.choices import EstablishmentStatus, Source
from s2s_portal.organisations.importers.kinds import NOT_ON_REGISTER
from s2s_portal.organisations.importers.reading import Row
from s2s_portal.organisations.importers.registers import (
    BadRow,
    Register,
    RegisterRow,
    day,
    postcode_or_remark,
    status_of,
    within_limits,
)

STATUSES = {
    "active": EstablishmentStatus.OPEN,
    # A suspended provider is still registered; it may open again any day.
    "suspended": EstablishmentStatus.OPEN,
    "proposed": EstablishmentStatus.PROPOSED,
    "inactive": EstablishmentStatus.CLOSED,
    "resigned": EstablishmentStatus.CLOSED,
    "cancelled": EstablishmentStatus.CLOSED,
    "closed": EstablishmentStatus.CLOSED,
}
COLUMNS = {
    "urn": ("Provider URN",),
    "name": ("Provider name",),
    "kind": ("Provider type",),
    "status": ("Provider status",),
    "opened_on": ("Registration date",),
    "street": ("Provider address line 1", "Provider address 1"),
    "locality": ("Provider address line 2", "Provider address 2"),
    "address3": ("Provider address line 3", "Provider address 3"),
    "town": ("Provider town",),
    "postcode": ("Postcode", "Provider postcode"),
    "telephone": ("Telephone number",),
}
EARLY_YEARS_FLAG = "Provider Early Years Register Flag"
COMBINATIONS = "Individual Register combinations"
_AMERICAN_DAY = re.compile(r"(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{2,4}")


def read(row: Row) -> RegisterRow:
    """The provider that `row` describes; raises `BadRow`."""
    urn = row.text(*COLUMNS["urn"]).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{6}|[1-9]\d{5,6}", urn, re.ASCII):
        raise BadRow(f'the URN "{urn}" is not an Ofsted number.' if urn else "it has no URN.", "urn")
    postcode, remark = postcode_or_remark(_shown(row, "postcode"))
    return within_limits(
        RegisterRow(
            urn=urn,
            kind=_kind(row),
            status=status_of(row.text(*COLUMNS["status"]), STATUSES),
            opened_on=day(row.text(*COLUMNS["opened_on"]), pattern="%d/%m/%Y", shape="01/09/2024", field="opened_on"),
            postcode=postcode,
            remark=remark,
            **{field: _shown(row, field) for field in ("name", "street", "locality", "address3", "town", "telephone")},
        )
    )


def _shown(row: Row, field: str) -> str:
    text = row.text(*COLUMNS[field])
    return "" if text.casefold() == "redacted" else text


def _kind(row: Row) -> str:
    kind = row.text(*COLUMNS["kind"])
    if not kind:
        raise BadRow("it has no provider type.", "kind")
    return kind if _is_on_early_years_register(row) else kind + NOT_ON_REGISTER


def _is_on_early_years_register(row: Row) -> bool:
    """What the flag says, or in releases without it the combination of registers; a file with neither is believed."""
    flag = row.text(EARLY_YEARS_FLAG).casefold()
    combination = row.text(COMBINATIONS).upper()
    if flag:
        return flag in ("y", "yes")
    return not combination or combination == "ALL" or "EYR" in combination


def excel_signs(row: Row) -> str:
    """The sign in this row that Excel has saved the file; "" if there is none.

    Ofsted's own dates look as a British Excel writes them, and it publishes no padded codes.
    """
    text = row.text(*COLUMNS["opened_on"])
    return f"the date {text}, which Ofsted writes day first" if _AMERICAN_DAY.fullmatch(text) else ""


REGISTER = Register(
    source=Source.OFSTED,
    called="Ofsted's register of childcare providers",
    required=("Provider URN", "Provider type", "Provider name", "Provider status", "Local authority"),
    columns=COLUMNS,
    authority=("Local authority",),
    read=read,
    excel_signs=excel_signs,
)
