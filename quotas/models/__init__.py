"""What the council bought, for how long, and what became of each place."""

from quotas.models.alerts import QuotaAlert
from quotas.models.contracts import Contract, DatesChange, FeeRule, Period
from quotas.models.ledger import LedgerEntry, Quota

__all__ = ["Contract", "DatesChange", "FeeRule", "LedgerEntry", "Period", "Quota", "QuotaAlert"]
