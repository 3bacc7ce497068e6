"""Addresses of the casework, by noun."""

from referrals.urls import (
    asking_again,
    booking,
    by_hand,
    closing,
    contact,
    contract_ends,
    contracts,
    desk,
    details,
    hand_over,
    levers,
    people,
    reconciling,
    recording,
    reminders,
    requests,
    setting,
    teaching,
)

app_name = "referrals"
urlpatterns = [
    *asking_again.urlpatterns,
    *requests.urlpatterns,
    *desk.urlpatterns,
    *details.urlpatterns,
    *contact.urlpatterns,
    *booking.urlpatterns,
    *recording.urlpatterns,
    *teaching.urlpatterns,
    *closing.urlpatterns,
    *reminders.urlpatterns,
    *reconciling.urlpatterns,
    *setting.urlpatterns,
    *contract_ends.urlpatterns,
    *contracts.urlpatterns,
    *hand_over.urlpatterns,
    *people.urlpatterns,
    *levers.urlpatterns,
    *by_hand.urlpatterns,
]
