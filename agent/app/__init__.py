"""Composition root: the only rooms that know collectors, engine and exporters together; only the cli imports them."""
