"""Compute, corpora, talent, space, capital, IP and policy: what organisations offer the community."""
