"""Repairs: Django's admin as a place to look, from which nothing is changed but by an action."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin import site as djangos_own_site
from django.contrib.admin.models import LogEntry
from django.urls import get_resolver, reverse

from referrals.models import Cohort, DraftReferral, RecordDraft, Referral
from s2s_portal.core import clock
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.registry import jobs
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import repairs
from s2s_portal.organisations.admin import repairs_site
from s2s_portal.organisations.admin.jobs import ASKED, ASKED_BEFORE
from s2s_portal.organisations.choices import READ_REGISTER, AuditKind, Role
from s2s_portal.organisations.models import AuditEvent, Establishment, SignedLink, User, Zone
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.repairs import a_row_of_each
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of
from tests.routes.repairs import LISTS, name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PEOPLE = reverse(name_of(User, "changelist"))
OF_A_CHILD = {
    *("child_first_name", "child_last_name", "date_of_birth", "first_name", "last_name", "context", "facts"),
    *("needs", "goals", "answers", "snapshot", "password"),
}


@pytest.fixture
def looker(client_for):
    return client_for(person(Role.ADMINISTRATOR))


def test_nothing_about_a_child_is_shown_or_searched():
    cases = {Referral, DraftReferral, Cohort, Notification, AuditEvent, SignedLink, RecordDraft}
    cases |= {model for model in apps.get_models() if {"referral", "draft", "cohort", "record"} & fields_of(model)}
    assert len(cases) > 20
    assert not cases & set(repairs_site._registry)
    for one in repairs_site._registry.values():
        searched = {field.partition("__")[0] for field in (*one.search_fields, *one.list_filter)}
        assert not {*one.shown, *one.list_display, *searched} & OF_A_CHILD, one


def fields_of(model) -> set[str]:
    """The names of a model's own fields."""
    return {field.name for field in model._meta.get_fields() if not field.auto_created}


def test_there_is_no_other_admin_and_no_second_sign_in():
    routes = [str(one.pattern) for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "admin"]
    assert routes == ["repairs/"]
    assert not set(repairs_site._registry) & {LogEntry}
    assert repairs_site is not djangos_own_site


@pytest.mark.parametrize(
    "address", ["login/", "logout/", "password_change/", "autocomplete/", "jsi18n/", "organisations/", "r/1/1/", "x/"]
)
def test_djangos_other_pages_are_not_there(looker, address):
    assert looker.get(f"{reverse('repairs:index')}{address}").status_code == 404


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/", "{pk}/history/"])
def test_nothing_is_added_changed_or_deleted(looker, page):
    zone = ZoneFactory(name="Saltings")
    address = reverse(name_of(Zone, "changelist")) + page.format(pk=zone.pk)
    assert looker.get(address).status_code == 404
    assert looker.post(address, {"name": "Reedham Reach", "post": "yes"}).status_code == 405
    sent = {"action": "delete_selected", "_selected_action": [zone.pk], "post": "yes"}
    assert looker.post(reverse(name_of(Zone, "changelist")), sent).status_code == 405
    assert looker.post(reverse(name_of(Zone, "change"), args=[zone.pk]), {"name": "Other"}).status_code == 405
    assert Zone.objects.get().name == "Saltings"
    assert not LogEntry.objects.exists()


def test_who_is_signed_out_signs_in_on_the_portals_own_page(client):
    assert client.get(PEOPLE).url == f"{reverse('account_login')}?next={PEOPLE}"


def test_being_staff_or_superuser_opens_nothing(client_for):
    teacher = person(Role.S2S_TEACHER, is_staff=True, is_superuser=True)
    assert client_for(teacher).get(PEOPLE).status_code == 403


def test_the_index_and_every_list_and_row_can_be_read(looker):
    index = text_of(looker.get(reverse("repairs:index")))
    for model, row in a_row_of_each().items():
        one = repairs_site._registry[model]
        assert one.title in index
        assert one.about in index
        address = reverse(name_of(model, "change"), args=[row.pk])
        listed = looker.get(reverse(name_of(model, "changelist"))).content.decode()
        assert f'href="{address}"' in listed
        assert looker.get(address).status_code == 200


def test_a_row_says_what_is_kept_in_words(looker):
    who = person(Role.S2S_TEACHER, full_name="Edda Rushmere", telephone="01603 496001", zones=[ZoneFactory(name="Oby")])
    page = looker.get(reverse(name_of(User, "change"), args=[who.pk]))
    for words in ("Edda Rushmere", who.email, "01603 496001", "Yes"):
        assert words in text_of(page)
    assert who.password not in page.content.decode()
    role = who.memberships.get()
    assert "Oby" in text_of(looker.get(reverse(name_of(type(role), "change"), args=[role.pk])))


def test_opening_a_row_leaves_a_line_in_the_audit(looker):
    zone = ZoneFactory()
    before = AuditEvent.objects.count()
    looker.get(reverse(name_of(Zone, "changelist")))
    assert AuditEvent.objects.count() == before
    looker.get(reverse(name_of(Zone, "change"), args=[zone.pk]))
    line = AuditEvent.objects.latest("pk")
    assert (line.kind, line.what, line.reference) == (
        AuditKind.READ,
        "row in Repairs",
        f"organisations.Zone {zone.pk}",
    )


def test_search_and_filters_find_rows(looker):
    person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    person(Role.S2S_TEACHER, full_name="Ivo Cawston", is_active=False)
    found = text_of(looker.get(PEOPLE, {"q": "rushmere"}))
    assert "Edda Rushmere" in found
    assert "Ivo Cawston" not in found
    page = looker.get(PEOPLE, {"is_active__exact": "0", "q": "ivo"}).content.decode()
    assert "Ivo Cawston" in page
    assert "Edda Rushmere" not in page
    assert re.search(r'type="hidden" name="is_active__exact" value="0"', page)
    assert "Nothing was found" in text_of(looker.get(PEOPLE, {"q": "nobody like this"}))


