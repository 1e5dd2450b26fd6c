"""Reads of figures and claims."""
