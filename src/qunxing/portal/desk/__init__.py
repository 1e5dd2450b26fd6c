"""The desk: what waits for each person, as a page, as a calendar and as reminders by e-mail."""
