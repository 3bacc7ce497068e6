"""Addresses of requests, drafts and refusals."""

from django.urls import URLPattern, register_converter

from s2s_portal.core.converters import ReferenceConverter

register_converter(ReferenceConverter, "ref")

app_name = "referrals"
drafts: list[URLPattern] = []
urlpatterns = [*drafts]
