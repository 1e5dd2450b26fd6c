"""The forms of open challenges."""
