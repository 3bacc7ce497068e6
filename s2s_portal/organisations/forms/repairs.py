"""Why something is repaired."""

from typing import ClassVar

from django import forms

from s2s_portal.core.forms import GovukForm, styled


class AgainForm(GovukForm):
    """Why background work is to be done again."""

    submit_label: ClassVar[str] = "Have it done again"

    reason = styled(
        forms.CharField(label="Why?", max_length=500, help_text="The access log keeps it. Do not name a child."),
        name="the reason",
        size="s",
    )
