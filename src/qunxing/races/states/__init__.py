"""The lives of what a race is made of, as data."""
