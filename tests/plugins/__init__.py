"""Pytest plugins that must be loaded before Django's settings are read."""

#: The environment variable that names the directory in which several runs of pytest share a migrated database.
TEMPLATES = "S2S_TEST_TEMPLATES"
