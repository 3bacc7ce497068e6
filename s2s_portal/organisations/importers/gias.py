"""Get Information about Schools: its establishment downloads, full (about 135 columns) and reduced (33).

Pure: a row of the file becomes a `RegisterRow`. Head teachers' names are never read.
"""

import re
from datetime import date

from s2s_portal.organisations.choices import EstablishmentStatus, Source
from s2s_portal.organisations.importers.reading import Row
from s2s_portal.organisations.importers.registers import (
    BadRow,
    Register,
    RegisterRow,
    age,
    day,
    position_or_remark,
    postcode_or_remark,
    status_of,
    within_limits,
)

STATUSES = {
    "open": EstablishmentStatus.OPEN,
    "open, but proposed to close": EstablishmentStatus.CLOSING,
    "proposed to open": EstablishmentStatus.PROPOSED,
    "closed": EstablishmentStatus.CLOSED,
}
COLUMNS = {
    "urn": ("URN",),
    "name": ("EstablishmentName",),
    "kind": ("TypeOfEstablishment (name)",),
    "status": ("EstablishmentStatus (name)",),
    "phase": ("PhaseOfEducation (name)",),
    "low_age": ("StatutoryLowAge",),
    "high_age": ("StatutoryHighAge",),
    "opened_on": ("OpenDate",),
    "closed_on": ("CloseDate",),
    "street": ("Street",),
    "locality": ("Locality",),
    "address3": ("Address3",),
    "town": ("Town",),
    "county": ("County (name)",),
    "postcode": ("Postcode",),
    "easting": ("Easting",),
    "northing": ("Northing",),
    "telephone": ("TelephoneNum",),
    "trust": ("Trusts (name)",),
}
UNKNOWN_DAY = date(1900, 1, 1)
"""GIAS writes 01-01-1900 where it does not know when a school opened."""
_EXCEL_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")


def read(row: Row) -> RegisterRow:
    """The establishment that `row` describes; raises `BadRow`."""
    urn = row.text(*COLUMNS["urn"])
    if not re.fullmatch(r"[1-9]\d{4,6}", urn, re.ASCII):
        raise BadRow(f'the URN "{urn}" is not a GIAS number.' if urn else "it has no URN.", "urn")
    plain = {
        field: row.text(*COLUMNS[field])
        for field in ("name", "kind", "phase", "street", "locality", "address3", "town", "county", "telephone", "trust")
    }
    for field, said in (("name", "name"), ("kind", "type of establishment")):
        if not plain[field]:
            raise BadRow(f"it has no {said}.", field)
    postcode, no_postcode = postcode_or_remark(row.text(*COLUMNS["postcode"]))
    position, no_position = position_or_remark(row.text(*COLUMNS["easting"]), row.text(*COLUMNS["northing"]))
    return within_limits(
        RegisterRow(
            urn=urn,
            status=status_of(row.text(*COLUMNS["status"]), STATUSES),
            low_age=age(row.text(*COLUMNS["low_age"]), field="low_age"),
            high_age=age(row.text(*COLUMNS["high_age"]), field="high_age"),
            opened_on=_day(row, "opened_on"),
            closed_on=_day(row, "closed_on"),
            postcode=postcode,
            remark=" ".join(filter(None, (no_postcode, no_position))),
            **position,
            **plain,
        )
    )


def _day(row: Row, field: str) -> date | None:
    found = day(row.text(*COLUMNS[field]), pattern="%d-%m-%Y", shape="01-09-2024", field=field)
    return None if found == UNKNOWN_DAY else found


def excel_signs(row: Row) -> str:
    """The sign in this row that Excel has saved the file; "" if there is none."""
    for column in ("OpenDate", "CloseDate"):
        if _EXCEL_DAY.fullmatch(text := row.text(column)):
            return f"the date {text}, which GIAS writes with hyphens"
    for column, digits in (("LA (code)", 3), ("TypeOfEstablishment (code)", 2)):
        text = row.text(column)
        if text.isdecimal() and len(text) < digits:
            return f"{column} {text} has lost its leading zero"
    return ""


REGISTER = Register(
    source=Source.GIAS,
    called="a GIAS establishment download",
    required=("URN", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentStatus (name)"),
    columns=COLUMNS,
    authority=("LA (code)", "LA (name)"),
    read=read,
    excel_signs=excel_signs,
)
