"""What the tests of messages share."""

import pytest

from tests.notifications import notify_server
from tests.notifications.mail_server import running


@pytest.fixture
def server(settings):
    """A mail server that the portal sends to for the length of the test."""
    with running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server


@pytest.fixture
def notify(settings):
    """A stand-in for GOV.UK Notify that the portal sends through for the length of the test."""
    with notify_server.running() as server:
        settings.S2S_MAIL = "notify"
        settings.NOTIFY_API_KEY = notify_server.API_KEY
        settings.NOTIFY_TEMPLATE_ID = notify_server.TEMPLATE
        settings.NOTIFY_BASE_URL = server.url
        yield server
