"""How a person gets their messages."""

from typing import ClassVar

from django import forms

from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.notifications.choices import Channel


class PreferenceForm(GovukForm):
    """Three ways in which messages come, and the weekly summary beside them."""

    submit_label: ClassVar[str] = "Save"

    channel = styled(
        forms.ChoiceField(label="How do you want to get your messages?", choices=Channel, widget=forms.RadioSelect),
        size="m",
        name="how you want to get your messages",
        item_hints={
            Channel.AT_ONCE: "As soon as something happens that concerns you.",
            Channel.DIGEST: "At half past seven in the morning, on days when there is something.",
            Channel.PORTAL: "They wait on your page of messages, and Home says how many you have not read.",
        },
    )
    weekly = styled(
        forms.BooleanField(
            label="Send me a summary on the first working day of the week, if there is something", required=False
        ),
        name="the weekly summary",
    )
