"""Registers of schools and settings, read from the files that their publishers offer."""
