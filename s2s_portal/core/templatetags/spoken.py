"""Words for templates."""

from django import template

from s2s_portal.core import spoken

register = template.Library()
register.simple_tag(spoken.signed, name="signed")
register.filter("dialled", spoken.dialled)
