"""What must survive a crash: alerts, transitions, the outbox; in SQLite."""
