"""One radio hop: both ends together, link budget, propagation, diagnosis. Pure; knows no vendor."""
