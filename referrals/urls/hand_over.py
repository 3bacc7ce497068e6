"""Addresses of the hand-over reports."""

from django.urls import path

from referrals.views import hand_over

urlpatterns = [
    path("hand-over/", hand_over.hand_over_list, name="hand_over_list"),
    path("hand-over/<int:contract>/<int:school>/", hand_over.hand_over_report, name="hand_over"),
    path("hand-over/<int:contract>/<int:school>/csv/", hand_over.hand_over_csv, name="hand_over_csv"),
    path("hand-over/<int:contract>/<int:school>/pdf/", hand_over.hand_over_download, name="hand_over_pdf"),
]
