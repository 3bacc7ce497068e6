"""Tables that only grow: the database itself refuses to change their rows, on PostgreSQL and on SQLite."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME; END $$;
DROP TRIGGER IF EXISTS {table}_append_only ON {table};
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_update();
"""
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are append-only'); END;
"""


def append_only(table: str) -> RunPython:
    """A migration operation after which an UPDATE of `table` fails, whoever sends it.

    SQLite drops triggers when a later migration rebuilds the table: repeat the operation in that migration.
    """

    def add(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        statement = _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE
        editor.execute(statement.format(table=table), params=None)  # the % is PostgreSQL's, not a parameter

    def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only{on};")

    return RunPython(add, remove)
