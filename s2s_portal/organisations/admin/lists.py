"""Zones, schools, people, calendar and registers as Repairs shows them."""

from django.contrib.admin import register

from s2s_portal.organisations.admin.looking import LookAdmin, repairs_site
from s2s_portal.organisations.models import (
    BankHoliday,
    Closure,
    EditableText,
    Establishment,
    EstablishmentKind,
    ImportRun,
    Membership,
    ReferenceChange,
    RegisterUpload,
    Term,
    User,
    Zone,
)


@register(Zone, site=repairs_site)
class ZoneAdmin(LookAdmin):
    title = "Zones"
    about = "The names under which schools, settings and advisers are put together."
    list_display = shown = ("name",)
    search_fields = ("name",)
    ordering = ("name",)


@register(EstablishmentKind, site=repairs_site)
class EstablishmentKindAdmin(LookAdmin):
    title = "Kinds of school and setting"
    about = "What each register calls them, and whose places they use."
    list_display = shown = ("name", "source", "eligibility")
    search_fields = ("name",)
    list_filter = ("source", "eligibility")
    ordering = ("name",)


@register(Establishment, site=repairs_site)
class EstablishmentAdmin(LookAdmin):
    title = "Schools and settings"
    about = "As the registers have them, with what the portal keeps beside it."
    list_display = ("display_name", "urn", "source", "status", "zone")
    shown = (
        "name",
        "named_by_hand",
        "source",
        "urn",
        "kind",
        "phase",
        "status",
        "opened_on",
        "closed_on",
        "street",
        "locality",
        "address3",
        "town",
        "county",
        "postcode",
        "easting",
        "northing",
        "telephone",
        "trust",
        "zone",
        "seen_in",
    )
    search_fields = ("name_folded", "urn", "postcode")
    list_filter = ("source", "status", "zone")
    ordering = ("name", "urn")
    list_select_related = ("kind", "zone")


@register(User, site=repairs_site)
class UserAdmin(LookAdmin):
    title = "People"
    about = "Who can sign in, and when they last did. Nobody’s password can be read."
    list_display = ("full_name", "email", "is_active", "last_login")
    shown = ("full_name", "email", "telephone", "is_active", "last_login")
    search_fields = ("full_name", "email")
    list_filter = ("is_active",)
    ordering = ("full_name",)


@register(Membership, site=repairs_site)
class MembershipAdmin(LookAdmin):
    title = "Roles"
    about = "Who holds which role, in which zones, and a teacher’s own school."
    list_display = ("user", "role", "home_school")
    shown = ("user", "role", "zones", "home_school")
    search_fields = ("user__full_name", "user__email")
    list_filter = ("role",)
    ordering = ("user__full_name", "role")
    list_select_related = ("user", "home_school")


@register(Term, site=repairs_site)
class TermAdmin(LookAdmin):
    title = "Terms"
    about = "Stretches of days on which pupils attend."
    list_display = ("name", "starts_on", "ends_on")
    shown = ("name", "starts_on", "ends_on", "support")
    search_fields = ("name",)
    ordering = ("-starts_on",)


@register(BankHoliday, site=repairs_site)
class BankHolidayAdmin(LookAdmin):
    title = "Bank holidays"
    about = "Days on which nobody works."
    list_display = shown = ("name", "day")
    search_fields = ("name",)
    ordering = ("-day",)


@register(Closure, site=repairs_site)
class ClosureAdmin(LookAdmin):
    title = "Closed and training days"
    about = "Of the whole county, or of one school or setting."
    list_display = ("kind", "starts_on", "ends_on", "establishment")
    shown = ("kind", "starts_on", "ends_on", "establishment", "note")
    search_fields = ("establishment__name_folded",)
    list_filter = ("kind",)
    ordering = ("-starts_on",)
    list_select_related = ("establishment", "establishment__kind")


@register(RegisterUpload, site=repairs_site)
class RegisterUploadAdmin(LookAdmin):
    title = "Files of the registers"
    about = "Uploads, from the check to the import. The files themselves are not kept."
    list_display = ("file_name", "source", "state", "at", "by")
    shown = (
        "file_name",
        "source",
        "la",
        "size",
        "sha256",
        "state",
        "by",
        "at",
        "rows_done",
        "reviews",
        "moved",
        "refusal",
        "checked_at",
        "decided_by",
        "decided_at",
        "began_at",
        "finished_at",
        "run",
    )
    search_fields = ("file_name", "sha256")
    list_filter = ("source", "state")
    ordering = ("-at",)
    list_select_related = ("by",)


@register(ImportRun, site=repairs_site)
class ImportRunAdmin(LookAdmin):
    title = "Imports of the registers"
    about = "How far each got."
    list_display = ("source", "file_name", "started_at", "finished_at", "rows_done")
    shown = ("source", "file_name", "file_sha256", "started_at", "finished_at", "rows_done")
    search_fields = ("file_name",)
    list_filter = ("source",)
    ordering = ("-started_at",)


@register(ReferenceChange, site=repairs_site)
class ReferenceChangeAdmin(LookAdmin):
    title = "Changes of lists and zones"
    about = "Who changed what, when and why."
    list_display = ("subject", "what", "was", "now", "by", "at")
    shown = ("kind", "subject", "what", "was", "now", "reason", "by", "at")
    search_fields = ("subject", "reason")
    list_filter = ("kind",)
    ordering = ("-at",)
    list_select_related = ("by",)


@register(EditableText, site=repairs_site)
class EditableTextAdmin(LookAdmin):
    title = "The council’s own texts"
    about = "Each wording, and from when it counts."
    list_display = ("key", "in_force_from", "set_by")
    shown = ("key", "body", "in_force_from", "set_by", "written_at", "reason")
    search_fields = ("key", "body")
    ordering = ("-in_force_from",)
    list_select_related = ("set_by",)
