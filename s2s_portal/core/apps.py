from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "s2s_portal.core"
    label = "core"
