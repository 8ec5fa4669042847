"""What ``ringwacht check`` counts."""

from __future__ import annotations

from config.inventory import Inventory

_COUNTED = ("sites", "rings", "devices", "links", "rooms", "services", "contracts", "deadlines", "fleets")


def count_sections(inventory: Inventory) -> dict[str, int]:
    """Return how many entries the sections have that are not empty; sites, devices, links and services always."""
    counts = {name: len(getattr(inventory, name)) for name in _COUNTED}
    always = {"sites", "devices", "links", "services"}
    return {name: count for name, count in counts.items() if count or name in always}
