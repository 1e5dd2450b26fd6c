"""The lives of what an open challenge is made of, as data: one module for each."""
