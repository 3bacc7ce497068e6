from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "s2s_portal.notifications"
    label = "notifications"
