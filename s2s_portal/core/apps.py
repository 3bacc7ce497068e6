from django.apps import AppConfig
from django.urls import register_converter

from s2s_portal.core.converters import ReferenceConverter


class CoreConfig(AppConfig):
    name = "s2s_portal.core"
    label = "core"

    def ready(self) -> None:
        """Let addresses hold references: `<ref:reference>`."""
        register_converter(ReferenceConverter, "ref")
