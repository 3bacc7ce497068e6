"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")
application = get_wsgi_application()

from s2s_portal.core import memory  # noqa: E402
from s2s_portal.core.middleware import ReadableRequest  # noqa: E402  (its models need the applications that this loads)

application.request_class = ReadableRequest
memory.settle()
