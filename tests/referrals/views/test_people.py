"""People's accounts: added with an invitation, changed by others, closed after what they have in hand is named."""

import re
import uuid

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.models import AuditEvent, Membership, SignedLink, User
from s2s_portal.organisations.permissions import roles_of
from tests.factories import cohorts, support
from tests.factories.organisations import PASSWORD, EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
ADD = reverse("referrals:person_add")
CHOSEN = "marsh harrier over the reeds"


def at_page(name, one):
    return reverse(f"referrals:person_{name}", args=[one.pk])


@pytest.fixture
def ada():
    return person(Role.ADMINISTRATOR, full_name="Ada Ministrator")


@pytest.fixture
def admin(client_for, ada):
    return client_for(ada)


def jo(**changes):
    given = {"key": str(uuid.UUID(int=1)), "full_name": "Jo Reeve", "email": "jo@council.invalid"}
    return given | {"roles": [Role.AUDITOR]} | changes


def link_in(message):
    return re.search(r"(/link/[^/\s]+/)", message.body)[1]


def test_from_the_invitation_to_signing_in(admin, client):
    marsh = ZoneFactory(name="Marsh")
    answer = admin.post(ADD, jo(roles=[Role.SEND_ADVISER], zones_SEND_ADVISER=[marsh.pk]), follow=True)
    page = text_of(answer)
    assert "Jo Reeve has been added, and is invited by e-mail." in page
    assert "Invited today, not yet signed in" in page
    assert re.search(r"Added person.{0,300}Ada Ministrator", page, re.DOTALL)
    assert "Zones: Marsh" in page
    deliver_waiting()
    answer = client.get(link_in(mail.outbox[0]), follow=True)
    assert "Jo Reeve, you will sign in with jo@council.invalid" in text_of(answer)
    here = answer.request["PATH_INFO"]
    assert "The two passwords are not the same" in text_of(client.post(here, {"password1": CHOSEN, "password2": "x"}))
    assert "too short" in text_of(client.post(here, {"password1": "short", "password2": "short"}))
    answer = client.post(here, {"password1": CHOSEN, "password2": CHOSEN}, follow=True)
    assert "Your password is set. Sign in with it." in text_of(answer)
    answer = client.post(reverse("account_login"), {"login": "jo@council.invalid", "password": CHOSEN})
    assert answer.url == reverse("home")
    answer = client.get(here)
    assert answer.status_code == 200
    assert "This link has been used" in text_of(answer)
    assert "noindex" in answer["X-Robots-Tag"]
    assert "Yes" in text_of(admin.get(at_page("detail", User.objects.get(email="jo@council.invalid"))))


def test_pressed_twice_adds_and_invites_once(admin):
    first, second = (admin.post(ADD, jo()) for _ in range(2))
    assert first.url == second.url
    assert SignedLink.objects.count() == Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "here@council.invalid"}, "Somebody Here is here already with this address"),
        ({"email": "jo"}, "e-mail address"),
        ({"email": "jo@bücher.invalid-"}, "e-mail address"),
        ({"roles": []}, "at least one role"),
        ({"full_name": " "}, "Enter their name"),
        ({"home_school": "SCHOOL"}, "You chose a teacher’s own school, but not the role S2S teacher"),
        ({"zones_S2S_TEACHER": "ZONE"}, "You chose zones as S2S teacher, but not that role"),
    ],
)
def test_what_cannot_be_added_says_why_and_stays_typed(admin, changes, words):
    person(email="here@council.invalid", full_name="Somebody Here")
    known = {"SCHOOL": special_school().pk, "ZONE": ZoneFactory().pk}
    answer = admin.post(ADD, jo(**{name: known.get(str(value), value) for name, value in changes.items()}))
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not Notification.objects.exists()


def seen_in(page):
    """What the page of roles says that the person holds, as its form carries it."""
    found = re.search(r'name="seen"(?: value="([^"]*)")?', page)
    return found[1] or ""


def special_school():
    kind = EstablishmentKindFactory(
        source=Source.GIAS, name="Community special school", eligibility=Eligibility.PROVIDER
    )
    return EstablishmentFactory(school=True, kind=kind, name="Heron Carr School")


