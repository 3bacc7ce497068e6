"""Addresses of outcomes and records of visits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
