"""One row of a register becomes one plain establishment: every trap of the real files, without a database."""

from dataclasses import asdict
from datetime import date

import pytest

from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, Source
from s2s_portal.organisations.importers import gias, kinds, ofsted
from s2s_portal.organisations.importers.checking import RegisterFile
from s2s_portal.organisations.importers.reading import NotARegister, scanned
from s2s_portal.organisations.importers.registers import ExcelWatch
from tests.organisations.importers import files


def entries(path, register, la=""):
    """What each row of the file comes to, having looked for Excel's marks too."""
    file = RegisterFile(register, scanned(path), la)
    watch = ExcelWatch(register, file.source, register.columns["telephone"])
    found = list(file.entries(watch))
    watch.verdict()
    return found


@pytest.fixture
def school(save):
    """The entry of one GIAS row, in the full layout so that every column counts."""
    return lambda **columns: entries(
        save(files.gias_text([files.school(**columns)], header=files.GIAS_FULL)), gias.REGISTER
    )[0]


@pytest.fixture
def setting(save):
    """The entry of one row of Ofsted's register."""
    return lambda **columns: entries(
        save(files.ofsted_text([files.setting(**columns)]), encoding="utf-8"), ofsted.REGISTER
    )[0]


def test_gias_row(school):
    values = asdict(school().values)
    assert values == {
        "urn": "900001",
        "kind": "Community school",
        "status": EstablishmentStatus.OPEN,
        "name": "Saltmarsh Primary School",
        "phase": "Primary",
        "low_age": 4,
        "high_age": 11,
        "opened_on": date(2007, 9, 1),
        "closed_on": None,
        "street": "Reedcutters Lane",
        "locality": "Staithe End",
        "address3": "",
        "town": "Market Staithe",
        "county": "Norfolk",
        "postcode": "NR29 9ZZ",
        "easting": 645_100,
        "northing": 317_200,
        "telephone": "01603496001",
        "trust": "Wherry Learning Trust",
        "remark": "",
    }


@pytest.mark.parametrize(
    ("column", "text", "field", "expected"),
    [
        ("EstablishmentName", "\u00a0St  Withburga’s  Nursery ", "name", "St Withburga’s Nursery"),
        ("EstablishmentName", 'The "Ark", Sea Palling', "name", 'The "Ark", Sea Palling'),
        ("EstablishmentStatus (name)", "Open, but proposed to close", "status", EstablishmentStatus.CLOSING),
        ("EstablishmentStatus (name)", "Proposed to open", "status", EstablishmentStatus.PROPOSED),
        ("EstablishmentStatus (name)", "CLOSED", "status", EstablishmentStatus.CLOSED),
        ("OpenDate", "", "opened_on", None),
        ("OpenDate", "01-01-1900", "opened_on", None),
        ("CloseDate", "31-08-2011", "closed_on", date(2011, 8, 31)),
        ("CloseDate", "29-02-2024", "closed_on", date(2024, 2, 29)),
        ("StatutoryLowAge", "", "low_age", None),
        ("StatutoryLowAge", "0", "low_age", 0),
        ("Postcode", "nr29 9zz", "postcode", "NR29 9ZZ"),
        ("Postcode", "PE149ZY", "postcode", "PE14 9ZY"),
        ("Postcode", "", "postcode", ""),
        ("Postcode", "2036", "postcode", ""),
        ("Town", "Norwich.", "town", "Norwich."),
        ("Town", "Main Office", "town", "Main Office"),
        ("County (name)", "Cambridgeshire", "county", "Cambridgeshire"),
        ("TelephoneNum", "", "telephone", ""),
    ],
)
def test_gias_cells(school, column, text, field, expected):
    entry = school(**{column: text})
    assert not entry.problem
    assert getattr(entry.values, field) == expected


def test_gias_a_cell_that_is_no_postcode_is_left_blank_and_said_so(school):
    assert school(Postcode="2036").values.remark == '"2036" is not a postcode; none is kept.'


