"""Matching on plain data: conditions, relevance, order, reasons. Knows no Django."""
