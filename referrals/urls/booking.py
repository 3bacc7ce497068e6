"""Addresses of planned visits."""

from django.urls import path

from referrals.views import booking, booking_changes

VISIT = "visits/<uuid:key>/"
urlpatterns = [
    path("requests/<ref:reference>/book/", booking.booking_start, name="booking_start"),
    path(VISIT, booking.booking_detail, name="booking_detail"),
    path(f"{VISIT}visit.ics", booking.booking_file, name="booking_file"),
    path(f"{VISIT}move/", booking_changes.booking_move, name="booking_move"),
    path(f"{VISIT}cancel/", booking_changes.booking_cancel, name="booking_cancel"),
    path(f"{VISIT}keep/", booking_changes.booking_keep, name="booking_keep"),
]
