"""What was sent from a cohort's pages after the session had ended waits on the same page, and nothing has happened."""

import pytest

from referrals.models import CohortFileRow, CohortSchool, Referral
from tests.factories.organisations import PASSWORD
from tests.referrals.views.cohort_desk import cohort_desk, key
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def signed_out_and_in(here, page, data):
    """Send `data` while signed out, sign in, and come back to the page."""
    here.client.logout()
    to_sign_in = here.client.post(here.url(page), data)
    here.client.post(to_sign_in.url, {"login": here.user.email, "password": PASSWORD})
    shown = text_of(here.get(page))
    assert "You were signed out." in shown
    assert "You were signed out." not in text_of(here.get(page))
    return shown


def test_ticked_schools():
    here = cohort_desk(2, ready=False)
    page = signed_out_and_in(here, "schools/add/", {"school": key(here.schools[1])})
    assert f'value="{key(here.schools[1])}" checked>' in page
    assert f'value="{key(here.schools[0])}">' in page
    assert not here.lines


def test_a_pasted_list():
    here = cohort_desk(1, ready=False)
    assert "Staithe & Son</textarea>" in signed_out_and_in(here, "schools/file/", {"pasted": "Staithe & Son"})
    assert not CohortFileRow.objects.exists()


def test_what_was_unticked_in_a_list():
    here = cohort_desk(2, ready=False)
    here.post("schools/file/", pasted="\n".join(school.urn for school in here.schools))
    first, second = CohortFileRow.objects.order_by("line")
    sent = {f"held-{first.pk}": "FOUND", f"held-{second.pk}": "FOUND", f"row-{second.pk}": f"{key(here.schools[1])}~0"}
    page = signed_out_and_in(here, "schools/review/", sent)
    assert f'value="{key(here.schools[0])}~0" aria-describedby="row-{first.pk}-about">' in page
    assert f'value="{key(here.schools[1])}~0" aria-describedby="row-{second.pk}-about" checked>' in page
    assert not here.lines


def test_a_plan_and_its_numbers():
    here = cohort_desk(2, mainstream=1)
    first, second = here.lines
    sent = {f"plan-{first.key}": "NOT_YET", f"plan-{second.key}": "NOW", f"order-{first.key}": "9"}
    page = signed_out_and_in(here, "plan/", sent)
    assert f'name="plan-{first.key}" type="radio" value="NOT_YET" autocomplete="off" checked' in page
    assert 'value="9"' in page
    assert set(CohortSchool.objects.values_list("plan", flat=True)) == {"NOW"}


def test_a_sending_is_not_carried_out_but_leads_to_the_check():
    here = cohort_desk(1)
    edition = str(here.edition)
    here.client.logout()
    to_sign_in = here.post("send/", edition=edition)
    back = here.client.post(to_sign_in.url, {"login": here.user.email, "password": PASSWORD}, follow=True)
    assert back.redirect_chain[-1][0] == here.url("check/")
    assert not Referral.objects.exists()
