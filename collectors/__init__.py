"""One folder a kind of source; ``registry`` has one line for each."""
