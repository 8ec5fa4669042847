"""The course of a room's temperature: what is remembered of a sensor, what is usual, what is said."""
