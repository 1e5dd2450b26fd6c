"""Reads of open challenges; each part of the work has a module."""
