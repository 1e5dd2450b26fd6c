"""Saved searches and saved matches, and the digest of what is new in them: in the program, by e-mail, as a feed."""
