"""Addresses of reminders."""

from django.urls import path

from referrals.views import reminders

urlpatterns = [
    path("reminders/", reminders.reminder_list, name="reminder_list"),
    path("requests/<ref:reference>/reminders/", reminders.referral_reminders, name="referral_reminders"),
]
