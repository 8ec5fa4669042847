"""Equipment of class rooms and meeting rooms: what belongs together, what each thing says, and what took it along."""
