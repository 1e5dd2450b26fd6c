"""A made-up season of open challenges, played through the program on a database of its own, and checked."""
