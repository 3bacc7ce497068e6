"""Addresses of a co-ordinator's desk: giving requests to teachers, not taking them on, reinstating them."""

from django.urls import path

from referrals.views import desk, desk_ending, desk_giving, desk_teachers

REQUEST = "requests/<ref:reference>/"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/teachers/", desk_teachers.desk_teachers, name="desk_teachers"),
    path("desk/teachers/<int:teacher>/", desk_teachers.desk_teacher, name="desk_teacher"),
    path("desk/teachers/<int:teacher>/cover/", desk_teachers.desk_cover_all, name="desk_cover_all"),
    path(f"{REQUEST}assign/", desk_giving.referral_assign, name="referral_assign"),
    path(f"{REQUEST}assign/journey/<int:teacher>/", desk_teachers.desk_journey, name="desk_journey"),
    path(f"{REQUEST}reassign/", desk_giving.referral_reassign, name="referral_reassign"),
    path(f"{REQUEST}cover/", desk_giving.referral_cover, name="referral_cover"),
    path(f"{REQUEST}decline/", desk_ending.referral_decline, name="referral_decline"),
    path(f"{REQUEST}close-not-started/", desk_ending.referral_close_not_started, name="referral_close_not_started"),
    path(f"{REQUEST}reinstate/", desk_ending.referral_reinstate, name="referral_reinstate"),
]
