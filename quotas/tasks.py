"""Background work of the quotas."""

from datetime import timedelta

from quotas import queries
from quotas.actions import alerts
from s2s_portal.jobs.registry import Run, job


@job("watch_quotas", every=timedelta(seconds=60), label="Tell people that a quota is nearly used or full")
def watch_quotas(run: Run) -> str:
    """Look at each quota of the period that counts; says which thresholds people were told of, if any."""
    told = {str(quota): alerts.watch(quota=quota, at=run.at) for quota in queries.quotas_at(run.at)}
    return ", ".join(f"{name}: {threshold} %" for name, threshold in told.items() if threshold)
