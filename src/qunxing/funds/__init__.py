"""Funds and their parents, mandates and commitments; rounds of financing and investments."""