@pytest.mark.parametrize(
    ("easting", "northing", "position"),
    [
        ("619162", "327053", (619_162, 327_053)),
        ("0619162", "327053", (619_162, 327_053)),
        ("447157", "1141280", (447_157, 1_141_280)),  # Shetland
        ("", "", (None, None)),
        ("0", "0", (None, None)),
    ],
)
def test_gias_positions(school, easting, northing, position):
    values = school(Easting=easting, Northing=northing).values
    assert (values.easting, values.northing) == position
    assert values.remark == ""


@pytest.mark.parametrize(
    ("easting", "northing"),
    [
        ("619162", ""),
        ("", "327053"),
        ("0", "327053"),
        ("700000", "327053"),
        ("619162", "1300000"),
        ("-619162", "327053"),
        ("TG 19", "27"),
        ("٦١٩١٦٢", "327053"),
    ],
)
def test_gias_what_is_no_position_is_left_out_and_said_so(save, easting, northing):
    row = files.school(Easting=easting, Northing=northing, Postcode="2036")
    values = entries(save(files.gias_text([row], header=files.GIAS_FULL), encoding="utf-8"), gias.REGISTER)[0].values
    assert (values.easting, values.northing) == (None, None)
    assert values.remark == (
        '"2036" is not a postcode; none is kept. '
        f'"{easting}, {northing}" is not a position on the National Grid; none is kept.'
    )


@pytest.mark.parametrize(
    ("header", "has_position"),
    [
        pytest.param(files.GIAS_FULL, True, id="full"),
        pytest.param(files.GIAS_REDUCED, False, id="reduced"),
        pytest.param([*files.GIAS_REDUCED, "Easting"], False, id="half a position is none"),
        pytest.param([*files.GIAS_REDUCED, "Northing", "Easting"], True, id="both"),
    ],
)
def test_gias_layouts_with_positions(save, header, has_position):
    fields = RegisterFile(gias.REGISTER, scanned(save(files.gias_text([files.school()], header=header))), "").fields()
    assert fields & {"easting", "northing"} == ({"easting", "northing"} if has_position else set())
    assert "postcode" in fields


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("URN", "", "it has no URN."),
        ("URN", "EY900001", 'the URN "EY900001" is not a GIAS number.'),
        ("URN", "=1+1", 'the URN "=1+1" is not a GIAS number.'),
        ("URN", "٩٠٠٠٠١", "is not a GIAS number."),
        ("EstablishmentName", " \u00a0", "it has no name."),
        ("EstablishmentName", "x" * 201, "the name is longer than 200 characters."),
        ("TypeOfEstablishment (name)", "", "it has no type of establishment."),
        ("EstablishmentStatus (name)", "", "it has no status."),
        ("EstablishmentStatus (name)", "Quarantine", 'the status "Quarantine" is not one we know.'),
        ("OpenDate", "31-02-2020", '"31-02-2020" is not a date such as 01-09-2024.'),
        ("OpenDate", "2020-02-01", '"2020-02-01" is not a date such as 01-09-2024.'),
        ("StatutoryLowAge", "four", 'the age "four" is not a whole number.'),
        ("StatutoryHighAge", "-1", 'the age "-1" is not a whole number.'),
        ("TelephoneNum", "0" * 31, "the telephone is longer than 30 characters."),
    ],
)
def test_gias_bad_rows_say_why(save, column, text, problem):
    row = files.school(**{column: text})
    path = save(files.gias_text([row], header=files.GIAS_FULL), encoding="utf-8")
    entry = entries(path, gias.REGISTER)[0]
    assert entry.values is None
    assert entry.line == 2
    assert problem in entry.problem


@pytest.mark.parametrize(
    ("columns", "sign"),
    [
        ({"OpenDate": "01/09/2007"}, "the date 01/09/2007, which GIAS writes with hyphens"),
        ({"CloseDate": "1/9/07"}, "the date 1/9/07"),
        ({"LA (code)": "2"}, "LA (code) 2 has lost its leading zero"),
        ({"TypeOfEstablishment (code)": "1"}, "TypeOfEstablishment (code) 1 has lost its leading zero"),
        ({"TelephoneNum": "1603496001"}, "the telephone number 1603496001 has lost its leading zero"),
        ({"UPRN": "1.00063E+11"}, "the number 1.00063E+11 has lost its last digits"),
    ],
)
def test_gias_saved_by_excel_is_refused(save, columns, sign):
    path = save(files.plain_text([files.school(**columns)], header=files.GIAS_FULL))
    with pytest.raises(NotARegister, match="saved again by Excel") as refusal:
        entries(path, gias.REGISTER)
    assert f"line 2: {sign}" in str(refusal.value)
    assert "download it again" in str(refusal.value)


