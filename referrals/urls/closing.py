"""Addresses of closing and opening again."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
