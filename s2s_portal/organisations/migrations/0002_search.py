"""Trigram indexes for the establishment search, on PostgreSQL; SQLite scans its few thousand rows.

Written as SQL because a GinIndex of the model would become a plain index on SQLite.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "organisations_establishment"
AT_ONCE = "WITH (fastupdate = off)"
"""A list of pending rows would be read by every search, and registers change a few times a year."""
ADD = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX organisations_est_name_trgm ON {TABLE} USING gin (name_folded gin_trgm_ops) {AT_ONCE}",
    f"CREATE INDEX organisations_est_town_trgm ON {TABLE} USING gin (town_folded gin_trgm_ops) {AT_ONCE}",
    f"CREATE INDEX organisations_est_postcode_like ON {TABLE} (postcode varchar_pattern_ops)",
]
REMOVE = [
    "DROP INDEX organisations_est_name_trgm",
    "DROP INDEX organisations_est_town_trgm",
    "DROP INDEX organisations_est_postcode_like",
]


def on_postgresql(statements: list[str]):
    def run(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            for statement in statements:
                editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(REMOVE))]
