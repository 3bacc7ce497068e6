"""Writes of the quotas app."""
