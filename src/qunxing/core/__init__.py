"""What every app stands on: text, money, days, states, errors and the parts of the pages."""