def test_one_telephone_number_without_its_zero_is_not_excel(save):
    rows = [files.school(), files.school(URN="900002", TelephoneNum="1603496001")]
    assert [entry.values.telephone for entry in entries(save(files.gias_text(rows)), gias.REGISTER)] == [
        "01603496001",
        "1603496001",
    ]


def test_quotation_marks_do_not_matter(save):
    """Other programs than GIAS write fewer of them; nothing is lost by that."""
    quoted = entries(save(files.gias_text([files.school()])), gias.REGISTER)
    assert entries(save(files.plain_text([files.school()], header=files.GIAS_REDUCED)), gias.REGISTER) == quoted


def test_ofsted_row(setting):
    values = {name: value for name, value in asdict(setting().values).items() if value not in ("", None)}
    assert values == {
        "urn": "EY900001",
        "kind": "Childcare on non-domestic premises",
        "status": EstablishmentStatus.OPEN,
        "name": "Puddle Lane Pre-school",
        "opened_on": date(2006, 5, 19),
        "street": "The Village Hall",
        "locality": "Puddle Lane",
        "town": "Market Staithe",
        "postcode": "NR29 9ZY",
        "telephone": "01603 496002",
    }


def test_ofsted_withheld_rows_keep_their_urn_and_invent_nothing(save):
    row = files.childminder(**{"Provider URN": "ey900002"})
    values = asdict(entries(save(files.ofsted_text([row])), ofsted.REGISTER)[0].values)
    assert {name: value for name, value in values.items() if value not in ("", None)} == {
        "urn": "EY900002",
        "kind": "Childminder",
        "status": EstablishmentStatus.OPEN,
        "opened_on": date(2006, 5, 19),
    }


@pytest.mark.parametrize("urn", ["EY123456", "CA123456", "253952", "2518283"])
def test_ofsted_urns(setting, urn):
    assert setting(**{"Provider URN": urn}).values.urn == urn


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"Provider URN": ""}, "it has no URN."),
        ({"Provider URN": "EY12"}, 'the URN "EY12" is not an Ofsted number.'),
        ({"Provider status": "Perhaps"}, 'the status "Perhaps" is not one we know.'),
        ({"Provider type": ""}, "it has no provider type."),
        ({"Registration date": "19-05-2006"}, '"19-05-2006" is not a date such as 01/09/2024.'),
    ],
)
def test_ofsted_bad_rows_say_why(setting, columns, problem):
    assert setting(**columns).problem == problem


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Active", EstablishmentStatus.OPEN),
        ("Suspended", EstablishmentStatus.OPEN),
        ("Resigned", EstablishmentStatus.CLOSED),
        ("Cancelled", EstablishmentStatus.CLOSED),
    ],
)
def test_ofsted_statuses(setting, word, status):
    assert setting(**{"Provider status": word}).values.status == status


@pytest.mark.parametrize(
    ("flag", "combination", "kind"),
    [
        ("Y", "ALL", "Childminder"),
        ("N", "CCR-VCR", "Childminder, not on the Early Years Register"),
        ("n", "", "Childminder, not on the Early Years Register"),
        ("", "EYR-CCR", "Childminder"),
        ("", "VCR only", "Childminder, not on the Early Years Register"),
        ("", "", "Childminder"),
    ],
)
def test_ofsted_kind_says_who_is_not_on_the_early_years_register(setting, flag, combination, kind):
    columns = {
        "Provider type": "Childminder",
        "Provider Early Years Register Flag": flag,
        "Individual Register combinations": combination,
    }
    assert setting(**columns).values.kind == kind


