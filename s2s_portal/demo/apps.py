from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "s2s_portal.demo"
    label = "demo"
