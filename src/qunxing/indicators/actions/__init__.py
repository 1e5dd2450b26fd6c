"""Writes of figures, claims and returns."""
