"""Figures: so far those that somebody published, kept as claims with their scope, day, source and wording."""
