"""What ``check`` says of partners whose use of the links nobody could measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.risk.usage.partners import place
from agent.risk.usage.rates import MAX_GAP_SECONDS
from agent.risk.usage.transit import links_of
from config.errors import Problem
from config.handbook import human_duration
from config.inventory import Link, Partner
from config.loader import Loaded


def renting_remarks(loaded: Loaded) -> Iterator[Problem]:
    """Yield a remark for each partner whose usage will never be known."""
    for name, partner in loaded.inventory.partners.items():
        why = _unmeasured(loaded, partner)
        if why is not None:
            message, hint = why
            yield loaded.positions.problem(("partners", name), f"what it uses cannot be measured: {message}", hint)


def _unmeasured(loaded: Loaded, partner: Partner) -> tuple[str, str] | None:
    """Return why, and what to do about it."""
    inventory = loaded.inventory
    if not partner.links:
        return "it has no links", "name its `links`"
    site = place(inventory, partner)
    if site is None:
        return "its links do not say where it is connected", "name its `site`"
    there = links_of(site, (inventory.links[name] for name in partner.links))
    if not there:
        return f"none of its links ends at {site}", "name the links that it is connected by"
    in_use = {
        name: _counting(link) for name in partner.links if (link := inventory.links[name]) in there if not link.standby
    }
    blind = [name for name, devices in in_use.items() if not devices]
    if blind:
        return f"no end of {', '.join(blind)} is a port", "write the end as device/port"
    slow = [name for name, devices in in_use.items() if all(_is_slow(loaded, device) for device in devices)]
    if slow:
        most = human_duration(MAX_GAP_SECONDS)
        return f"no end of {', '.join(slow)} is read more often than each {most}", f"an `interval` of less than {most}"
    return None


def _counting(link: Link) -> Sequence[str]:
    """Return the devices at whose ports what flows over the link is counted."""
    return [end.device for end in link.ends if end.device is not None and end.port is not None]


def _is_slow(loaded: Loaded, device: str) -> bool:
    """Whether so much time lies between two readings that nobody knows when the octets flowed."""
    interval = loaded.inventory.devices[device].interval or loaded.settings.defaults.interval
    return interval >= MAX_GAP_SECONDS
