"""Reads of quarterly returns."""
