"""Writes of the demo: its own story, and its practice date."""
