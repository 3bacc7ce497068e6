from importlib import import_module

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    label = "referrals"

    def ready(self) -> None:
        """Say what changes of the school calendar do to visits and deadlines; the tables are there only now."""
        effects = import_module("s2s_portal.organisations.queries.effects")
        ours = import_module("referrals.queries.calendar_effects")
        effects.watch(effects.Watch(ours.look, ours.told))
