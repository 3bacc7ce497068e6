"""Addresses of contracts, their periods and their dates."""

from django.urls import path

from referrals.views import contract_dates, contracts

urlpatterns = [
    path("contracts/", contracts.contract_list, name="contract_list"),
    path("contracts/new/", contracts.contract_new, name="contract_new"),
    path("contracts/<int:pk>/periods/new/", contracts.period_new, name="period_new"),
    path("contracts/<int:pk>/extend/", contract_dates.contract_extend, name="contract_extend"),
    path("contracts/periods/<int:pk>/cut-off/", contract_dates.cut_off_move, name="cut_off_move"),
    path("contracts/changes/<uuid:key>/", contract_dates.dates_changed, name="dates_changed"),
]
