"""Withdrawing a request, or taking it off the waiting list."""

from typing import ClassVar

from django import forms

from referrals.choices import WithdrawReason
from referrals.forms.fields import TextField
from s2s_portal.core.forms import GovukForm, styled


def _why(what_happens: str) -> forms.ChoiceField:
    question = forms.ChoiceField(
        label=f"Why is this request {what_happens}?", choices=WithdrawReason, widget=forms.RadioSelect
    )
    return styled(question, name=f"why this request is {what_happens}", size="m")


class WithdrawForm(GovukForm):
    """Why a request is withdrawn."""

    submit_label: ClassVar[str] = "Withdraw this request"
    submit_kind: ClassVar[str] = "warning"

    reason = _why("being withdrawn")
    note = styled(
        TextField(
            label="Anything to add",
            required=False,
            max_length=500,
            help_text="Kept in the history for those who see the whole case. It is not sent by e-mail.",
        ),
        rows=3,
    )


class LeaveForm(WithdrawForm):
    """Why a request leaves the waiting list. `leaving` comes back with it: the person read that it holds no place."""

    submit_label: ClassVar[str] = "Leave the waiting list"

    reason = _why("leaving the waiting list")
    leaving = forms.CharField(initial="yes", required=False, widget=forms.HiddenInput)