def test_roles_zones_and_own_school_change(admin):
    marsh, broad, school = ZoneFactory(name="Marsh"), ZoneFactory(name="Broad"), special_school()
    one = person(Role.SEND_ADVISER, zones=[marsh])
    here = at_page("roles", one)
    page = text_of(admin.get(here))
    assert re.search(rf'<input[^>]*name="zones_SEND_ADVISER"[^>]*value="{marsh.pk}"[^>]* checked', page)
    told = {"roles": [Role.SEND_ADVISER, Role.S2S_TEACHER], "zones_SEND_ADVISER": [broad.pk], "home_school": school.pk}
    told |= {"reason": "Another post", "seen": seen_in(page)}
    page = text_of(admin.post(here, told, follow=True))
    assert "Roles and zones have been changed." in page
    assert "Zones: Broad" in page
    assert "Own school: Heron Carr School" in page
    assert "Gave the role S2S teacher" in page
    assert "Took away the zone Marsh, as SEND Adviser" in page
    assert "“Another post”" in page
    assert Membership.objects.get(user=one, role=Role.S2S_TEACHER).home_school == school
    assert f'value="{school.pk}" selected' in text_of(admin.get(here))
    assert "nothing has changed" in text_of(admin.post(here, told, follow=True))


def test_a_role_that_was_taken_away_meanwhile_does_not_come_back_in_silence(admin):
    one = person(Role.AUDITOR, Role.COMMISSIONER, full_name="Jo Reeve")
    here = at_page("roles", one)
    told = {"roles": [Role.AUDITOR, Role.COMMISSIONER, Role.S2S_COORDINATOR], "seen": seen_in(text_of(admin.get(here)))}
    assert "Enter the reason for the change" in text_of(admin.post(here, told))
    Membership.objects.get(user=one, role=Role.AUDITOR).delete()
    page = text_of(admin.post(here, told | {"reason": "The desk needs them"}))
    assert "has changed it while you were writing. It is now: Commissioner. Press again" in page
    assert "The desk needs them" in page
    assert roles_of(User.objects.get(pk=one.pk)) == {Role.COMMISSIONER}
    told |= {"reason": "The desk needs them", "seen": seen_in(page)}
    admin.post(here, told)
    assert roles_of(User.objects.get(pk=one.pk)) == set(told["roles"])


def test_what_somebody_has_in_hand_is_named_before_they_are_deactivated(council, admin):
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    for name in ("detail", "roles", "deactivate"):
        page = text_of(admin.get(at_page(name, adviser)))
        assert "1 draft is not sent; other advisers of the zone see it and can go on with it." in page
        assert "1 open request is sent by them; other advisers of the zone see it." in page
    here = at_page("deactivate", adviser)
    assert "Enter the reason" in text_of(admin.post(here, {"reason": " "}))
    page = text_of(admin.post(here, {"reason": "Left the council"}, follow=True))
    assert "can no longer sign in" in page
    assert "“Left the council”" in page
    assert not User.objects.get(pk=adviser.pk).is_active
    page = text_of(admin.post(at_page("reactivate", adviser), {"reason": "Came back"}, follow=True))
    assert "can sign in again" in page
    assert roles_of(User.objects.get(pk=adviser.pk)) == {Role.EARLY_YEARS_ADVISER}


def test_cohorts_that_are_not_sent_are_in_hand(council, admin):
    adviser = council.people[Role.SEND_ADVISER]
    cohorts.described_cohort(by=adviser)
    page = text_of(admin.get(at_page("deactivate", adviser)))
    assert "1 cohort is not sent yet, or not for every school; other advisers of the zones see it and" in page
    ready = cohorts.ready_cohort([council.school], by=adviser)
    cohorts.send(ready, by=adviser)
    assert "1 cohort is not sent yet" in text_of(admin.get(at_page("deactivate", adviser)))


def test_a_visit_past_its_time_is_not_a_planned_one_and_who_closes_an_account_hears_that_nobody_was_told(
    council, client_for
):
    teacher = person(Role.S2S_TEACHER)
    visit = support.booked(council.early_years, teacher=teacher)
    User.objects.filter(memberships__role=Role.S2S_COORDINATOR).update(is_active=False)
    with time_machine.travel(visit.ends_at, tick=False):
        admin = client_for(person(Role.ADMINISTRATOR))
        page = text_of(admin.get(at_page("deactivate", teacher)))
        assert "1 visit is past its time, and nobody has told how it went." in page
        assert "planned visit" not in page
        page = text_of(admin.post(at_page("deactivate", teacher), {"reason": "Left"}, follow=True))
    assert (
        "nobody could be told of what is left: 1 open request and 1 visit that was to be held. Tell S2S yourself."
        in page
    )


def test_whoever_takes_the_role_of_a_teacher_away_hears_that_nobody_was_told(council, admin):
    teacher = person(Role.S2S_TEACHER)
    support.assigned(council.early_years, teacher=teacher)
    User.objects.filter(memberships__role=Role.S2S_COORDINATOR).update(is_active=False)
    here = at_page("roles", teacher)
    told = {"roles": [Role.AUDITOR], "reason": "Another post", "seen": seen_in(text_of(admin.get(here)))}
    page = text_of(admin.post(here, told, follow=True))
    assert "Roles and zones have been changed. No S2S co-ordinator is active, so nobody could be told of what" in page


