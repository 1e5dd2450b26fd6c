"""Pages of figures and claims."""
