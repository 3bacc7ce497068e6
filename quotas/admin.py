"""Contracts, periods and fees as Repairs shows them."""

from django.contrib.admin import register

from quotas.models import Contract, DatesChange, FeeRule, Period
from s2s_portal.organisations.admin import LookAdmin, repairs_site


@register(Contract, site=repairs_site)
class ContractAdmin(LookAdmin):
    title = "Contracts"
    about = "Their dates, and who set them up."
    list_display = ("name", "provider", "starts_on", "ends_on")
    shown = (
        *("name", "provider", "starts_on", "ends_on", "run_off_ends_on", "successor_name", "unit", "referrers"),
        *("set_by", "set_at"),
    )
    search_fields = ("name", "provider")
    ordering = ("-starts_on",)


@register(Period, site=repairs_site)
class PeriodAdmin(LookAdmin):
    title = "Periods"
    about = "When requests open and close, and when delivery ends."
    list_display = ("name", "contract", "opens_on", "requests_close_on")
    shown = (
        *("name", "contract", "opens_on", "requests_close_on", "allocation_deadline_on", "delivery_ends_on"),
        *("set_by", "set_at"),
    )
    search_fields = ("name",)
    ordering = ("-opens_on",)
    list_select_related = ("contract",)


@register(DatesChange, site=repairs_site)
class DatesChangeAdmin(LookAdmin):
    title = "Dates that were moved"
    about = "Of contracts and periods: who moved them, when and why."
    list_display = ("contract", "period", "by", "at")
    shown = ("contract", "period", "was", "now", "reason", "by", "at")
    search_fields = ("reason",)
    ordering = ("-at",)
    list_select_related = ("contract", "period", "by")


@register(FeeRule, site=repairs_site)
class FeeRuleAdmin(LookAdmin):
    title = "Fees"
    about = "What a request costs from a day on, in pence."
    list_display = ("stream", "starts_on", "basis", "pence")
    shown = ("stream", "starts_on", "basis", "pence", "set_by", "set_at", "reason")
    search_fields = ("reason",)
    list_filter = ("stream",)
    ordering = ("-starts_on",)
