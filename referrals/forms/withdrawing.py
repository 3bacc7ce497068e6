"""Withdrawing a request."""

from typing import ClassVar

from django import forms

from referrals.choices import WithdrawReason
from referrals.forms.fields import TextField
from s2s_portal.core.forms import GovukForm, styled


class WithdrawForm(GovukForm):
    """Why a request is withdrawn."""

    submit_label: ClassVar[str] = "Withdraw this request"

    reason = styled(
        forms.ChoiceField(
            label="Why is this request being withdrawn?", choices=WithdrawReason, widget=forms.RadioSelect
        ),
        name="why this request is being withdrawn",
        size="m",
    )
    note = styled(
        TextField(
            label="Anything to add",
            required=False,
            max_length=500,
            help_text="Kept in the history for those who see the whole case. It is not sent by e-mail.",
        ),
        rows=3,
    )
