"""The racing site: real server processes on this test's database."""

from collections.abc import Iterator

import pytest

from tests.server import Site, collect_static, database_url


@pytest.fixture
def racing_site(transactional_db) -> Iterator[Site]:
    """A site on this test's database, stopped before the database is emptied.

    A server error shows in its log.
    """
    collect_static()
    site = Site(url_of_database=database_url())
    yield site
    site.stop()
