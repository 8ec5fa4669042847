"""Rooms: their sensors, what is believed of them, limits, coverage."""
