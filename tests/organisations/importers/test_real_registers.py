"""The real registers, where the machine has them: every file imports with the counts that plain csv finds in it.

A machine without them loses nothing but this file's tests: the traps are all in the other tests' invented rows.
"""

import csv
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from s2s_portal.core.geography import Precision
from s2s_portal.core.text import postcode
from s2s_portal.organisations.choices import EstablishmentStatus, Source
from s2s_portal.organisations.models import Establishment
from s2s_portal.organisations.queries.whereabouts import points_of
from tests.organisations.importers.files import SHARED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real registers are not on this machine"),
]

REDUCED = "gias_statefunded_20250717_norfolk.csv"
AWKWARD = "gias_statefunded_20250717_awkward_other_las.csv"
FULL = "gias_alldata_layout_norfolk_ASSEMBLED_20231116.csv"
LINKS = "gias_links_20250422_norfolk.csv"
OFSTED = "ofsted_childcare_20210831_norfolk.csv"
NOTHING_ELSE = "updated 0, unchanged 0, closed 0, skipped 0, errors 0"


def run(command, name, **options):
    """The last line that importing the file `name` prints."""
    out = StringIO()
    call_command(command, str(SHARED / name), stdout=out, **options)
    return out.getvalue().splitlines()[-1]


def plainly(name):
    """The file's rows as plain csv reads them."""
    encoding = "utf-8" if name == OFSTED else "cp1252"
    with (SHARED / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("command", "name", "number"),
    [
        ("import_gias", REDUCED, 295),
        ("import_gias", AWKWARD, 94),
        ("import_gias", FULL, 635),
        ("import_ofsted", OFSTED, 524),
    ],
)
def test_every_row_comes_in_and_a_second_time_changes_nothing(command, name, number):
    assert len(plainly(name)) == number
    assert run(command, name, dry_run=True) == f"created {number}, {NOTHING_ELSE}"
    assert not Establishment.objects.exists()
    assert run(command, name) == f"created {number}, {NOTHING_ELSE}"
    assert run(command, name) == f"created 0, updated 0, unchanged {number}, closed 0, skipped 0, errors 0"


def test_la_takes_one_authority():
    codes = Counter(row["LA (code)"] for row in plainly(AWKWARD))
    assert run("import_gias", AWKWARD, la="935") == (
        f"created {codes['935']}, updated 0, unchanged 0, closed 0, skipped {94 - codes['935']}, errors 0"
    )
    assert run("import_ofsted", OFSTED, la="Norfolk", dry_run=True) == f"created 524, {NOTHING_ELSE}"
    assert run("import_ofsted", OFSTED, la="Suffolk", dry_run=True).endswith("skipped 524, errors 0")


def test_statuses_and_names_of_the_full_download():
    run("import_gias", FULL)
    rows = plainly(FULL)
    held = Counter(Establishment.objects.values_list("status", flat=True))
    expected = Counter(row["EstablishmentStatus (name)"] for row in rows)
    assert held == {
        EstablishmentStatus.OPEN: expected["Open"],
        EstablishmentStatus.CLOSING: expected["Open, but proposed to close"],
        EstablishmentStatus.PROPOSED: expected["Proposed to open"],
        EstablishmentStatus.CLOSED: expected["Closed"],
    }
    assert Establishment.objects.filter(urn__in=["141948", "150265"]).values("name").distinct().count() == 1


def test_positions_of_the_full_download():
    run("import_gias", FULL)
    expected = {row["URN"]: (int(row["Easting"]), int(row["Northing"])) for row in plainly(FULL) if row["Easting"]}
    assert len(expected) == 619
    placed = Establishment.objects.filter(easting__isnull=False)
    assert {urn: position for urn, *position in placed.values_list("urn", "easting", "northing")} == {
        urn: list(position) for urn, position in expected.items()
    }
    run("import_gias", REDUCED)
    assert placed.count() == 619


def test_settings_are_placed_by_their_neighbours():
    """Ofsted gives no positions; of its 219 settings with a postcode one alone has no school in its outward code."""
    run("import_gias", FULL)
    run("import_gias", REDUCED)
    run("import_ofsted", OFSTED)
    located = list(Establishment.objects.filter(source=Source.OFSTED).exclude(postcode=""))
    found = points_of(located)
    assert Counter(precision for _point, precision in found.values()) == {
        Precision.POSTCODE: 69,
        Precision.SECTOR: 145,
        Precision.OUTWARD: 4,
    }
    assert [one.postcode for one in located if one.pk not in found] == ["NR23 1JG"]


