"""What the tests of messages share."""

import pytest

from tests.notifications.mail_server import running


@pytest.fixture
def server(settings):
    """A mail server that the portal sends to for the length of the test."""
    with running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
