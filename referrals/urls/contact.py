"""Addresses of the contact log."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
