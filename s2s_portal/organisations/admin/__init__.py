"""The page Repairs (Django's admin, to look at), and the lists of this app and of the jobs below it."""

from s2s_portal.organisations.admin import jobs, lists
from s2s_portal.organisations.admin.looking import LookAdmin, repairs_site

__all__ = ["LookAdmin", "jobs", "lists", "repairs_site"]
