"""The archive of a challenge: everything of it in one zip that is checked with no database."""
