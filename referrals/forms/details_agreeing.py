"""Parental agreement: who agreed, when, how and where it is kept; and that it was withdrawn (R11)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from referrals.choices import AgreementHow
from referrals.forms import fields
from referrals.forms.details_asking import KEPT
from referrals.forms.drafts import DATE_HINT
from referrals.forms.fields import TextField
from referrals.forms.pages import PageForm
from referrals.models import Referral
from referrals.rules import agreements as rules
from referrals.rules.answers import Problem
from s2s_portal.core.forms import DatePartsField, styled


class _AgreementForm(PageForm):
    """What is told about the agreement of one request, on the London day `today`."""

    complete = True

    def __init__(self, data: Mapping[str, Any] | None = None, *, referral: Referral, today: date) -> None:
        self.referral, self.today = referral, today
        super().__init__(data)


class RecordAgreementForm(_AgreementForm):
    """Who agreed; the questions are those of a draft."""

    submit_label: ClassVar[str] = "Record the agreement"

    agreement_by = fields.line("agreement_by", "Who agreed?", name="who agreed", hint="For example, the child’s mother")
    agreement_on = fields.day("When did they agree?", name="date they agreed", hint=DATE_HINT)
    agreement_how = fields.one_of(AgreementHow, "How did they agree?", name="how they agreed")
    agreement_held = fields.line(
        "agreement_held",
        "Where is the agreement kept?",
        name="where the agreement is kept",
        hint="For example, the child’s file",
    )

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[Problem]:
        """What the rules say of an agreement that is given."""
        return rules.recording_problems(cleaned, stream=self.referral.stream, today=self.today)


class WithdrawAgreementForm(_AgreementForm):
    """When it was withdrawn."""

    submit_label: ClassVar[str] = "Record that it was withdrawn"

    on: DatePartsField = fields.day("When did they withdraw it?", name="date they withdrew it", hint=DATE_HINT)
    note = styled(
        TextField(label="Anything to add", required=False, max_length=500, help_text=KEPT),
        rows=3,
        size="s",
    )

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[Problem]:
        """What the rules say of the day."""
        return rules.withdrawal_problems(cleaned.get("on"), agreed_on=self.referral.agreement_on, today=self.today)
