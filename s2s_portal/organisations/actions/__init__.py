"""Writes of the organisations app."""
