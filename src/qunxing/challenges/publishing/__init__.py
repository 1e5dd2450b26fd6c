"""A list as it is published: the frozen content, its page, its document, its open data."""
