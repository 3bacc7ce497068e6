"""A table on its way to the person who asked for it. Whoever sends one has recorded it first."""

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from s2s_portal.core import files
from s2s_portal.oversight.choices import FileFormat
from s2s_portal.oversight.documents.sheets import Sheet
from s2s_portal.oversight.exports.lines import csv_pieces
from s2s_portal.oversight.exports.workbooks import workbook


def as_file(sheet: Sheet, name: str, ending: str) -> HttpResponseBase:
    """The sheet as a download called `name` and its ending: a CSV is made while it is sent, a workbook before."""
    if ending == FileFormat.XLSX:
        return files.download(f"{name}.{ending}", files.KINDS[ending], workbook(sheet))
    answer = StreamingHttpResponse(csv_pieces(sheet), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
