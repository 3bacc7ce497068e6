"""Parts of addresses that are more than text."""

from django.urls.converters import StringConverter

from s2s_portal.core import references


class ReferenceConverter(StringConverter):
    """A reference such as `EY-7K4M-2Q`; whatever cannot be one never reaches a view."""

    regex = references.PATTERN
