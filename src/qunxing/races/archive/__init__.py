"""The archive of a race: everything of it in one zip that is checked with no database."""
