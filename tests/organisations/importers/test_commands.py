"""`import_gias`, `import_ofsted` and `import_zones`, as a person runs them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, Source
from s2s_portal.organisations.importers.checking import BATCH
from s2s_portal.organisations.models import Establishment, EstablishmentKind, ImportRun, Zone
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory
from tests.organisations.importers import files

pytestmark = pytest.mark.django_db


def run(command, path, **options):
    """What the command prints, as lines."""
    out = StringIO()
    call_command(command, str(path), stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def gias(save):
    """Import rows as a GIAS download; returns the lines printed."""
    return lambda *rows, header=files.GIAS_REDUCED, **options: run(
        "import_gias", save(files.gias_text(rows, header=header)), **options
    )


@pytest.fixture
def ofsted(save):
    """Import rows as Ofsted's register; returns the lines printed."""
    return lambda *rows, **options: run("import_ofsted", save(files.ofsted_text(rows)), **options)


def test_schools_are_created_and_a_second_run_changes_nothing(gias, at):
    rows = [files.school(), files.school(URN="900002", **{"EstablishmentStatus (name)": "Closed"})]
    assert gias(*rows) == ["created 2, updated 0, unchanged 0, closed 0, skipped 0, errors 0"]
    before = list(Establishment.objects.order_by("pk").values())
    assert gias(*rows) == ["created 0, updated 0, unchanged 2, closed 0, skipped 0, errors 0"]
    after = list(Establishment.objects.order_by("pk").values())
    latest = ImportRun.objects.latest("pk")
    assert after == [row | {"seen_in_id": latest.pk} for row in before]
    assert (latest.started_at, latest.finished_at, latest.rows_done) == (at, at, 2)
    assert latest.file_name == "register.csv"
    assert len(latest.file_sha256) == 64


def test_what_is_stored(gias):
    gias(files.school(EstablishmentName="St Brannock's  C.E. Primary"), header=files.GIAS_FULL)
    school = Establishment.objects.get(source=Source.GIAS, urn="900001")
    assert school.name == "St Brannock's C.E. Primary"
    assert school.name_folded == "st brannocks ce primary"
    assert school.town_folded == "market staithe"
    assert school.kind.name == "Community school"
    assert school.kind.eligibility == Eligibility.MAINSTREAM
    assert school.trust == "Wherry Learning Trust"
    assert school.seen_in == ImportRun.objects.get()
    assert school.zone is None


def test_names_of_heads_and_registered_persons_are_not_kept(gias, ofsted):
    gias(files.school(), header=files.GIAS_FULL)
    ofsted(files.setting())
    for row in Establishment.objects.values():
        assert "Neverstored" not in str(row)
        assert "Wilhelmina" not in str(row)


