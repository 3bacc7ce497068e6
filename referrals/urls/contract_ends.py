"""Addresses of contracts' ends, and of the run-off."""

from django.urls import path

from referrals.views import (
    contract_end_account,
    contract_end_answers,
    contract_end_lines,
    contract_end_steps,
    contract_ends,
    run_off,
)

ONE = "contract-ends/<uuid:key>/"
LINE = f"{ONE}requests/<int:pk>/"
urlpatterns = [
    path("contract-ends/", contract_ends.contract_end_list, name="contract_end_list"),
    path("contract-ends/begin/<int:pk>/", contract_ends.contract_end_begin, name="contract_end_begin"),
    path(ONE, contract_ends.contract_end, name="contract_end"),
    path(f"{ONE}progress/", contract_ends.contract_end_progress, name="contract_end_progress"),
    path(f"{ONE}look-again/", contract_end_steps.contract_end_look_again, name="contract_end_look_again"),
    path(f"{ONE}requests/", contract_end_lines.contract_end_lines, name="contract_end_lines"),
    path(LINE, contract_end_lines.contract_end_line, name="contract_end_line"),
    path(f"{LINE}undo/", contract_end_lines.contract_end_line_undo, name="contract_end_line_undo"),
    path(f"{ONE}groups/<str:reason>/", contract_end_lines.contract_end_group, name="contract_end_group"),
    path(f"{ONE}propose/", contract_end_steps.contract_end_propose, name="contract_end_propose"),
    path(f"{ONE}approve/", contract_end_steps.contract_end_approve, name="contract_end_approve"),
    path(f"{ONE}take-back/", contract_end_steps.contract_end_take_back, name="contract_end_take_back"),
    path(f"{ONE}undo/", contract_end_steps.contract_end_undo, name="contract_end_undo"),
    path(f"{ONE}account.csv", contract_end_account.contract_end_csv, name="contract_end_csv"),
    path(
        "requests/<ref:reference>/contract-end/",
        contract_end_answers.contract_end_answer,
        name="contract_end_answer",
    ),
    path("run-off/", run_off.run_off, name="run_off"),
]