def test_nothing_in_hand_is_said_too(admin):
    assert "They have no open request, visit, draft or cohort in hand." in text_of(
        admin.get(at_page("deactivate", person()))
    )


def test_a_new_password(admin):
    one = person(Role.AUDITOR)
    told = {"key": str(uuid.UUID(int=2))}
    for _ in range(2):
        page = text_of(admin.post(at_page("link", one), told, follow=True))
    assert "gets an e-mail with a link" in page
    assert "Sent a link for a new password today" in page
    assert SignedLink.objects.count() == 1
    assert User.objects.get(pk=one.pk).check_password(PASSWORD)
    page = text_of(admin.post(at_page("link_back", one), follow=True))
    assert "was sent no longer works" in page
    assert "has no link that works" in text_of(admin.post(at_page("link_back", one), follow=True))


def test_without_a_key_nothing_is_sent(admin):
    admin.post(at_page("link", person()), {"key": "x"})
    assert not SignedLink.objects.exists()


def test_a_link_that_was_taken_back_says_so(admin, client):
    admin.post(ADD, jo())
    deliver_waiting()
    one = User.objects.get(email="jo@council.invalid")
    admin.post(at_page("link_back", one))
    assert "The invitation was taken back" in text_of(admin.get(at_page("detail", one)))
    answer = client.get(link_in(mail.outbox[0]), follow=True)
    assert answer.status_code == 410
    assert "It was taken back, or a newer one was sent" in text_of(answer)


def test_a_link_is_too_old_after_seven_days(admin, client):
    admin.post(ADD, jo())
    deliver_waiting()
    SignedLink.objects.update(created_at="2024-11-01T09:00:00Z")
    answer = client.get(link_in(mail.outbox[0]), follow=True)
    assert answer.status_code == 410
    assert "work for 7 days" in text_of(answer)
    one = User.objects.get(email="jo@council.invalid")
    assert "The invitation ran out on 8 November 2024" in text_of(admin.get(at_page("detail", one)))


def test_a_link_of_somebody_deactivated_opens_nothing(admin, client):
    admin.post(ADD, jo())
    deliver_waiting()
    User.objects.filter(email="jo@council.invalid").update(is_active=False)
    assert client.get(link_in(mail.outbox[0]), follow=True).status_code == 410


def test_a_browser_without_the_link_opens_nothing(client):
    answer = client.get(reverse("referrals:choose_password", args=[uuid.UUID(int=9)]))
    assert answer.status_code == 404
    assert "Open the link in your e-mail" in text_of(answer)


def test_nobody_changes_themselves(admin, ada):
    assert "This is you." in text_of(admin.get(at_page("detail", ada)))
    for name in ("roles", "deactivate", "reactivate"):
        answer = admin.get(at_page(name, ada))
        assert answer.status_code == 403
        assert "Nobody changes their own roles" in text_of(answer)
    for name in ("link", "link_back", "roles", "deactivate"):
        assert admin.post(at_page(name, ada)).status_code == 403


def test_somebody_deactivated_can_only_come_back(admin):
    page = text_of(admin.get(at_page("detail", person(is_active=False))))
    assert "was deactivated" in page
    assert "No role yet" in page
    assert "Change roles" not in page


@pytest.mark.parametrize("name", ["detail", "roles", "deactivate"])
def test_nobody_and_the_portal_itself_have_no_page(admin, name):
    admin.post(ADD, jo())
    portal = User.objects.get(email="portal@s2s.invalid")
    assert admin.get(at_page(name, portal)).status_code == 404
    assert admin.get(reverse(f"referrals:person_{name}", args=[10**12])).status_code == 404


def test_a_reason_survives_a_lost_session(admin, ada):
    one = person(Role.AUDITOR)
    admin.logout()
    answer = admin.post(at_page("deactivate", one), {"reason": "Left the council in May"})
    admin.force_login(ada)
    assert "Left the council in May" in text_of(admin.get(answer.url.partition("next=")[2].replace("%3F", "?")))


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries(admin, django_assert_num_queries, count):
    one = person(*list(Role)[:count], zones=[ZoneFactory() for _ in range(count)])
    for number in range(count):
        AuditEvent.objects.create(
            user_id=1, user_email="a@s2s.invalid", kind="WRITE", what=f"x {number}", reference=f"person {one.pk}"
        )
    with django_assert_num_queries(15):
        admin.get(at_page("detail", one))
    with django_assert_num_queries(15):
        admin.get(at_page("roles", one))
