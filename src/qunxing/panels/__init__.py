"""Panels of experts: who may sit, who is drawn, what they score and what comes of it."""
