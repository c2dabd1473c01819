"""What happened: event log, outcomes, causes, chronicle."""
