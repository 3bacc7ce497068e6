"""Figures as people read them: sentences, definitions, tables and charts of the same data."""
