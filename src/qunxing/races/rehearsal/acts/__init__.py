"""The parts of a race's story."""