def test_cp1252_names_of_the_awkward_download():
    run("import_gias", AWKWARD)
    names = dict(Establishment.objects.values_list("urn", "name"))
    assert names["140677"] == "North Star 180°"
    assert names["149557"] == "St Thomas à Becket Church of England Aided Primary School"
    assert not [name for name in names.values() if "\u00a0" in name or "\x92" in name or "  " in name]


def test_the_newer_download_after_the_older_one():
    """Reduced after full: who is new, and nothing that only the full one knew is lost."""
    run("import_gias", FULL)
    before = {row["URN"] for row in plainly(FULL)}
    now = {row["URN"] for row in plainly(REDUCED)}
    was_closed = Establishment.objects.filter(status=EstablishmentStatus.CLOSED)
    closed_on = {urn: day for urn, day in was_closed.values_list("urn", "closed_on") if urn not in now}
    line = run("import_gias", REDUCED)
    assert line.startswith(f"created {len(now - before)}, updated {len(now & before)}, unchanged 0, closed 0,")
    assert dict(was_closed.filter(urn__in=closed_on).values_list("urn", "closed_on")) == closed_on
    assert Establishment.objects.count() == len(now | before)


def test_withheld_settings_and_postcodes_of_ofsted():
    run("import_ofsted", OFSTED)
    rows = plainly(OFSTED)
    withheld = [row["Provider URN"] for row in rows if row["Provider name"] == "REDACTED"]
    assert len(withheld) == 305
    nameless = Establishment.objects.filter(name="")
    assert set(nameless.values_list("urn", flat=True)) == set(withheld)
    assert set(nameless.values_list("street", "town", "postcode", "telephone")) == {("",) * 4}
    located = {row["Provider URN"]: postcode(row["Postcode"]) for row in rows if row["Postcode"] != "REDACTED"}
    assert all(located.values())
    assert dict(Establishment.objects.exclude(name="").values_list("urn", "postcode")) == located


def test_kinds_of_ofsted():
    run("import_ofsted", OFSTED)
    flags = Counter(row["Provider Early Years Register Flag"] for row in plainly(OFSTED))
    held = Counter(Establishment.objects.values_list("kind__eligibility", flat=True))
    assert held == {"EARLY_YEARS": flags["Y"], "NOT_ELIGIBLE": flags["N"]}


def test_every_kind_in_the_registers_has_been_thought_of():
    out = StringIO()
    for name in (REDUCED, AWKWARD, FULL):
        call_command("import_gias", str(SHARED / name), dry_run=True, stdout=out)
    call_command("import_ofsted", str(SHARED / OFSTED), dry_run=True, stdout=out)
    assert "is new" not in out.getvalue()


def test_registers_side_by_side():
    run("import_gias", FULL)
    run("import_gias", REDUCED)
    run("import_ofsted", OFSTED)
    schools = {row["URN"] for row in plainly(FULL) + plainly(REDUCED)}
    settings = {row["Provider URN"] for row in plainly(OFSTED)}
    assert Establishment.objects.filter(source=Source.GIAS).count() == len(schools)
    assert Establishment.objects.filter(source=Source.OFSTED).count() == len(settings)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("import_gias", LINKS),
        ("import_gias", OFSTED),
        ("import_gias", "bank-holidays.json"),
        ("import_gias", "norfolk_term_dates.json"),
        ("import_gias", "postcode_cases.csv"),
        ("import_gias", "SOURCES.md"),
        ("import_ofsted", REDUCED),
        ("import_ofsted", FULL),
        ("import_ofsted", LINKS),
        ("import_ofsted", "bank-holidays.json"),
        ("import_ofsted", "name_edge_cases.csv"),
        ("import_zones", REDUCED),
        ("import_zones", OFSTED),
    ],
)
def test_everything_else_is_refused(command, name):
    with pytest.raises(CommandError, match=f"^{name} is not "):
        run(command, name)
    assert not Establishment.objects.exists()


@pytest.mark.parametrize(("command", "name"), [("import_gias", REDUCED), ("import_ofsted", OFSTED)])
@pytest.mark.parametrize("lost", [1, 2, 7, 40, 5000])
def test_cut_off_downloads_are_refused(save, command, name, lost):
    whole = (SHARED / name).read_bytes().rstrip(b"\n").rstrip(b",")
    with pytest.raises(CommandError, match="is cut off"):
        call_command(command, str(save(whole[:-lost])))
    assert not Establishment.objects.exists()
