"""What ``check`` says of partners whose use of the links nobody could measure."""

from __future__ import annotations

from collections.abc import Iterator

from agent.risk.usage.partners import place
from agent.risk.usage.transit import links_of
from config.errors import Problem
from config.inventory import Inventory, Link, Partner
from config.loader import Loaded


def renting_remarks(loaded: Loaded) -> Iterator[Problem]:
    """Yield a remark for each partner whose usage will never be known."""
    for name, partner in loaded.inventory.partners.items():
        why = _unmeasured(loaded.inventory, partner)
        if why is not None:
            message, hint = why
            yield loaded.positions.problem(("partners", name), f"what it uses cannot be measured: {message}", hint)


def _unmeasured(inventory: Inventory, partner: Partner) -> tuple[str, str] | None:
    """Return why, and what to do about it."""
    if not partner.links:
        return "it has no links", "name its `links`"
    site = place(inventory, partner)
    if site is None:
        return "its links do not say where it is connected", "name its `site`"
    links = {name: inventory.links[name] for name in partner.links}
    there = links_of(site, links.values())
    if not there:
        return f"none of its links ends at {site}", "name the links that it is connected by"
    blind = [name for name, link in links.items() if link in there and not link.standby and not _has_port(link)]
    if blind:
        return f"no end of {', '.join(blind)} is a port", "write the end as device/port"
    return None


def _has_port(link: Link) -> bool:
    return any(end.device is not None and end.port is not None for end in link.ends)
