"""Addresses of the casework, by noun."""

from referrals.urls import booking, closing, contact, desk, details, recording, requests, teaching

app_name = "referrals"
urlpatterns = [
    *requests.urlpatterns,
    *desk.urlpatterns,
    *details.urlpatterns,
    *contact.urlpatterns,
    *booking.urlpatterns,
    *recording.urlpatterns,
    *teaching.urlpatterns,
    *closing.urlpatterns,
]
