"""The project package: the composition root above, shared foundations below."""

from s2s_portal.celery import app as celery_app

__all__ = ["celery_app"]
