"""A list of schools from a file or pasted text, end to end: nothing good is lost, and nothing is added unasked."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_schools
from referrals.models import CohortFileRow, CohortSchool
from s2s_portal.organisations.choices import Role
from tests.factories.cohorts import described_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.cohort_desk import cohort_desk
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
FILE, REVIEW = "schools/file/", "schools/review/"
HEAD = (
    "URN,School name,Postcode,Children,Priority,Contact name,Contact e-mail,Goals,School has agreed,Agreed by,Agreed on"
)


@pytest.fixture
def here():
    return cohort_desk(3, ready=False)


def upload(here, data, name="schools.csv"):
    data = data.encode() if isinstance(data, str) else data
    return here.post(FILE, file=SimpleUploadedFile(name, data, content_type="text/csv"))


def paste(here, *lines):
    answer = here.post(FILE, pasted="\n".join(lines))
    assert answer.status_code == 302, text_of(answer)
    return text_of(here.get(REVIEW))


def sent_by(page):
    """What a browser sends for the page's form as it stands: boxes, radios and hidden fields."""
    sent = {}
    for tag in re.findall(r"<input [^>]*>", page):
        found = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
        chosen = found.get("type") == "hidden" or re.search(r" checked[ >]", tag)
        if chosen and re.match(r"(row|pick|held)-", found.get("name", "")):
            sent[found["name"]] = found["value"]
    return sent


def press(here, sent, **more):
    return here.client.post(here.url(REVIEW), sent | more)


