"""What the shipped rules mean and what to do, in German: a module for each of the catalogue, read by ``steps``."""
