"""Addresses of a co-ordinator's desk: giving requests to teachers, not taking them on, reinstating them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