# --- The file ---------------------------------------------------------------------------------------------------------
def test_the_template_is_a_csv_with_its_columns_and_one_example_that_reads_as_none(here):
    answer = here.get("schools/file/template.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="schools-of-a-cohort.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("URN,School name,Postcode,Children")
    page = text_of(upload(here, answer.content))
    assert "It holds only the template’s example" in page
    assert not CohortFileRow.objects.exists()


def test_a_file_is_read_kept_and_shown_and_nothing_is_added(here):
    one, two, _ = here.schools
    answer = upload(here, f"{HEAD}\n{one.urn},,,6,High,,,,,,\n{two.urn},,,many,,,,,,,\n,Nowhere School,,,,,,,,,\n")
    assert answer.url == here.url(REVIEW)
    page = text_of(here.get(REVIEW))
    assert "3 rows." in page
    assert "Found (1)" in page
    assert "Not found (1)" in page
    assert "Could not be read (1)" in page
    assert "Children: “many” is not a whole number from 1 to 500." in page
    assert not here.lines


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and more", "an Excel workbook"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"", "There is nothing in it"),
        (b"Colour,Size\nred,1\n", "Its first line has to name columns of the template"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"URN,Shoe size\n900001,7\n", "Shoe size"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason_and_rows_of_before_stay(here, data, words):
    paste(here, here.schools[0].urn)
    page = text_of(upload(here, data))
    assert "<title>Error: Give a list of schools" in page
    assert words in page
    assert CohortFileRow.objects.count() == 1


def test_a_bad_cell_costs_its_row_only(here):
    one, two, three = here.schools
    data = f"{HEAD}\n{one.urn},,,=1+1,,,,,,,\n{two.urn},,,5,,,,,,,\n".encode()
    data += f"{three.urn},Caf".encode() + b"\xe9,,,,,,,,,\n" + f'"{one.urn},,\n{one.urn},,,4,,,,,,,\n'.encode()
    upload(here, data)
    page = text_of(here.get(REVIEW))
    assert "Found (2)" in page
    assert "Could not be read (3)" in page
    press(here, sent_by(page))
    assert {(line.establishment, line.children) for line in here.lines} == {(two, 5), (one, 4)}
    assert CohortFileRow.objects.count() == 3


def test_ten_thousand_rows_are_read_as_far_as_forty(here):
    upload(here, "URN\n" + "\n".join(str(800_000 + number) for number in range(10_000)))
    page = text_of(here.get(REVIEW))
    assert "Not found (40)" in page
    assert "Rows 42 to 10,001 were not read: a cohort takes up to 40 schools at a time." in page
    assert CohortFileRow.objects.count() == 41


def test_a_refused_paste_comes_back_as_it_was(here):
    typed = "Colour;Size\nred & <b>bold</b>;1"
    page = here.post(FILE, pasted=typed).content.decode()
    assert "Colour;Size\nred &amp; &lt;b&gt;bold&lt;/b&gt;;1</textarea>" in page
    huge = "y" * 1_100_000
    page = text_of(here.post(FILE, pasted=huge))
    assert "larger than 1 MB" in page
    assert huge in page


def test_a_file_and_a_paste_at_once_and_neither_are_asked_about(here):
    answer = here.post(FILE, pasted="900001", file=SimpleUploadedFile("a.csv", b"URN\n1\n"))
    assert "Choose a file or paste a list, not both" in text_of(answer)
    assert "900001</textarea>" in text_of(answer)
    assert "Choose a file, or paste a list of schools" in text_of(here.post(FILE, pasted=" \n "))
    assert not CohortFileRow.objects.exists()


def test_null_bytes_in_a_paste_are_refused(here):
    assert here.post(FILE, pasted="9000\x0001").status_code == 200
    assert not CohortFileRow.objects.exists()


def test_a_second_list_is_put_behind_the_first_and_the_same_rows_are_recognised(here):
    paste(here, here.schools[0].urn, "Nowhere School")
    assert "2 rows of an earlier list are still to be dealt with." in text_of(here.get(FILE))
    page = text_of(here.get(""))
    assert "2 rows of your list are still to be dealt with." in page
    assert here.url(REVIEW) in page
    answer = here.post(FILE, pasted=f"{here.schools[0].urn}\n{here.schools[0].name}", follow=True)
    page = text_of(answer)
    assert "1 row is the same as in a list you gave before" in page
    assert "The same school as another row (1)" in page
    assert "The same school as line 1" in page
    assert CohortFileRow.objects.count() == 3


def test_too_many_rows_say_so_and_keep_what_was_pasted(here):
    for number in range(3):
        paste(here, *(f"Nowhere School {number} {line}" for line in range(40)))
    page = text_of(here.post(FILE, pasted="Late School"))
    assert "120 rows of earlier lists are still to be looked at." in page
    assert "Late School</textarea>" in page


# --- The rows ---------------------------------------------------------------------------------------------------------
def test_found_rows_are_added_with_all_that_they_give_and_leave_the_list(here):
    one = here.schools[0]
    line = f"{one.urn},,,6,Low,Perran Oxnead,p@school.invalid,First; second,Yes,The head,20/11/2024"
    upload(here, f"{HEAD}\n{line}\n,Nowhere School,,,,,,,,,\n")
    answer = press(here, sent_by(text_of(here.get(REVIEW))))
    assert answer.url == here.url(REVIEW)
    page = text_of(here.get(REVIEW))
    assert f"1 school was added: {one.name}." in page
    assert "1 row." in page
    [school] = here.lines
    assert (school.children, school.priority, school.goal_1, school.goal_2) == (6, "LOW", "First", "second")
    assert (school.contact_email, school.agreed_by, str(school.agreed_on)) == (
        "p@school.invalid",
        "The head",
        "2024-11-20",
    )


def test_when_no_row_is_left_the_cohort_is_next(here):
    answer = press(here, sent_by(paste(here, here.schools[0].urn)))
    assert answer.url == here.url("")
    assert "No rows are left" in text_of(here.get(REVIEW))


def test_an_unticked_row_is_not_added(here):
    page = paste(here, *(school.urn for school in here.schools))
    sent = sent_by(page)
    first = next(name for name in sent if name.startswith("row-"))
    del sent[first]
    press(here, sent)
    assert [line.establishment for line in here.lines] == here.schools[1:]


def test_a_school_is_picked_among_namesakes(here):
    twins = [EstablishmentFactory(school=True, zone=here.zone, name="Twin School") for _ in range(2)]
    page = paste(here, "Twin School")
    assert "Choose which school is meant (1)" in page
    assert all(f"URN {twin.urn}" in page for twin in twins)
    sent = sent_by(page)
    assert "Tick a school, or choose which one is meant" in text_of(press(here, sent))
    [name] = [name for name in sent if name.startswith("pick-")]
    press(here, sent | {name: f"GIAS:{twins[1].urn}~0"})
    assert [line.establishment for line in here.lines] == [twins[1]]


def test_a_pick_is_kept_while_another_group_is_removed(here):
    twins = [EstablishmentFactory(school=True, zone=here.zone, name="Twin School") for _ in range(2)]
    sent = sent_by(paste(here, "Twin School", "Nowhere School", here.schools[0].urn))
    [pick] = [name for name in sent if name.startswith("pick-")]
    [tick] = [name for name in sent if name.startswith("row-")]
    del sent[tick]
    picked = f"GIAS:{twins[1].urn}~0"
    page = text_of(press(here, sent | {pick: picked}, drop="UNKNOWN"))
    assert "1 row was removed." in page
    assert "Not found" not in page
    assert sent_by(page)[pick] == picked
    assert tick not in sent_by(page)
    assert sent_by(text_of(here.get(REVIEW)))[pick] == picked
    assert not here.lines


def test_a_school_already_requested_is_unticked_and_may_be_added_on_purpose(here):
    asked = sent_request(here.schools[0], by=here.user)
    page = paste(here, here.schools[0].urn)
    assert "Already requested this period (1)" in page
    assert f"Already requested this period: {asked.reference} (Sent to S2S)." in page
    sent = sent_by(page)
    assert not any(name.startswith("row-") for name in sent)
    row = CohortFileRow.objects.get()
    press(here, sent | {f"row-{row.pk}": f"GIAS:{here.schools[0].urn}~1"})
    assert len(here.lines) == 1


def test_what_moved_since_the_look_says_so_and_asks_again_and_the_rest_is_added(here):
    one, two, three = here.schools
    four = EstablishmentFactory(school=True, zone=here.zone, name="School 04")
    sent = sent_by(paste(here, one.urn, two.urn, three.urn, four.urn))
    one.status = "CLOSED"
    one.save()
    sent_request(two, by=here.user)
    cohort_schools.add(cohort=here.cohort, establishments=[three], by=here.user, at=AT)
    page = text_of(press(here, sent))
    assert [line.establishment for line in here.lines] == [three, four]
    assert "1 school was added: School 04." in page
    assert page.count("This has changed since you looked") == 3
    assert "Closed (1)" in page
    assert "On this cohort already (1)" in page
    assert not any(name.startswith("row-") for name in sent_by(page))
    assert CohortFileRow.objects.count() == 3


def test_a_school_that_closes_between_look_and_write_is_not_added(here):
    one, two, _ = here.schools
    sent = sent_by(paste(here, one.urn, two.urn))

    def closes():
        one.status = "CLOSED"
        one.save()

    with meanwhile("SAVEPOINT", closes):
        page = text_of(press(here, sent))
    assert [line.establishment for line in here.lines] == [two]
    assert "Not added: School 00: " in page
    assert "This has changed since you looked" in page
    assert "Closed (1)" in page


def test_added_by_a_colleague_between_look_and_write_it_is_on_it_once_and_the_row_asks_again(here):
    one, two, _ = here.schools
    sent = sent_by(paste(here, one.urn, two.urn))
    other = person(Role.SEND_ADVISER, zones=[here.zone])
    with meanwhile("SAVEPOINT", lambda: cohort_schools.add(cohort=here.cohort, establishments=[one], by=other, at=AT)):
        page = text_of(press(here, sent))
    assert [(line.establishment, line.added_by) for line in here.lines] == [(one, other), (two, here.user)]
    assert "1 school was on it already." in page
    assert "On this cohort already (1)" in page


def test_a_double_click_adds_once(here):
    twins = [EstablishmentFactory(school=True, zone=here.zone, name="Twin School") for _ in range(2)]
    sent = sent_by(paste(here, here.schools[0].urn, "Twin School"))
    press(here, sent)
    answer = press(here, sent)
    assert answer.url == here.url(REVIEW)
    assert len(here.lines) == 1
    assert len(twins) == 2


def test_in_two_tabs_each_row_is_added_once(here):
    page = paste(here, here.schools[0].urn, here.schools[1].urn)
    old_tab = sent_by(page)
    first, second = (name for name in old_tab if name.startswith("row-"))
    press(here, {name: value for name, value in old_tab.items() if name != second})
    press(here, old_tab)
    assert [line.establishment for line in here.lines] == here.schools[:2]


def test_rows_of_another_cohort_cannot_be_reached(here):
    paste(here, here.schools[0].urn)
    row = CohortFileRow.objects.get()
    other = described_cohort(by=here.user)
    forged = {f"row-{row.pk}": f"GIAS:{here.schools[0].urn}~0", f"held-{row.pk}": "FOUND"}
    there = f"/cohorts/{other.reference}/{REVIEW}"
    assert here.client.post(there, forged).status_code == 302
    assert here.client.post(there, forged | {"drop": "FOUND"}).status_code == 200
    assert not CohortSchool.objects.exists()
    assert CohortFileRow.objects.get() == row


def test_a_school_that_the_page_did_not_offer_cannot_be_forged_in(here):
    far = EstablishmentFactory(school=True, zone=ZoneFactory(name="Saltings"), name="Far School")
    paste(here, "Nowhere School")
    row = CohortFileRow.objects.get()
    for value in (f"GIAS:{far.urn}~0", f"GIAS:{here.schools[0].urn}~0", "~", "x" * 9000):
        page = text_of(press(here, {f"pick-{row.pk}": value, f"held-{row.pk}": "UNKNOWN"}))
        assert "This has changed since you looked" in page
    assert not here.lines
    assert CohortFileRow.objects.get().picked is None


def test_forty_rows_take_as_many_queries_as_one():
    counted = []
    for here in (cohort_desk(1, ready=False), cohort_desk(40, ready=False, with_places=False)):
        paste(here, *(school.urn for school in here.schools))
        with CaptureQueriesContext(connection) as seen:
            page = text_of(here.get(REVIEW))
        assert f"Found ({len(here.schools)})" in page
        counted.append(len(seen))
        press(here, sent_by(page))
        assert len(here.lines) == len(here.schools)
    assert counted[0] == counted[1]


def test_requests_of_schools_in_other_zones_are_not_told(here):
    """A row may name any school there is; what its own advisers asked for is theirs to know (R17)."""
    far = ZoneFactory(name="Far")
    school = EstablishmentFactory(school=True, zone=far, name="Marram Primary School")
    EstablishmentFactory(school=True, zone=here.zone, name="Saltpan Primary School")
    theirs = sent_request(school, by=person(Role.SEND_ADVISER, zones=[far]))
    rows = f"{school.urn},Saltpan Primary School\n,Marram Primary School"
    here.post("schools/file/", pasted=f"URN,School name\n{rows}")
    page = text_of(here.get("schools/review/"))
    assert "Saltpan Primary School" in page
    assert "Marram Primary School" in page
    assert theirs.reference not in page
    assert "Already requested" not in page
