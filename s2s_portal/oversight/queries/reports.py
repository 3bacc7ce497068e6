"""Reports that were issued."""

from django.db.models import QuerySet

from s2s_portal.oversight.models import IssuedReport


def issued() -> QuerySet[IssuedReport]:
    """All reports, the last issued in front, without their content."""
    return IssuedReport.objects.select_related("period__contract", "by").defer("content").order_by("-at", "-pk")


def find(pk: int) -> IssuedReport | None:
    """One report with its content; None if there is no such."""
    return IssuedReport.objects.filter(pk=pk).first()
