"""Addresses of the quotas and their ledgers."""

from django.urls import path

from quotas import views

app_name = "quotas"
urlpatterns = [
    path("quotas/", views.quota_list, name="quota_list"),
    path("quotas/<slug:stream>/", views.quota_detail, name="quota_detail"),
]
