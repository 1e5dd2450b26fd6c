"""The forms of races."""
