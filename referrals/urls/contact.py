"""Addresses of the contact log."""

from django.urls import path

from referrals.views.contact import contact_new

urlpatterns = [path("requests/<ref:reference>/contact/", contact_new, name="contact_new")]
