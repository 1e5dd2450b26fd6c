"""Forms of figures and claims."""
