"""The engine of figures: plain arrays in, figures out; it asks no database."""
