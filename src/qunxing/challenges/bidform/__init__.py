"""The form of a bid: its cells, what was typed into them, and two people's writing brought together."""
