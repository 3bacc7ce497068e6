"""Addresses of the quotas, their ledgers and their levers."""

from django.urls import path

from quotas.views import ledger, levers, moves

app_name = "quotas"
urlpatterns = [
    path("quotas/", ledger.quota_list, name="quota_list"),
    path("quotas/moves/<uuid:key>/", moves.move_detail, name="move_detail"),
    path("quotas/moves/<uuid:key>/cancel/", moves.move_cancel, name="move_cancel"),
    path("quotas/<slug:stream>/", ledger.quota_detail, name="quota_detail"),
    path("quotas/<slug:stream>/adjust/", levers.quota_adjust, name="quota_adjust"),
    path("quotas/<slug:stream>/move/", moves.quota_move, name="quota_move"),
]
