"""The cache in the database; named in settings (CACHES)."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends import db
from django.db import OperationalError, connections, router

from s2s_portal.core.database import is_busy


class DatabaseCache(db.DatabaseCache):
    """Django's, but a database that is busy raises instead of passing for "somebody else was first".

    The sign-in library would take that for too many tries and send people away who made none.
    """

    def _base_set(self, mode: str, key: str, value: Any, *timeout: Any) -> bool:
        busy: list[OperationalError] = []

        def watch(execute: Callable[..., Any], *statement: Any) -> Any:
            try:
                return execute(*statement)
            except OperationalError as error:
                if is_busy(error):
                    busy.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(watch):
            done = bool(super()._base_set(mode, key, value, *timeout))  # type: ignore[misc]
        if busy:
            raise busy[0]
        return done