@pytest.mark.parametrize("lookup", ["password__startswith", "memberships__role", "email", "nonsense", "is_superuser"])
def test_only_the_filters_on_offer_can_be_asked_for(looker, lookup):
    answer = looker.get(PEOPLE, {lookup: "m"})
    assert answer.status_code == 400
    assert looker.get(PEOPLE, {lookup: "m", "e": "1"}).status_code == 400


SETTINGS = reverse(name_of(Establishment, "changelist"))


def test_what_an_offered_filter_leads_to_cannot_be_asked_for(looker):
    """Whoever added a setting of the same zone would be found by the first letters of their password's hash."""
    adviser = person(Role.EARLY_YEARS_ADVISER)
    setting = EstablishmentFactory(by_hand=True, zone=ZoneFactory(), added_by=adviser, added_at=AT)
    by = "zone__establishments__added_by"
    for lookup in (f"{by}__password__regex", f"{by}__password__startswith", "zone__establishments__contacts__email"):
        assert looker.get(SETTINGS, {lookup: adviser.password[:4]}).status_code == 400
    for lookup in ("zone__name", "zone__id__lt", "source__startswith", "source__in", "zone__in"):
        assert looker.get(SETTINGS, {lookup: "1"}).status_code == 400
    for lookup, value in (("zone__id__exact", setting.zone_id), ("source__exact", "LOCAL"), ("zone__isnull", "False")):
        assert setting.name in text_of(looker.get(SETTINGS, {lookup: value}))


@pytest.mark.parametrize("query", [{"source__regex": "("}, {"source__exact": "\0"}, {"zone__id__exact": ["1", "\0"]}])
def test_what_the_database_would_refuse_is_a_bad_request(looker, query):
    assert looker.get(SETTINGS, query).status_code == 400


@pytest.mark.parametrize("query", [{"p": "no"}, {"p": "99"}, {"o": "x.y"}, {"q": "\x00"}, {"all": ""}])
def test_what_no_page_of_ours_sends_is_answered(looker, query):
    assert looker.get(PEOPLE, query).status_code in (200, 400)


@pytest.mark.parametrize("number", ["0", "999999999999999999999999", "x", "1%00"])
def test_a_row_that_is_not_there_is_not_found(looker, number):
    for page in ("", "again/"):
        assert looker.get(f"{reverse(name_of(JobRun, 'changelist'))}{number}/{page}").status_code == 404


def test_lists_take_the_same_queries_for_one_row_and_three(looker, django_assert_max_num_queries):
    def queries() -> dict[str, int]:
        counted = {}
        for name in LISTS:
            with django_assert_max_num_queries(15) as made:
                looker.get(reverse(name))
            counted[name] = len(made)
        return counted

    a_row_of_each()
    few = queries()
    a_row_of_each()
    a_row_of_each()
    EstablishmentFactory(school=True)
    assert queries() == few


# --- Work that is asked for again ----------------------------------------------------------------------------------
@pytest.fixture
def stuck():
    """A file that could not be read four times, and waits for an hour."""
    later = clock.real_now() + timedelta(hours=1)
    return JobRequest.objects.create(
        job=READ_REGISTER, subject="a-file", asked_at=AT, failures=4, failed_at=AT, error="OSError", next_try_at=later
    )


def test_work_is_asked_for_again_with_a_reason(looker, stuck):
    row = reverse(name_of(JobRequest, "change"), args=[stuck.pk])
    address = reverse(name_of(JobRequest, "again"), args=[stuck.pk])
    assert f'href="{address}"' in looker.get(row).content.decode()
    assert "Have this done again?" in text_of(looker.get(address))
    assert "Enter the reason" in text_of(looker.post(address, {"reason": ""}))
    assert JobRequest.objects.count() == 1
    assert ASKED in text_of(looker.post(address, {"reason": "The disk was full."}, follow=True))
    again = JobRequest.objects.latest("pk")
    assert (again.job, again.subject, again.asked_at) == (stuck.job, stuck.subject, AT)
    line = AuditEvent.objects.filter(kind=AuditKind.WRITE).latest("pk")
    assert (line.what, line.reference, line.reason) == (
        "had a job run again",
        f"job {READ_REGISTER} a-file",
        "The disk was full.",
    )
    assert ASKED_BEFORE in text_of(looker.post(address, {"reason": "Pressed twice."}, follow=True))
    assert JobRequest.objects.count() == 2


def test_a_job_that_only_its_timetable_runs_cannot_be_asked_for(looker):
    name = next(job.name for job in jobs() if not job.on_request)
    run = JobRun.objects.create(job=name, slot=AT)
    assert "Have this done again" not in text_of(looker.get(reverse(name_of(JobRun, "change"), args=[run.pk])))
    assert looker.get(reverse(name_of(JobRun, "again"), args=[run.pk])).status_code == 404
    with pytest.raises(repairs.NotOnRequest):
        repairs.run_again(job=name, subject="", reason="x", by=person(Role.ADMINISTRATOR), at=AT, real=AT)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_has_work_done_again(stuck, role):
    with pytest.raises(NotAllowed):
        repairs.run_again(job=stuck.job, subject="", reason="x", by=person(role), at=AT, real=AT)
    assert JobRequest.objects.count() == 1
    assert not Establishment.objects.exists()
