"""What providers owe, and what they delivered."""
