"""The dashboard: the figures of the community as charts, each with its numbers, its day and its words."""
