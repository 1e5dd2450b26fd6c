"""Reads of races."""
