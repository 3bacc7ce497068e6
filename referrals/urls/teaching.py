"""Addresses of a teacher's day, caseload and calendar."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
