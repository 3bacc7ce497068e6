"""The tests. `make test` runs everything; `.venv/bin/python -m pytest tests/…` runs some on SQLite."""
