"""Addresses of outcomes and records of visits."""

from django.urls import URLPattern, path

from referrals.views import recording, recording_files, recording_outcome, recording_records

urlpatterns: list[URLPattern] = [
    path("visits/<uuid:key>/outcome/", recording_outcome.visit_outcome, name="visit_outcome"),
    path("visits/<uuid:key>/record/", recording.record_write, name="record_write"),
    path("visits/<uuid:key>/record/save/", recording.record_save, name="record_save"),
    path("visits/<uuid:key>/record/check/", recording.record_check, name="record_check"),
    path("visits/<uuid:key>/record/finalise/", recording.record_finalise, name="record_finalise"),
    path("visits/<uuid:key>/record/attach/", recording_files.record_attach, name="record_attach"),
    path("files/<uuid:key>/", recording_files.file_download, name="file_download"),
    path("files/<uuid:key>/remove/", recording_files.file_remove, name="file_remove"),
    path("requests/<ref:reference>/records/<int:number>/", recording_records.record_detail, name="record_detail"),
    path("requests/<ref:reference>/records/<int:number>/add/", recording_records.record_add, name="record_add"),
    path(
        "requests/<ref:reference>/records/<int:number>/record.pdf",
        recording_records.record_download,
        name="record_download",
    ),
    path(
        "requests/<ref:reference>/records/<int:number>/retract/",
        recording_records.record_retract,
        name="record_retract",
    ),
]
