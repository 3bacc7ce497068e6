"""Words of the dashboards that stand in addresses or on screens."""

from django.db.models import TextChoices


class Dashboard(TextChoices):
    """The pages; the value stands in the address."""

    QUOTAS = "quotas", "Quotas and pace"
    WAITING = "waiting", "Who is waiting"
    WAITS = "waits", "Waits"
    FLOW = "flow", "Flow"
    STUCK = "stuck", "Stuck requests"
    NEEDS = "needs", "Need and support"
    ZONES = "zones", "Zones"
    OUTCOMES = "outcomes", "Outcomes"
    UNMET = "unmet", "Unmet demand"
    TEAM = "team", "Team load"
    CONTRACT_END = "contract-end", "Contract’s end"


class Aim(TextChoices):
    """The three aims of the service as source 001 states them; the value stands in addresses."""

    PRACTICAL = "practical", "Relevant, practical support"
    EMPOWERING = "empowering", "Empowering all stakeholders"
    SUSTAINABLE = "sustainable", "Effective, sustainable practice"


class Unit(TextChoices):
    """What a column's values are, for pages, charts and files."""

    TEXT = "TEXT", "text"
    COUNT = "COUNT", "count"
    DAYS = "DAYS", "days"
    WEEKS = "WEEKS", "weeks"
    RATE = "RATE", "rate"
    PER_CENT = "PER_CENT", "per cent"
    DAY = "DAY", "day"
    MOMENT = "MOMENT", "moment"


OPEN = "open"
"""Among the statuses of a case list: every one in which S2S has something to do, or waits for an answer."""


class FileFormat(TextChoices):
    """How a table is taken away; the value is the ending of the file and of its address."""

    CSV = "csv", "Table as CSV"
    XLSX = "xlsx", "Table as an Excel workbook"
