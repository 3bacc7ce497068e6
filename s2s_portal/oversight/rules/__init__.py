"""Decisions about figures: paces, spreads and shares. Pure."""
