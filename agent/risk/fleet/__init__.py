"""Arithmetic of fleets: stock against plan, ages, replacement, what their management says of them. Pure."""
