"""Inventory and settings: models, loader, positions, errors, secrets, examples and the JSON schema."""
