"""Addresses of closing and opening again."""

from django.urls import path

from referrals.views.closing import referral_close, referral_reopen

urlpatterns = [
    path("requests/<ref:reference>/close/", referral_close, name="referral_close"),
    path("requests/<ref:reference>/reopen/", referral_reopen, name="referral_reopen"),
]
