"""Types of need and INDES: added, called otherwise from a day on, ended; never two of one code on one day."""

import uuid
from datetime import date, timedelta

import pytest

from referrals.actions import code_lists, codes
from referrals.documents.code_lists import in_words
from referrals.models import IndesSection, NeedType, Specialism
from referrals.queries.drafts import indes_sections_on, need_types_on
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import ReferenceKind, Role
from s2s_portal.organisations.models import AuditEvent, ReferenceChange
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
TODAY = AT.date()
APRIL = date(2025, 4, 1)
A_DAY = timedelta(days=1)
OTHERS = [role for role in Role if role not in (Role.COMMISSIONER, Role.ADMINISTRATOR)]


@pytest.fixture
def by():
    codes.load()
    return person(Role.ADMINISTRATOR, full_name="Ida Mautby")


def told(by, key=None):
    return {"reason": "The department says so.", "key": key or uuid.uuid4(), "by": by, "at": AT}


def hearing():
    return NeedType.objects.get(code="HI")


def relabel(code, by, *, label="Deafness", day=APRIL, seen=None, key=None):
    seen = in_words(code) if seen is None else seen
    return code_lists.relabel(code=code, label=label, from_day=day, seen=seen, **told(by, key))


def end(code, by, *, day=APRIL, seen=None, key=None):
    return code_lists.end(code=code, last_day=day, seen=in_words(code) if seen is None else seen, **told(by, key))


def labels_on(day):
    return set(need_types_on(day).filter(code="HI").values_list("label", flat=True))


def test_a_new_type_of_need(by):
    change = code_lists.add_need_type(code="DLD", label="Developmental language disorder", valid_from=APRIL, **told(by))
    assert not need_types_on(APRIL - A_DAY).filter(code="DLD").exists()
    assert need_types_on(APRIL).filter(code="DLD").exists()
    assert (change.kind, change.what) == (ReferenceKind.NEED_TYPE, "added")
    assert change.now == "Developmental language disorder (DLD), from 1 April 2025"
    assert AuditEvent.objects.filter(reference="settings need_type", user_id=by.pk).count() == 1


def test_a_new_scale_of_indes_follows_the_old_one(by):
    starts_on = date(2026, 9, 1)
    scale = {"version": "2026", "number": 4, "title": "Communication", "top_level": 5, "valid_from": starts_on}
    change = code_lists.add_indes_section(**scale, **told(by))
    assert change.now == "4. Communication (2026, levels 1 to 5), from 1 September 2026"
    assert list(indes_sections_on(starts_on).values_list("title", flat=True)) == ["Communication"]
    assert indes_sections_on(starts_on - A_DAY).count() == 7


def test_two_of_one_code_are_never_valid_on_one_day(by):
    with pytest.raises(CannotChange, match="valid on some of these days already") as wrong:
        code_lists.add_need_type(code="HI", label="Deafness", valid_from=APRIL, **told(by))
    assert wrong.value.field == "code"
    scale = {"version": "2025", "number": 4, "title": "Communication", "top_level": 5, "valid_from": APRIL}
    with pytest.raises(CannotChange, match="valid on some of these days already") as wrong:
        code_lists.add_indes_section(**scale, **told(by))
    assert wrong.value.field == "number"


def test_nothing_begins_in_the_past(by):
    with pytest.raises(CannotChange, match="today or later"):
        code_lists.add_need_type(code="DLD", label="Other", valid_from=TODAY - A_DAY, **told(by))


def test_another_label_is_another_row_of_the_same_code(by):
    old = hearing()
    change = relabel(old, by)
    assert labels_on(APRIL - A_DAY) == {"Hearing impairment"}
    assert labels_on(APRIL) == {"Deafness"}
    old.refresh_from_db()
    assert (old.label, old.valid_to) == ("Hearing impairment", APRIL - A_DAY)
    assert change.was == "Hearing impairment (HI), from 1 September 2014"
    assert change.now == "Deafness (HI), from 1 April 2025"


def test_another_label_from_today(by):
    relabel(hearing(), by, day=TODAY)
    assert (labels_on(TODAY - A_DAY), labels_on(TODAY)) == ({"Hearing impairment"}, {"Deafness"})


def test_teachers_who_know_it_well_know_what_follows(by):
    old, teacher = hearing(), person(Role.S2S_TEACHER)
    Specialism.objects.create(teacher=teacher, need_type=old)
    relabel(old, by)
    assert set(Specialism.objects.filter(teacher=teacher).values_list("need_type__label", flat=True)) == {
        "Hearing impairment",
        "Deafness",
    }


def test_another_label_of_a_section_keeps_its_scale_and_its_end(by):
    old = IndesSection.objects.get(number=2)
    relabel(old, by, label="Hearing")
    new = IndesSection.objects.get(title="Hearing")
    assert (new.version, new.number, new.top_level) == (old.version, 2, old.top_level)
    assert (new.valid_from, new.valid_to) == (APRIL, date(2026, 8, 31))


def test_a_label_that_follows_an_end_directly_has_no_end(by):
    end(hearing(), by, day=APRIL - A_DAY)
    relabel(hearing(), by)
    assert labels_on(date(2040, 1, 1)) == {"Deafness"}


