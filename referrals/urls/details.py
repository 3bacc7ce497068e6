"""Addresses of more information, corrections, agreements, standards."""

from django.urls import path

from referrals.views import details_agreeing as agreeing
from referrals.views import details_asking as asking
from referrals.views import details_correcting as correcting
from referrals.views.details_standards import standards, standards_take_back

REQUEST = "requests/<ref:reference>/"
urlpatterns = [
    path(f"{REQUEST}ask/", asking.request_ask, name="request_ask"),
    path(f"{REQUEST}send-back/", asking.request_send_back, name="request_send_back"),
    path(f"{REQUEST}take-back/", asking.request_take_back, name="request_take_back"),
    path(f"{REQUEST}correct/", correcting.request_correct, name="request_correct"),
    path(f"{REQUEST}correct/<slug:section>/", correcting.request_correct_section, name="request_correct_section"),
    path(f"{REQUEST}agreement/", agreeing.request_agreement, name="request_agreement"),
    path(f"{REQUEST}agreement/withdraw/", agreeing.request_agreement_withdraw, name="request_agreement_withdraw"),
    path("standards/", standards, name="standards"),
    path("standards/<int:number>/take-back/", standards_take_back, name="standards_take_back"),
]
