"""An adviser adds a setting that is not listed and goes on with what they were doing."""

import uuid

import pytest

from referrals.actions import drafts
from referrals.actions.merging import merge_setting
from referrals.choices import Section
from referrals.models import DraftReferral
from s2s_portal.organisations.choices import Role, Source
from s2s_portal.organisations.models import Establishment, EstablishmentKind
from s2s_portal.organisations.queries.establishments import key_of
from tests.factories.cohorts import described_cohort
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import desk, section_url, signed_out_and_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
NEW = "/requests/new/not-listed/"


def typed(here, **changes):
    """What the adviser types of a nursery that nobody knows."""
    told = {"name": "Zebra Nursery", "kind": here.setting.kind_id, "street": "2 Reed Lane", "town": "Staithe"}
    return told | {"postcode": "nr29 9zz", "key": str(uuid.uuid4())} | changes


def confirmed(here, **changes):
    return typed(here, step="confirm", zone=here.zone.pk, **changes)


def local():
    return Establishment.objects.get(source=Source.LOCAL)


def test_the_way_there_is_on_every_search_that_looks_for_a_setting():
    here = desk()
    assert f"{NEW}?name=Zebra%20%2F%20Nursery" in text_of(here.get("/requests/new/", q="Zebra / Nursery"))
    assert NEW in text_of(here.get("/requests/new/", q=here.setting.name))
    assert NEW not in text_of(here.get("/requests/new/"))
    draft = filled_draft(here.setting, by=here.user)
    page = text_of(here.get(section_url(draft, Section.SETTING), q="Zebra"))
    assert f"/drafts/{draft.key}/setting/not-listed/" in page
    assert 'value="Zebra"' in text_of(here.get(NEW, name="Zebra"))


def test_it_is_asked_whether_it_is_one_of_those_that_are_listed():
    here = desk()
    Establishment.objects.update(name="Reed Nursery", name_folded="reed nursery")
    far = EstablishmentFactory(name="Zebra Day Nursery", zone=ZoneFactory())
    page = text_of(here.post(NEW, **typed(here)))
    assert "Is it one of these?" in page
    assert f'value="{key_of(here.setting)}"' in page
    assert "Zebra Day Nursery" in page
    assert "outside your zones" in page
    assert f'value="{key_of(far)}"' not in page
    assert f'<option value="{here.zone.pk}" selected>' in page
    assert not Establishment.objects.filter(source=Source.LOCAL).exists()


def test_where_nothing_is_near_there_is_only_the_zone_to_choose():
    here = desk()
    page = text_of(here.post(NEW, **typed(here, postcode="NR1 1AA")))
    assert "Check and add it" in page
    assert '<option value="" selected>Choose a zone' in page
    page = text_of(here.post(NEW, **typed(here, step="confirm")))
    assert "Select the zone" in page
    EstablishmentFactory(postcode="NR1 1AA", zone=ZoneFactory(name="Elsewhere"))
    assert "it is in Elsewhere, which is not one of your zones" in text_of(
        here.post(NEW, **typed(here, postcode="NR1 1AA"))
    )


def test_it_is_added_once_and_a_request_is_started_for_it():
    here = desk()
    told = confirmed(here)
    first, second = here.post(NEW, **told), here.post(NEW, **told)
    draft = DraftReferral.objects.get()
    assert first.url == second.url == f"/drafts/{draft.key}/"
    assert (draft.establishment, draft.stream) == (local(), here.setting.kind.stream)
    assert (local().postcode, local().zone, local().name_folded) == ("NR29 9ZZ", here.zone, "zebra nursery")
    assert "Zebra Nursery has been added" in text_of(here.get(first.url))


def test_in_a_draft_the_other_answers_stay():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url = f"/drafts/{draft.key}/setting/not-listed/"
    assert 'name="version" value="1"' in text_of(here.post(url, **typed(here)))
    answer = here.post(url, **confirmed(here, version="1"))
    now = DraftReferral.objects.get()
    assert answer.url == f"/drafts/{draft.key}/"
    assert (now.establishment, now.need_description) == (local(), draft.need_description)


