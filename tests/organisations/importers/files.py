"""Register files for tests: the true layouts, with schools and settings that do not exist."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.conf import settings

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
"""Real registers, where the machine has them; the project itself never holds them."""


def _columns(text: str) -> list[str]:
    return " ".join(text.split()).split(" | ")


GIAS_REDUCED = _columns("""
URN | LA (code) | LA (name) | EstablishmentNumber | EstablishmentName | TypeOfEstablishment (name) |
EstablishmentStatus (name) | ReasonEstablishmentOpened (name) | OpenDate | PhaseOfEducation (name) |
StatutoryLowAge | StatutoryHighAge | Boarders (name) | OfficialSixthForm (name) | Gender (name) |
ReligiousCharacter (name) | AdmissionsPolicy (name) | UKPRN | Street | Locality | Address3 | Town | County
(name) | Postcode | SchoolWebsite | TelephoneNum | HeadTitle (name) | HeadFirstName | HeadLastName |
HeadPreferredJobTitle | GOR (name) | ParliamentaryConstituency (code) | ParliamentaryConstituency (name)
""")
"""The "state funded" download of July 2025."""
GIAS_FULL = _columns("""
URN | LA (code) | LA (name) | EstablishmentNumber | EstablishmentName | TypeOfEstablishment (code) |
TypeOfEstablishment (name) | EstablishmentTypeGroup (code) | EstablishmentTypeGroup (name) | EstablishmentStatus
(code) | EstablishmentStatus (name) | ReasonEstablishmentOpened (code) | ReasonEstablishmentOpened (name) |
OpenDate | ReasonEstablishmentClosed (code) | ReasonEstablishmentClosed (name) | CloseDate | PhaseOfEducation
(code) | PhaseOfEducation (name) | StatutoryLowAge | StatutoryHighAge | Boarders (code) | Boarders (name) |
NurseryProvision (name) | OfficialSixthForm (code) | OfficialSixthForm (name) | Gender (code) | Gender (name) |
ReligiousCharacter (code) | ReligiousCharacter (name) | ReligiousEthos (name) | Diocese (code) | Diocese (name)
| AdmissionsPolicy (code) | AdmissionsPolicy (name) | SchoolCapacity | SpecialClasses (code) | SpecialClasses
(name) | CensusDate | NumberOfPupils | NumberOfBoys | NumberOfGirls | PercentageFSM | TrustSchoolFlag (code) |
TrustSchoolFlag (name) | Trusts (code) | Trusts (name) | SchoolSponsorFlag (name) | SchoolSponsors (name) |
FederationFlag (name) | Federations (code) | Federations (name) | UKPRN | FEHEIdentifier | FurtherEducationType
(name) | LastChangedDate | Street | Locality | Address3 | Town | County (name) | Postcode | SchoolWebsite |
TelephoneNum | HeadTitle (name) | HeadFirstName | HeadLastName | HeadPreferredJobTitle | BSOInspectorateName
(name) | InspectorateReport | DateOfLastInspectionVisit | NextInspectionVisit | TeenMoth (name) | TeenMothPlaces
| CCF (name) | SENPRU (name) | EBD (name) | PlacesPRU | FTProv (name) | EdByOther (name) | Section41Approved
(name) | SEN1 (name) | SEN2 (name) | SEN3 (name) | SEN4 (name) | SEN5 (name) | SEN6 (name) | SEN7 (name) | SEN8
(name) | SEN9 (name) | SEN10 (name) | SEN11 (name) | SEN12 (name) | SEN13 (name) | TypeOfResourcedProvision
(name) | ResourcedProvisionOnRoll | ResourcedProvisionCapacity | SenUnitOnRoll | SenUnitCapacity | GOR (code) |
GOR (name) | DistrictAdministrative (code) | DistrictAdministrative (name) | AdministrativeWard (code) |
AdministrativeWard (name) | ParliamentaryConstituency (code) | ParliamentaryConstituency (name) | UrbanRural
(code) | UrbanRural (name) | GSSLACode (name) | Easting | Northing | MSOA (name) | LSOA (name) |
InspectorateName (name) | SENStat | SENNoStat | BoardingEstablishment (name) | PropsName | PreviousLA (code) |
PreviousLA (name) | PreviousEstablishmentNumber | Country (name) | UPRN | SiteName | QABName (code) | QABName
(name) | EstablishmentAccredited (code) | EstablishmentAccredited (name) | QABReport | CHNumber | MSOA (code) |
LSOA (code) | FSM | AccreditationExpiryDate
""")
"""All fields, as in November 2023."""
OFSTED = _columns("""
Web link | Provider URN | Registration date | Provider type | Provider subtype | Provider status | Individual
Register combinations | Provider Early Years Register Flag | Provider Compulsory Childcare Register Flag |
Provider Voluntary Childcare Register Flag | Registered person URN | Registered_Person_Name | Provider name |
Provider address line 1 | Provider address line 2 | Provider address line 3 | Provider town | Postcode |
Telephone Number | Parliamentary constituency | Local authority | Region | Ofsted region | Deprivation Band |
Places | Places including estimates | Most recent full: Inspection number | Most recent full: Inspection date |
Most recent full: Overall effectiveness | Quality of education | Behaviour and attitudes | Personal development
| Effectiveness of leadership and management | Safeguarding is effective? | CCR requirements suitability | VCR
requirements suitability | Second most recent full: Overall effectiveness | Second most recent full: Inspection
number | Second most recent full: Inspection date | Third most recent full: Overall effectiveness | Third most
recent full: Inspection number | Third most recent full: Inspection date | NCOR: Inspection number | NCOR:
Inspection date | NCOR: Overall effectiveness | CR: Inspection number | CR: Inspection date | CR: Overall
effectiveness
""")
"""Childcare providers, as at August 2021."""

BARE_IN_GIAS = {"URN", "StatutoryLowAge", "StatutoryHighAge", "UKPRN", "Easting", "Northing"}

_SCHOOL = {
    "URN": "900001",
    "LA (code)": "926",
    "LA (name)": "Norfolk",
    "EstablishmentNumber": "2001",
    "EstablishmentName": "Saltmarsh Primary School",
    "TypeOfEstablishment (code)": "01",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentTypeGroup (code)": "4",
    "EstablishmentStatus (code)": "1",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-2007",
    "PhaseOfEducation (name)": "Primary",
    "StatutoryLowAge": "4",
    "StatutoryHighAge": "11",
    "UKPRN": "10099001",
    "Street": "Reedcutters Lane",
    "Locality": "Staithe End",
    "Town": "Market Staithe",
    "County (name)": "Norfolk",
    "Postcode": "NR29 9ZZ",
    "Easting": "645100",
    "Northing": "317200",
    "TelephoneNum": "01603496001",
    "HeadFirstName": "Wilhelmina",
    "HeadLastName": "Neverstored",
    "Trusts (name)": "Wherry Learning Trust",
    "ParliamentaryConstituency (name)": "Staithe and Broads",
}
_SETTING = {
    "Web link": "Web link",
    "Provider URN": "EY900001",
    "Registration date": "19/05/2006",
    "Provider type": "Childcare on non-domestic premises",
    "Provider subtype": "Full day care",
    "Provider status": "Active",
    "Individual Register combinations": "ALL",
    "Provider Early Years Register Flag": "Y",
    "Provider Compulsory Childcare Register Flag": "Y",
    "Provider Voluntary Childcare Register Flag": "Y",
    "Registered person URN": "RP900001",
    "Registered_Person_Name": "Neverstored, Wilhelmina",
    "Provider name": "Puddle Lane Pre-school",
    "Provider address line 1": "The Village Hall",
    "Provider address line 2": "Puddle Lane",
    "Provider town": "Market Staithe",
    "Postcode": "NR29 9ZY",
    "Telephone Number": "01603 496002",
    "Local authority": "Norfolk",
    "Places": "26",
}
_WITHHELD = (
    "Provider name",
    "Provider address line 1",
    "Provider address line 2",
    "Provider address line 3",
    "Provider town",
    "Postcode",
    "Telephone Number",
)


def school(**columns: str) -> dict[str, str]:
    """One row of GIAS; give columns by name, as `school(URN="900002", **{"LA (code)": "935"})`."""
    return _SCHOOL | columns


def setting(**columns: str) -> dict[str, str]:
    """One row of Ofsted's register."""
    return _SETTING | columns


