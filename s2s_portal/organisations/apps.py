from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "s2s_portal.organisations"
    label = "organisations"
