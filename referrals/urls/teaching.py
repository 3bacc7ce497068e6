"""Addresses of a teacher's day, caseload and calendar."""

from django.urls import path

from referrals.views import teaching, teaching_calendar

urlpatterns = [
    path("day/", teaching.my_day, name="my_day"),
    path("day/sheet/", teaching.day_sheet, name="day_sheet"),
    path("caseload/", teaching.my_caseload, name="my_caseload"),
    path("caseload/<int:teacher>/", teaching.teacher_caseload, name="teacher_caseload"),
    path("visits/", teaching_calendar.visits_week, name="visits_week"),
    path("visits/month/", teaching_calendar.visits_month, name="visits_month"),
]
