from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "s2s_portal.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Say what a change of places would come to; the tables are there only now."""
        import_module("quotas.registry").ask(import_module("s2s_portal.oversight.queries.foresight").foreseen)
