"""A finalised record of visit as a PDF: tagged, with its reference and version; the child is named inside only."""

from collections.abc import Sequence
from datetime import datetime

from referrals.documents.answers import Answer
from referrals.documents.records import RecordContent
from referrals.models import Addendum, VisitRecord
from s2s_portal.core import pdf, spoken

AUTHOR = "School to School support"
CONFIDENTIAL = "Confidential"


def record_pdf(
    *, record: VisitRecord, content: RecordContent, about: Sequence[Answer], addenda: Sequence[Addendum]
) -> bytes:
    """The record with everything that was added. Its version is 1, and rises with each addition.

    `about` are the two identifiers of the child (DOMAIN D5). The title, which viewers show, names the reference only.
    """
    made_at: datetime = max([record.at, *(one.at for one in addenda)])
    sections = [
        pdf.Section("Who this is about", rows=tuple((answer.title, answer.text) for answer in about)),
        pdf.Section("The visit", rows=tuple((answer.title, answer.text) for answer in content.visit_rows())),
        _results(content),
        *(pdf.Section(answer.title, paragraphs=(answer.text,)) for answer in content.word_rows()),
        _actions(content),
        _files(content),
        *(_addendum(number, one) for number, one in enumerate(addenda, start=1)),
        pdf.Section("About this record", paragraphs=(f"Finalised by {record.by} on {spoken.moment(record.at)}.",)),
    ]
    return pdf.document(
        pdf.Document(
            title=f"Record of visit {record.reference}",
            subtitle=content.establishment,
            reference=record.reference,
            version=str(1 + len(addenda)),
            author=AUTHOR,
            made_at=made_at,
            sections=tuple(section for section in sections if section is not None),
            footer=CONFIDENTIAL,
        )
    )


def file_name(record: VisitRecord, addenda: Sequence[Addendum]) -> str:
    """What the PDF is called when it is kept: "record-EY-7K4M-2Q-1-v2.pdf"."""
    return f"record-{record.reference.replace('/', '-')}-v{1 + len(addenda)}.pdf"


def _results(content: RecordContent) -> pdf.Section | None:
    if not content.results:
        return None
    rows = tuple((one.text, one.owner, one.agreed_in, one.stands, one.why) for one in content.results)
    header = ("Action", "Who", "Agreed in", "Stands", "Why")
    return pdf.Section("What was agreed before", table=pdf.Table(header, rows, (3, 2, 2, 1, 2)))


def _actions(content: RecordContent) -> pdf.Section:
    if not content.actions:
        return pdf.Section("Agreed actions", paragraphs=("None.",))
    rows = tuple((one.text, one.owner, one.due) for one in content.actions)
    return pdf.Section("Agreed actions", table=pdf.Table(("Action", "Who", "By"), rows, (3, 2, 1)))


def _files(content: RecordContent) -> pdf.Section | None:
    names = tuple(file.name for file in content.files)
    return pdf.Section("Files that belong to it", points=names) if names else None


def _addendum(number: int, one: Addendum) -> pdf.Section:
    return pdf.Section(f"Addition {number}, {spoken.moment(one.at)}, {one.by}", paragraphs=(one.text,))
