"""Organisations: their names, identifiers, residency, products, contacts, links and members."""
