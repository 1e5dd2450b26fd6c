"""The parts of a season, each through the very actions that the pages use."""