def test_ofsted_later_releases_write_their_headers_differently(save):
    header = [name.title().replace("Postcode", "Provider Postcode") for name in files.OFSTED]
    titles = "Latest inspections of all registered providers\nThis worksheet contains one table.\n"
    row = {new: files.setting().get(old, "") for new, old in zip(header, files.OFSTED, strict=True)}
    later = entries(save(titles + files.ofsted_text([row], header=header)), ofsted.REGISTER)
    now = entries(save(files.ofsted_text([files.setting()])), ofsted.REGISTER)
    assert [entry.values for entry in later] == [entry.values for entry in now]
    assert [entry.line for entry in later] == [4]


@pytest.mark.parametrize(
    ("columns", "sign"),
    [
        ({"Registration date": "05/19/2006"}, "the date 05/19/2006, which Ofsted writes day first"),
        ({"Telephone Number": "1603496002"}, "the telephone number 1603496002 has lost its leading zero"),
    ],
)
def test_ofsted_saved_by_excel_is_refused(save, columns, sign):
    with pytest.raises(NotARegister, match="saved again by Excel") as refusal:
        entries(save(files.ofsted_text([files.setting(**columns)])), ofsted.REGISTER)
    assert sign in str(refusal.value)


@pytest.mark.parametrize(
    ("la", "lines"), [("", [2, 3]), ("926", [2]), ("norfolk", [2]), ("935", [3]), ("Suffolk", [3])]
)
def test_la_picks_one_authority_whatever_the_postcode_or_county(save, la, lines):
    suffolk = {"LA (code)": "935", "LA (name)": "Suffolk", "County (name)": "Norfolk", "Postcode": "NR34 9ZZ"}
    path = save(files.gias_text([files.school(), files.school(URN="900002", **suffolk)]))
    assert [entry.line for entry in entries(path, gias.REGISTER, la) if entry.values] == lines


def test_la_is_refused_where_the_file_does_not_name_authorities(save):
    header = [name for name in files.GIAS_REDUCED if not name.startswith("LA ")]
    file = RegisterFile(gias.REGISTER, scanned(save(files.gias_text([files.school()], header=header))), "926")
    with pytest.raises(NotARegister, match=r"has no column LA \(code\) or LA \(name\), so 926 cannot be picked"):
        file.fields()


def test_a_urn_used_twice_is_kept_once(save):
    path = save(files.gias_text([files.school(), files.school(EstablishmentName="Another name")]))
    first, second = entries(path, gias.REGISTER)
    assert first.values.name == "Saltmarsh Primary School"
    assert second.problem == "the URN 900001 is already in line 2, which is kept."


def test_a_row_of_too_many_columns_does_not_stop_the_others(save):
    text = files.gias_text([files.school(URN=urn) for urn in ("900001", "900002", "900003")])
    path = save(text.replace('900002,"926"', '900002,"","926"'))
    assert [entry.problem for entry in entries(path, gias.REGISTER)] == [
        "",
        "it has 34 columns where the header has 33.",
        "",
    ]


@pytest.mark.parametrize(
    ("source", "kind", "eligibility"),
    [
        (Source.GIAS, "Community school", Eligibility.MAINSTREAM),
        (Source.GIAS, "Academy sponsor led", Eligibility.MAINSTREAM),
        (Source.GIAS, "University technical college", Eligibility.MAINSTREAM),
        (Source.GIAS, "Local authority nursery school", Eligibility.EARLY_YEARS),
        (Source.GIAS, "Community special school", Eligibility.PROVIDER),
        (Source.GIAS, "Free schools special", Eligibility.PROVIDER),
        (Source.GIAS, "Pupil referral unit", Eligibility.NOT_ELIGIBLE),
        (Source.GIAS, "Academy 16-19 converter", Eligibility.NOT_ELIGIBLE),
        (Source.GIAS, "Other independent special school", Eligibility.NOT_ELIGIBLE),
        (Source.OFSTED, "Childminder", Eligibility.EARLY_YEARS),
        (Source.OFSTED, "Childcare on domestic premises", Eligibility.EARLY_YEARS),
        (Source.OFSTED, "Home childcarer", Eligibility.NOT_ELIGIBLE),
        (Source.OFSTED, "Childminder, not on the Early Years Register", Eligibility.NOT_ELIGIBLE),
    ],
)
def test_kinds(source, kind, eligibility):
    assert kinds.DEFAULTS[source][kind] == eligibility
