"""Addresses of the demo's own pages."""

from django.urls import path

from s2s_portal.demo.views.components import components
from s2s_portal.demo.views.personas import personas, sign_in
from s2s_portal.demo.views.practice_date import practice_date

app_name = "demo"
urlpatterns = [
    path("components/", components, name="components"),
    path("demo/", personas, name="personas"),
    path("demo/sign-in/", sign_in, name="sign_in"),
    path("practice-date/", practice_date, name="practice_date"),
]
