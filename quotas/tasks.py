"""Background work of the quotas."""

from datetime import time, timedelta

from quotas import queries
from quotas.actions import alerts
from s2s_portal.jobs.registry import Run, job


@job("watch_quotas", every=timedelta(seconds=60), label="Tell people that a quota is nearly used or full")
def watch_quotas(run: Run) -> str:
    """Look at each quota of the period that counts; says which thresholds people were told of, if any."""
    told = {str(quota): alerts.watch(quota=quota, at=run.at) for quota in queries.quotas_at(run.at)}
    return _in_words(told)


@job("watch_quotas_daily", daily=time(23, 55), newest_only=True, label="Look at every quota at the end of the day")
def watch_quotas_daily(run: Run) -> str:
    """The same at the end of each day, so that no day that the practice date passes over is left out."""
    return watch_quotas(run)


def _in_words(told: dict[str, int]) -> str:
    return ", ".join(f"{name}: {threshold} %" for name, threshold in told.items() if threshold)
