"""What a load balancer asks."""

import pytest


def test_live_answers_without_a_query(client, settings):
    settings.S2S_REHEARSAL_CLOCK = False
    response = client.get("/health/live")  # without the django_db mark, any query would fail
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/accounts/login/", 301), ("/my/health/", 301)])
def test_only_health_answers_over_plain_http_where_https_is_demanded(client, settings, path, status):
    settings.S2S_REHEARSAL_CLOCK = False
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == status
