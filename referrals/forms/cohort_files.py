"""Giving a list of schools: a file or a pasted text, and what the page of its rows sends back."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from referrals.importers import cohort_files
from referrals.importers.cohort_files import File
from referrals.importers.cohort_rows import Option, Row
from s2s_portal.core.forms import GovukForm, styled

GIVE_ONE = "Choose a file, or paste a list of schools"
ONLY_ONE = "Choose a file or paste a list, not both: empty the box, or do not choose a file"


class ListForm(GovukForm):
    """A file or a pasted list. Valid means that something of it can be kept: `read` has its rows."""

    submit_label: ClassVar[str] = "Read the list"
    mark_optional: ClassVar[bool] = False

    file = styled(
        forms.FileField(
            label="Choose a CSV file",
            required=False,
            allow_empty_file=True,
            help_text="CSV in UTF-8, at most 1 MB, up to 40 schools. Its first line names columns of the template.",
        ),
        size="s",
        name="a file",
    )
    pasted = styled(
        forms.CharField(
            label="Or paste a list",
            required=False,
            strip=False,
            widget=forms.Textarea,
            help_text="One URN or one school’s name on each line, or rows copied from a spreadsheet with their header.",
        ),
        size="s",
        rows=8,
        count=False,
    )

    read: File = File()

    def clean(self) -> dict[str, Any]:
        """Read what was given; a list of which nothing can be kept is refused with its reason."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file, pasted = given.get("file"), given.get("pasted", "")
        if self.errors:
            return given
        if file and pasted.strip():
            self.add_error("pasted", ONLY_ONE)
        elif file is None and not pasted.strip():
            self.add_error("file", GIVE_ONE)
        else:
            self.read = cohort_files.read(_bytes_of(file) if file is not None else pasted)
            self._judge("pasted" if file is None else "file")
        return given

    def _judge(self, name: str) -> None:
        if self.read.problem:
            self.add_error(name, self.read.problem)
        elif not self.read.rows and not self.read.refused:
            self.add_error(name, "It holds only the template’s example: put your own schools into it.")


def _bytes_of(file: UploadedFile) -> bytes:
    """The file's beginning: one byte more than may be read, so that a larger one is known as such."""
    return bytes(file.read(cohort_files.LARGEST + 1))


TICK, PICK, HELD = "row-", "pick-", "held-"
"""How the page of the rows names a row's box, its radios, and, of each row that it shows, the group it was in."""


class Pressed:
    """What came back from the page of the rows. It is compared with the rows as they are now: nothing else counts."""

    def __init__(self, posted: QueryDict | Mapping[str, str]) -> None:
        self._posted = posted

    def option_of(self, row: Row) -> Option | None:
        """What was ticked or picked for this row, if it can still be added just so."""
        return row.options().get(self.sent_for(row))

    def sent_for(self, row: Row) -> str:
        """What was ticked or picked for this row, as its form sent it; "" for nothing."""
        return self._posted.get(f"{TICK}{row.pk}") or self._posted.get(f"{PICK}{row.pk}") or ""

    def moved(self, row: Row) -> bool:
        """Whether something was ticked or picked for this row that can no longer be added just so."""
        return bool(self.sent_for(row)) and self.option_of(row) is None

    def about_others(self, rows: Iterable[Row]) -> bool:
        """Whether something was ticked or picked for rows that are not there any more: the same press again."""
        there = {str(row.pk) for row in rows}
        asked = [name for name, value in self._posted.items() if value and name.startswith((TICK, PICK))]
        return any(name.partition("-")[2] not in there for name in asked)

    def asked_about(self, row: Row) -> bool:
        """Whether the page showed this row with a question, so that an answer left blank was meant."""
        return f"{HELD}{row.pk}" in self._posted

    def group_of(self, row: Row) -> str:
        """The group in which the page showed the row; "" if it did not."""
        return self._posted.get(f"{HELD}{row.pk}", "")
