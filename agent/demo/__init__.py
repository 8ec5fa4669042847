"""A simulated county on loopback, over the real protocols: what ``ringwacht demo`` watches."""
