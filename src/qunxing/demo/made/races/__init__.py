"""Made-up races: from a challenge, open to all, and one that is over; teams, answers and scores are invented."""
