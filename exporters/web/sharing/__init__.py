"""Several municipalities in one inventory: who sees what of it."""
