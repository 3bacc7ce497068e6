"""Addresses of the nightly comparison of ledger and requests."""

from django.urls import path

from referrals.views import reconciling

urlpatterns = [
    path("reconciliation/", reconciling.reconciliation, name="reconciliation"),
]
