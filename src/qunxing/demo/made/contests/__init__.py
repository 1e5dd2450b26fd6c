"""Made-up open challenges in each of their stages: firms, experts, scores and money are invented."""
