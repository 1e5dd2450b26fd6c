"""A made-up race, played through the program on a database of its own, and checked."""
