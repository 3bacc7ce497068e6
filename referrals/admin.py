"""Lists and standards as Repairs shows them. Nothing about a request is among them: administrators see no child."""

from django.contrib.admin import register

from referrals.models import IndesSection, NeedType, ServiceStandards
from s2s_portal.organisations.admin import LookAdmin, repairs_site


@register(NeedType, site=repairs_site)
class NeedTypeAdmin(LookAdmin):
    title = "Types of need"
    about = "Each with the days between which it can be chosen."
    list_display = shown = ("label", "code", "valid_from", "valid_to")
    search_fields = ("label", "code")
    ordering = ("code", "valid_from")


@register(IndesSection, site=repairs_site)
class IndesSectionAdmin(LookAdmin):
    title = "Sections of INDES"
    about = "Each with its scale, and the days between which it can be chosen."
    list_display = shown = ("title", "version", "number", "top_level", "valid_from", "valid_to")
    search_fields = ("title", "version")
    ordering = ("version", "number", "valid_from")


@register(ServiceStandards, site=repairs_site)
class ServiceStandardsAdmin(LookAdmin):
    title = "Standards and caps of visits"
    about = "Each set, and from when it counts unless it was taken back before."
    list_display = ("in_force_from", "set_by", "reason")
    shown = (
        *("in_force_from", "contact_working_days", "observation_weeks", "record_working_days", "review_weeks"),
        *("usual_visits", "most_visits", "road_percent", "km_per_hour", "reason", "set_by", "set_at"),
    )
    search_fields = ("reason",)
    ordering = ("-in_force_from",)
    list_select_related = ("set_by",)
