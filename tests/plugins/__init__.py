"""Pytest plugins that must be loaded before Django's settings are read."""
