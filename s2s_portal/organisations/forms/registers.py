"""A file of a register, and whose rows of it are wanted."""

import uuid
from typing import Any, ClassVar

from django import forms

from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.queries.registers import last_authority

MOST_BYTES = 20 * 1024 * 1024
TOO_LARGE = (
    "The file is larger than 20 MB. Download only your authority’s part of the register, or have it imported with the "
    "commands import_gias and import_ofsted."
)


class UploadForm(GovukForm):
    """One file; which register it is of is judged by its content."""

    submit_label: ClassVar[str] = "Upload and check"

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = styled(
        forms.FileField(
            label="File of a register",
            allow_empty_file=True,
            max_length=1000,
            help_text="The CSV of Get Information about Schools or of Ofsted’s childcare register, as downloaded, at "
            "most 20 MB. Do not open it in Excel first.",
        ),
        size="s",
        name="a file",
    )
    la = styled(
        forms.CharField(
            label="Only this local authority",
            required=False,
            max_length=100,
            help_text="Its code or name, such as 926 or Norfolk. Leave it empty only if the file has no others.",
        ),
        width=20,
        name="the local authority",
    )

    @classmethod
    def fresh(cls) -> "UploadForm":
        """An empty form with a key of its own, for the same authority as last time."""
        return cls(initial={"key": uuid.uuid4(), "la": last_authority()})

    def clean_file(self) -> Any:
        """The file, unless it is larger than is ever read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
