"""From findings to people: the life of an alert, who is told when, and delivery that survives a crash."""
