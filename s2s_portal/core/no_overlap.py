"""Stretches of time that may not overlap for one owner: the database itself refuses them, on PostgreSQL and SQLite."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap
EXCLUDE USING gist ({owner} WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (live);
"""
_SQLITE = """
CREATE TRIGGER {table}_no_overlap_{when} BEFORE {event} ON {table} WHEN NEW.live
BEGIN
  SELECT RAISE(ABORT, '{table}_no_overlap') WHERE EXISTS (
    SELECT 1 FROM {table} AS other WHERE other.{owner} = NEW.{owner} AND other.live AND other.id IS NOT NEW.id
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
  );
END;
"""
_EVENTS = {"insert": "INSERT", "update": "UPDATE"}


def no_overlap(table: str, *, owner: str) -> RunPython:
    """A migration operation after which two `live` rows of one `owner` (a column) cannot overlap; touching is allowed.

    The table has `starts_at`, `ends_at` and `live`. PostgreSQL needs the extension btree_gist, which a database's owner
    may create. SQLite drops triggers when a later migration rebuilds the table: repeat the operation in that migration.
    """

    def add(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL.format(table=table, owner=owner), params=None)
            return
        for when, event in _EVENTS.items():
            editor.execute(_SQLITE.format(table=table, owner=owner, when=when, event=event), params=None)

    def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_no_overlap;")
            return
        for when in _EVENTS:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_overlap_{when};")

    return RunPython(add, remove)
