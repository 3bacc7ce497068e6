"""Addresses of the dashboards."""

from django.urls import path

from s2s_portal.oversight.views import case_list, dashboards, drilling, files, reports

app_name = "oversight"
urlpatterns = [
    path("dashboards/", dashboards.overview, name="overview"),
    path("dashboards/case-list/", case_list.case_list, name="case_list"),
    path("dashboards/reports/", reports.report_list, name="report_list"),
    path("dashboards/reports/<int:pk>.pdf", reports.report_file, name="report_file"),
    path("dashboards/<slug:slug>/", dashboards.dashboard, name="dashboard"),
    path("dashboards/<slug:slug>/<slug:figure>/<slug:line>/", drilling.requests, name="requests"),
    path("dashboards/<slug:slug>/<slug:figure>.<slug:ending>", files.figure_file, name="figure_file"),
    path("dashboards/<slug:slug>/<slug:figure>/<slug:line>.<slug:ending>", files.requests_file, name="requests_file"),
]
