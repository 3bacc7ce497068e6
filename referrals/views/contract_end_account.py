"""The account of a contract's end as a file: a line for each request, without child data."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.choices import Fate, FateReason
from referrals.queries.contract_end_lines import Narrowing, narrowed
from referrals.queries.contract_ends import account_of
from referrals.views.contract_end_words import OUTCOME, PROPOSED, SHORT, done_words
from referrals.views.contract_ends import found_end_or_404
from s2s_portal.core import csv
from s2s_portal.core.calendar import LONDON, london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

HEADINGS = (
    *("Reference", "School or setting", "Stream", "Zone", "Sent on", "Teacher", "Proposed", "Why", OUTCOME),
    *(
        "Decided by",
        "What they said",
        "Adviser’s answer",
        "What was done",
        "Goes on as",
        "To know",
        "Found late",
        "Done at",
    ),
)
AT_A_TIME = 500


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def contract_end_csv(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Every line, and the sum below them."""
    rollover = found_end_or_404(key)
    answer = HttpResponse(csv.for_download(csv.written(_rows(rollover))), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="end-of-contract-{london_date(request.at):%Y-%m-%d}.csv"'
    return answer


def _rows(rollover: Any) -> Iterator[tuple[object, ...]]:
    yield HEADINGS
    for line in narrowed(rollover, Narrowing()).iterator(chunk_size=AT_A_TIME):
        yield _row(line)
    yield ("", account_of(rollover).in_words)


def _row(line: Any) -> tuple[object, ...]:
    one = line.referral
    return (
        one.reference,
        one.establishment.display_name,
        one.get_stream_display(),
        one.zone.name,
        london_date(one.submitted_at).isoformat(),
        one.teacher or "",
        PROPOSED[Fate(line.proposed)],
        FateReason(line.reason).label,
        SHORT[Fate(line.fate)],
        line.decided_by or "",
        line.note,
        SHORT[Fate(line.wish)] if line.wish else "",
        done_words(line),
        line.successor.reference if line.successor and line.outcome == Fate.MOVE else "",
        line.problem,
        "yes" if line.late else "",
        f"{line.done_at.astimezone(LONDON):%Y-%m-%d %H:%M}" if line.done_at else "",
    )
