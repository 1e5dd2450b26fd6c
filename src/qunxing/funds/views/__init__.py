"""The pages of funds and rounds."""
