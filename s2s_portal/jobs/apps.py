from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "s2s_portal.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Let every app declare its jobs: they are in its `tasks`, which nothing else needs to import."""
        autodiscover_modules("tasks")