def test_a_school_is_added_to_a_cohort():
    here = desk(Role.SEND_ADVISER)
    cohort = described_cohort(by=here.user)
    choose = f"/cohorts/{cohort.reference}/schools/add/"
    url = f"/cohorts/{cohort.reference}/schools/not-listed/"
    assert url in text_of(here.get(choose))
    assert f'name="school" value="{key_of(here.setting)}"' in text_of(here.post(url, **typed(here, name="Puddle")))
    answer = here.post(url, **confirmed(here))
    assert answer.url == f"/cohorts/{cohort.reference}/"
    assert cohort.schools.get().establishment == local()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Enter the name"),
        ({"name": "!?"}, "Name must have letters in it"),
        ({"kind": ""}, "Select the kind"),
        ({"postcode": "Norwich"}, "Postcode must be a full UK postcode, like NR1 2DH"),
        ({"telephone": "later"}, "Telephone number must be"),
        ({"street": ""}, "Enter the building and street"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(changes, sentence):
    here = desk()
    page = text_of(here.post(NEW, **confirmed(here, **changes)))
    assert sentence in page
    assert "Staithe" in page
    assert not Establishment.objects.filter(source=Source.LOCAL).exists()


def test_only_kinds_of_the_own_stream_and_own_zones_can_be_chosen():
    here = desk()
    school, other = EstablishmentKindFactory(school=True), ZoneFactory()
    EstablishmentKindFactory(source=Source.GIAS, name=here.setting.kind.name)
    page = text_of(here.get(NEW))
    assert school.name not in page
    assert f"{here.setting.kind.name} (Ofsted childcare register)" in page
    assert "Select the kind" in text_of(here.post(NEW, **confirmed(here, kind=school.pk)))
    assert "Select the zone" in text_of(here.post(NEW, **confirmed(here) | {"zone": other.pk}))


def test_without_any_kind_it_says_whom_to_ask():
    here = desk()
    EstablishmentKind.objects.update(eligibility="NOT_ELIGIBLE")
    assert "Nothing can be added yet" in text_of(here.get(NEW))


def test_change_what_you_entered_and_signing_in_again_keep_it():
    here = desk()
    page = text_of(here.post(NEW, **typed(here, step="ask")))
    assert 'value="Zebra Nursery"' in page
    assert 'value="2 Reed Lane"' in signed_out_and_in(here, NEW, **confirmed(here))


def test_a_colleague_who_was_first_is_named():
    here = desk()
    draft, other = filled_draft(here.setting, by=here.user), EstablishmentFactory(zone=here.zone)
    url = f"/drafts/{draft.key}/setting/not-listed/"
    told = {"section": Section.SETTING, "answers": {"establishment_id": other.pk}, "version": 1}
    here.post(url, **typed(here))
    drafts.save_section(draft=draft, **told, by=here.colleague().user, at=draft.started_at)
    answer = here.post(url, follow=True, **confirmed(here, version="1"))
    assert "Ida Mautby has changed the school or setting in the meantime" in text_of(answer)
    assert DraftReferral.objects.get().establishment == other


def merged_away(here):
    """What the adviser added is one of a register after all: an administrator says so."""
    into = EstablishmentFactory(name="Heron Day Nursery", zone=here.zone, kind=here.setting.kind)
    by = person(Role.ADMINISTRATOR)
    merge_setting(setting=local(), into=into, reason="The same door.", key=uuid.uuid4(), by=by, at=AT)
    return into


def test_pressed_again_after_it_was_merged_it_says_into_what():
    here = desk()
    told = confirmed(here)
    here.get(here.post(NEW, **told).url)
    into = merged_away(here)
    page = text_of(here.post(NEW, follow=True, **told))
    assert "Zebra Nursery has been merged into Heron Day Nursery in the meantime" in page
    assert "has been added" not in page
    assert [one.establishment for one in DraftReferral.objects.all()] == [into]


def test_in_a_draft_it_says_so_too():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url, told = f"/drafts/{draft.key}/setting/not-listed/", confirmed(here, version="1")
    here.post(url, **told)
    into = merged_away(here)
    for version in ("1", "3"):
        page = text_of(here.post(url, follow=True, **told | {"version": version}))
        assert "has been merged into Heron Day Nursery" in page
    assert DraftReferral.objects.get().establishment == into


def test_pressed_again_after_it_was_put_in_another_zone_it_says_whose_it_is():
    here = desk()
    told = confirmed(here)
    here.post(NEW, **told)
    Establishment.objects.filter(source=Source.LOCAL).update(zone=ZoneFactory())
    page = text_of(here.post(NEW, follow=True, **told))
    assert "is outside your zones: its own adviser files requests for it." in page


def test_pressed_twice_in_a_draft_nobody_has_a_conflict_with_themselves():
    here = desk()
    draft = filled_draft(here.setting, by=here.user)
    url, told = f"/drafts/{draft.key}/setting/not-listed/", confirmed(here, version="1")
    first, second = here.post(url, **told), here.post(url, **told)
    assert first.url == second.url == f"/drafts/{draft.key}/"
    page = text_of(here.get(second.url))
    assert page.count("Zebra Nursery has been added") == 1
    assert "has changed the school or setting" not in page


def test_the_check_costs_the_same_for_one_near_and_for_three(django_assert_max_num_queries):
    here = desk()
    told = typed(here)
    with django_assert_max_num_queries(15):
        here.post(NEW, **told)
    EstablishmentFactory.create_batch(3, zone=here.zone)
    with django_assert_max_num_queries(15):
        assert text_of(here.post(NEW, **told)).count("app-choices__item") == 4
