"""Journeys: a person, a real Chromium and the real site; every page they touch is checked with axe."""