def test_a_label_cannot_follow_where_one_has_followed(by):
    relabel(hearing(), by)
    old = NeedType.objects.get(code="HI", label="Hearing impairment")
    with pytest.raises(CannotChange, match="valid on some of these days already"):
        relabel(old, by, label="Hearing")
    assert NeedType.objects.filter(code="HI").count() == 2


@pytest.mark.parametrize(
    ("typed", "words", "field"),
    [
        ({"label": "Hearing impairment"}, "called so already", "label"),
        ({"day": TODAY - A_DAY}, "today or later", "from_day"),
    ],
)
def test_labels_that_cannot_be(by, typed, words, field):
    with pytest.raises(CannotChange, match=words) as wrong:
        relabel(hearing(), by, **typed)
    assert wrong.value.field == field


def test_a_label_follows_only_on_days_after_the_first_and_up_to_the_end(by):
    starts = NeedType.objects.get(code="DS")
    with pytest.raises(CannotChange, match="after 1 January 2025"):
        relabel(starts, by, label="Down’s syndrome", day=starts.valid_from)
    end(hearing(), by, day=date(2025, 1, 31))
    with pytest.raises(CannotChange, match="It ends on 31 January 2025"):
        relabel(hearing(), by)


def test_a_code_ends_and_has_no_end_again(by):
    change = end(hearing(), by)
    assert (labels_on(APRIL), labels_on(APRIL + A_DAY)) == ({"Hearing impairment"}, set())
    assert change.now.endswith("from 1 September 2014 to 1 April 2025")
    assert end(hearing(), by, day=None).what == "without an end"
    assert labels_on(date(2040, 1, 1)) == {"Hearing impairment"}


@pytest.mark.parametrize(("day", "words"), [(None, "no end already"), (TODAY - A_DAY, "today or later")])
def test_ends_that_cannot_be(by, day, words):
    with pytest.raises(CannotChange, match=words) as wrong:
        end(hearing(), by, day=day)
    assert wrong.value.field == "last_day"


@pytest.mark.parametrize("day", [None, APRIL])
def test_an_end_that_has_passed_stays_and_another_may_begin(by, day):
    end(hearing(), by, day=TODAY)
    later = told(by) | {"at": AT + timedelta(days=60), "key": uuid.uuid4()}
    with pytest.raises(CannotChange, match="It ended on 26 November 2024, and that stays so") as wrong:
        code_lists.end(code=hearing(), last_day=day, seen=in_words(hearing()), **later)
    assert wrong.value.field == "last_day"
    code_lists.add_need_type(code="HI", label="Hearing impairment", valid_from=APRIL, **later)
    assert (labels_on(TODAY), labels_on(TODAY + A_DAY), labels_on(APRIL)) == (
        {"Hearing impairment"},
        set(),
        {"Hearing impairment"},
    )


def test_an_end_may_be_taken_away_until_it_has_passed(by):
    end(hearing(), by, day=TODAY)
    end(hearing(), by, day=None)
    assert labels_on(date(2040, 1, 1)) == {"Hearing impairment"}


def test_an_end_that_is_there_already_or_reaches_into_what_follows(by):
    relabel(hearing(), by)
    old = NeedType.objects.get(code="HI", label="Hearing impairment")
    with pytest.raises(CannotChange, match="ends then already"):
        end(old, by, day=APRIL - A_DAY)
    with pytest.raises(CannotChange, match="“Deafness .HI.” is valid on some"):
        end(old, by, day=None)


def test_pressed_twice_is_one_change(by):
    keys = [uuid.uuid4() for _ in range(4)]
    scale = {"version": "2026", "number": 9, "title": "Senses", "top_level": 5, "valid_from": APRIL}
    code, section = hearing(), IndesSection.objects.get(number=2)
    seen, seen_section = in_words(code), in_words(section)
    for _ in range(2):
        code_lists.add_need_type(code="DLD", label="Other", valid_from=APRIL, **told(by, keys[0]))
        code_lists.add_indes_section(**scale, **told(by, keys[1]))
        relabel(code, by, seen=seen, key=keys[2])
        end(section, by, seen=seen_section, key=keys[3])
    assert ReferenceChange.objects.count() == 4
    assert NeedType.objects.filter(code__in=["DLD", "HI"]).count() == 3


def test_of_two_people_the_second_is_told(by):
    code = hearing()
    seen = in_words(code)
    end(code, by)
    other = person(Role.COMMISSIONER)
    for change in (relabel, end):
        with pytest.raises(ChangedMeanwhile, match="Ida Mautby has changed it") as wrong:
            change(code, other, seen=seen)
        assert wrong.value.now == in_words(hearing())


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else(by, role):
    who = person(role)
    scale = {"version": "2026", "number": 9, "title": "Senses", "top_level": 5, "valid_from": APRIL}
    with pytest.raises(NotAllowed):
        code_lists.add_need_type(code="DLD", label="Other", valid_from=APRIL, **told(who))
    with pytest.raises(NotAllowed):
        code_lists.add_indes_section(**scale, **told(who))
    with pytest.raises(NotAllowed):
        relabel(hearing(), who)
    with pytest.raises(NotAllowed):
        end(hearing(), who)


def test_loading_again_leaves_what_the_council_has_changed(by):
    relabel(hearing(), by)
    assert codes.load() == 0
