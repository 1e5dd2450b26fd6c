"""Pages that every ledger shares: sources and evidence, jobs, the log, the calendar."""
