"""Addresses of planned visits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
