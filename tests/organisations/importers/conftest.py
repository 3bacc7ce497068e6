"""What the importers' tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.organisations.importers import files


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Saves text as a file of its own: `save(text, name="gias.csv", encoding="utf-8")` returns the path."""
    return files.saver(tmp_path)
