"""Addresses of the demo's own pages."""

from django.urls import path

from s2s_portal.demo.views.practice_date import practice_date

app_name = "demo"
urlpatterns = [path("practice-date/", practice_date, name="practice_date")]
