"""Addresses of more information, corrections, agreements, standards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