def test_changes_closures_and_reopenings(gias):
    def shut(**columns):
        return files.school(**{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"} | columns)

    gias(files.school(), files.school(URN="900002"), shut(URN="900003"), header=files.GIAS_FULL)
    lines = gias(
        files.school(EstablishmentName="Saltmarsh Academy"),
        shut(URN="900002"),
        shut(URN="900003", EstablishmentName="Renamed after closing"),
        header=files.GIAS_FULL,
    )
    assert lines == ["created 0, updated 2, unchanged 0, closed 1, skipped 0, errors 0"]
    closed = Establishment.objects.get(urn="900002")
    assert closed.status == EstablishmentStatus.CLOSED
    assert closed.closed_on.isoformat() == "2024-08-31"
    lines = gias(files.school(URN="900002"), header=files.GIAS_FULL)
    assert lines[-1] == "created 0, updated 1, unchanged 0, closed 0, skipped 0, errors 0"
    assert Establishment.objects.get(urn="900002").is_open


def test_a_school_missing_from_the_file_is_named_and_left_alone(gias):
    gias(files.school(), files.school(URN="900002"))
    for options in ({"dry_run": True}, {}):
        assert gias(files.school(), **options) == [
            "Establishments we hold that are not among these rows: 1. They are unchanged.",
            "created 0, updated 0, unchanged 1, closed 0, skipped 0, errors 0",
        ]
    missing = Establishment.objects.get(urn="900002")
    assert missing.is_open
    assert missing.seen_in != ImportRun.objects.latest("pk")


def test_what_people_set_is_not_the_registers(gias):
    gias(files.school())
    zone = ZoneFactory()
    Establishment.objects.update(zone=zone)
    EstablishmentKind.objects.filter(name="Community school").update(eligibility=Eligibility.NOT_ELIGIBLE)
    assert gias(files.school(Town="Elsewhere"))[-1].startswith("created 0, updated 1")
    school = Establishment.objects.get()
    assert school.zone == zone
    assert school.kind.eligibility == Eligibility.NOT_ELIGIBLE


def test_a_reduced_download_does_not_blank_what_only_the_full_one_has(gias):
    gias(files.school(CloseDate="31-08-2025"), header=files.GIAS_FULL)
    gias(files.school(Town="Elsewhere"), header=files.GIAS_REDUCED)
    school = Establishment.objects.get()
    assert (school.town, school.town_folded) == ("Elsewhere", "elsewhere")
    assert (school.trust, school.closed_on.isoformat()) == ("Wherry Learning Trust", "2025-08-31")


def test_column_order_does_not_matter(gias):
    gias(files.school(), header=files.GIAS_FULL)
    lines = gias(files.school(), header=files.GIAS_FULL[::-1])
    assert lines == ["created 0, updated 0, unchanged 1, closed 0, skipped 0, errors 0"]


def test_the_same_urn_in_both_registers_is_two_establishments(gias, ofsted):
    gias(files.school(URN="253952"))
    assert ofsted(files.setting(**{"Provider URN": "253952"}))[-1].startswith("created 1,")
    assert list(Establishment.objects.order_by("source").values_list("source", "name")) == [
        (Source.GIAS, "Saltmarsh Primary School"),
        (Source.OFSTED, "Puddle Lane Pre-school"),
    ]


def test_withheld_childminders_have_no_name_but_can_be_told_apart(ofsted):
    urns = ("EY900002", "EY900003")
    assert ofsted(*(files.childminder(**{"Provider URN": urn}) for urn in urns))[-1].startswith("created 2,")
    assert [row.display_name for row in Establishment.objects.order_by("urn")] == [
        "Childminder EY900002 (name withheld)",
        "Childminder EY900003 (name withheld)",
    ]
    assert set(Establishment.objects.values_list("name", "street", "town", "postcode", "telephone")) == {("",) * 5}


def test_bad_rows_are_named_and_do_not_stop_the_good_ones(gias):
    lines = gias(files.school(URN=""), files.school(), files.school(URN="900002", Postcode="2036"))
    assert lines == [
        'Line 4: "2036" is not a postcode; none is kept.',
        "Line 2: it has no URN.",
        "created 2, updated 0, unchanged 0, closed 0, skipped 0, errors 1",
    ]


def test_other_authorities_are_skipped(gias, ofsted):
    elsewhere = {"LA (code)": "935", "LA (name)": "Suffolk"}
    lines = gias(files.school(), files.school(URN="900002", **elsewhere), la="926")
    assert lines[-1] == "created 1, updated 0, unchanged 0, closed 0, skipped 1, errors 0"
    lines = ofsted(files.setting(**{"Local authority": "Suffolk"}), la="Norfolk")
    assert lines[-1] == "created 0, updated 0, unchanged 0, closed 0, skipped 1, errors 0"


def test_a_dry_run_prints_the_same_and_writes_nothing(gias):
    gias(files.school(), files.school(URN="900002"))
    tables = (Establishment, EstablishmentKind, ImportRun)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    rows = [
        files.school(Town="Elsewhere"),
        files.school(URN="900002", **{"EstablishmentStatus (name)": "Closed"}),
        files.school(URN="900003", **{"TypeOfEstablishment (name)": "Floating school"}),
        files.school(URN=""),
    ]
    dry = gias(*rows, dry_run=True)
    assert dry[-1] == "created 1, updated 1, unchanged 0, closed 1, skipped 0, errors 1"
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    assert gias(*rows) == dry


def test_an_unknown_kind_is_added_as_not_eligible_and_said_so_once(gias):
    row = files.school(**{"TypeOfEstablishment (name)": "Floating school"})
    note = 'The kind "Floating school" is new: it counts as not eligible until someone decides.'
    assert gias(row)[0] == note
    assert EstablishmentKind.objects.get(name="Floating school").eligibility == Eligibility.NOT_ELIGIBLE
    assert gias(row) == ["created 0, updated 0, unchanged 1, closed 0, skipped 0, errors 0"]


def test_kinds_that_differ_in_capitals_are_one(gias):
    gias(files.school(**{"TypeOfEstablishment (name)": "COMMUNITY SCHOOL"}))
    assert Establishment.objects.get().kind.name == "Community school"


def test_both_registers_kinds_are_there_to_be_edited_from_the_first_import(gias):
    EstablishmentKindFactory(source=Source.GIAS, name="Pupil referral unit", eligibility=Eligibility.PROVIDER)
    gias(files.school())
    held = dict(EstablishmentKind.objects.filter(source=Source.GIAS).values_list("name", "eligibility"))
    assert held["Pupil referral unit"] == Eligibility.PROVIDER
    assert held["Free schools special"] == Eligibility.PROVIDER
    assert held["Local authority nursery school"] == Eligibility.EARLY_YEARS


def test_more_rows_than_one_batch(gias):
    rows = [files.school(URN=str(900000 + n)) for n in range(BATCH * 2 + 1)]
    assert gias(*rows)[-1].startswith("created 1001,")
    rows[0], rows[-1] = rows[0] | {"Town": "Elsewhere"}, rows[-1] | {"Town": "Elsewhere"}
    assert gias(*rows)[-1] == "created 0, updated 2, unchanged 999, closed 0, skipped 0, errors 0"
    assert ImportRun.objects.latest("pk").rows_done == 1001


@pytest.mark.parametrize(
    ("command", "text", "sentence"),
    [
        ("import_gias", "", "is empty"),
        ("import_gias", '"URN","LinkURN","LinkName","LinkType"\r\n900001,900002,"A","Successor"', "is not a GIAS"),
        ("import_gias", files.ofsted_text([files.setting()]), "is not a GIAS establishment download"),
        ("import_ofsted", files.gias_text([files.school()]), "is not Ofsted's register of childcare providers"),
        ("import_gias", files.gias_text([files.school()])[:-10], "is cut off"),
        ("import_ofsted", files.ofsted_text([files.setting()])[:-10], "is cut off"),
        (
            "import_gias",
            files.plain_text([files.school(OpenDate="1/9/07")], header=files.GIAS_FULL),
            "saved again by Excel",
        ),
        ("import_gias", files.gias_text([files.school(TelephoneNum="1603496001")]), "saved again by Excel"),
        ("import_zones", files.gias_text([files.school()]), "is not a list of zones"),
    ],
)
def test_refused_files_write_nothing_and_exit_with_1(save, command, text, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(command, save(text))
    assert refusal.value.returncode == 1
    assert not Establishment.objects.exists()
    assert not EstablishmentKind.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_file_that_is_found_bad_at_its_very_end_writes_nothing(save):
    rows = [files.school(URN=str(900000 + n)) for n in range(BATCH + 1)]
    with pytest.raises(CommandError, match="is cut off"):
        run("import_gias", save(files.gias_text(rows)[:-1]))
    assert not Establishment.objects.exists()


def test_a_stopped_run_is_carried_on_and_counts_as_one(gias, save):
    rows = [files.school(URN=str(900000 + n)) for n in range(BATCH + 2)]
    gias(*rows)
    stopped = ImportRun.objects.get()
    Establishment.objects.filter(urn__gte=str(900000 + BATCH)).delete()
    stopped.rows_done, stopped.finished_at = BATCH, None
    stopped.counts |= {"created": BATCH}
    stopped.save()
    assert gias(*rows) == [
        "Carried on after row 500, where an earlier import stopped.",
        "created 502, updated 0, unchanged 0, closed 0, skipped 0, errors 0",
    ]
    stopped.refresh_from_db()
    assert stopped.finished_at is not None
    assert ImportRun.objects.count() == 1
    assert Establishment.objects.filter(seen_in=stopped).count() == 502


@pytest.mark.parametrize("what", ["other file since", "other authority", "finished"])
def test_a_run_is_not_carried_on_when_its_rows_may_have_changed(gias, what):
    gias(files.school())
    ImportRun.objects.update(rows_done=1, finished_at=None)
    if what == "other file since":
        gias(files.school(Town="Elsewhere"))
    elif what == "finished":
        ImportRun.objects.update(finished_at=ImportRun.objects.get().started_at)
    lines = gias(files.school(), la="926" if what == "other authority" else "")
    assert not any("Carried on" in line for line in lines)
    assert Establishment.objects.get().town == "Market Staithe"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(save, django_assert_num_queries, count):
    path = save(files.gias_text([files.school(URN=str(900001 + n)) for n in range(count)]))
    run("import_gias", path, dry_run=True)
    with django_assert_num_queries(4):
        run("import_gias", path, dry_run=True)


# --- Zones ---------------------------------------------------------------------------------------------------------


def test_zones_are_created_and_set_and_a_second_run_changes_nothing(save):
    school, other = EstablishmentFactory(school=True), EstablishmentFactory()
    text = f"Zone,urn,SOURCE\nBroads,{school.urn},gias\nFens  West,{other.urn.lower()},Ofsted\n"
    path = save(text, name="zones.csv")
    assert run("import_zones", path) == ["created 2, updated 2, unchanged 0, closed 0, skipped 0, errors 0"]
    school.refresh_from_db()
    other.refresh_from_db()
    assert (school.zone.name, other.zone.name) == ("Broads", "Fens West")
    assert run("import_zones", path) == ["created 0, updated 0, unchanged 2, closed 0, skipped 0, errors 0"]


def test_zones_that_differ_in_capitals_are_one(save):
    zone = ZoneFactory(name="Broads")
    school = EstablishmentFactory(school=True)
    run("import_zones", save(f"source,URN,zone\nGIAS,{school.urn},BROADS\n"))
    school.refresh_from_db()
    assert school.zone == zone
    assert not Zone.objects.filter(name="BROADS").exists()


def test_bad_rows_of_zones_are_named(save):
    school = EstablishmentFactory(school=True)
    text = (
        "source,URN,zone\n"
        f"GIAS,{school.urn},Broads\n"
        "GIAS,123456,Broads\n"
        f"OFSTED,{school.urn},Broads\n"
        "DFE,900001,Broads\n"
        "GIAS,,Broads\n"
        f"GIAS,{school.urn},Fens\n"
        "GIAS,900009,\n"
        f"GIAS,900009,{'x' * 101}\n"
        "GIAS,900009,Broads,more\n"
        f"GIAS,900008,Nowhere\n"
    )
    lines = run("import_zones", save(text))
    assert lines[-1] == "created 1, updated 1, unchanged 0, closed 0, skipped 0, errors 9"
    assert sorted(lines[:-1]) == sorted(
        [
            "Line 3: we hold no establishment GIAS 123456.",
            f"Line 4: we hold no establishment OFSTED {school.urn}.",
            'Line 5: the source "DFE" is none of GIAS, OFSTED, LOCAL.',
            "Line 6: it has no URN.",
            f"Line 7: GIAS {school.urn} is already in line 2, which is kept.",
            "Line 8: it has no zone.",
            "Line 9: the zone's name is longer than 100 characters.",
            "Line 10: it has 4 columns where the header has 3.",
            "Line 11: we hold no establishment GIAS 900008.",
        ]
    )
    school.refresh_from_db()
    assert school.zone.name == "Broads"
    assert not Zone.objects.exclude(name="Broads").filter(name="Nowhere").exists()
