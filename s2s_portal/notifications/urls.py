"""Addresses of messages."""

from django.urls import path, re_path

from s2s_portal.notifications.views import failed, gallery, mine

app_name = "notifications"

PK = r"(?P<pk>[0-9]{1,15})/"

urlpatterns = [
    path("messages/", mine.message_list, name="message_list"),
    path("messages/read/", mine.messages_read, name="messages_read"),
    path("messages/choice/", mine.message_choice, name="message_choice"),
    re_path(rf"^messages/{PK}$", mine.message_detail, name="message_detail"),
    path("messages/failed/", failed.failed_list, name="failed_list"),
    re_path(rf"^messages/failed/{PK}again/$", failed.failed_again, name="failed_again"),
    path("messages/kinds/", gallery.kind_list, name="kind_list"),
    path("messages/kinds/<slug:kind>/", gallery.kind_detail, name="kind_detail"),
    path("messages/kinds/<slug:kind>/html/", gallery.kind_html, name="kind_html"),
]
