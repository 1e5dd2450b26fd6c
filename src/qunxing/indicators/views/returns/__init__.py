"""Pages of quarterly returns."""
