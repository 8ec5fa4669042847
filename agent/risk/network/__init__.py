"""The network as declared and as it is: states, ways, rings, and what one more failure would do. Pure."""