def childminder(**columns: str) -> dict[str, str]:
    """A row whose name and address Ofsted withholds."""
    return _SETTING | {"Provider type": "Childminder"} | dict.fromkeys(_WITHHELD, "REDACTED") | columns


def gias_text(rows: Iterable[Mapping[str, str]], *, header: list[str] = GIAS_REDUCED) -> str:
    """The download as GIAS writes it: text and codes quoted, numbers bare, CRLF, nothing after the last row."""
    lines = [",".join(f'"{name}"' for name in header)]
    lines += [",".join(_gias_cell(name, row.get(name, "")) for name in header) for row in rows]
    return "\r\n".join(lines)


def _gias_cell(name: str, value: str) -> str:
    return value if value and name in BARE_IN_GIAS else '"' + value.replace('"', '""') + '"'


def plain_text(rows: Iterable[Mapping[str, str]], *, header: list[str]) -> str:
    """A CSV with quotation marks only where they are needed, as most programs, Excel among them, write it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def ofsted_text(rows: Iterable[Mapping[str, str]], *, header: list[str] = OFSTED) -> str:
    """The register of childcare providers as Ofsted writes it."""
    return plain_text(rows, header=header)


def saver(folder: Path) -> Callable[..., Path]:
    """A function that saves text as a file in `folder`: `save(text, name="gias.csv", encoding="cp1252")`."""

    def save(text: str | bytes, *, name: str = "register.csv", encoding: str = "cp1252") -> Path:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return save
