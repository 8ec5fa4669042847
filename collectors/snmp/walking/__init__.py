"""Reading tables and instances in as few packets as a device can answer, to an end whatever it answers."""
