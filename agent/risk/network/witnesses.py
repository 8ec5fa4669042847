"""What each end of a declared link, and its probe, say of it. A radio's own state outranks its Ethernet port's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent import neutral
from agent.contract import Series, Subject
from agent.risk.network.wishes import probes_of
from agent.risk.ports import ADMIN_STATUS, OPER_STATUS, find_port
from agent.risk.reachability import confirmed_down
from agent.risk.sight import Sight
from config.inventory import End, Link

Says = Literal["up", "down", "off", "blocked", "unsaid", "unknown", "missing"]

# ifAdminStatus, ifOperStatus (IF-MIB, RFC 2863)
_UP = 1
_UNKNOWN = 4
_DORMANT = 5

# Who has fallen silent, or is no longer there, may have been the one that said "down".
DARK: frozenset[Says] = frozenset({"unknown", "missing"})


@dataclass(frozen=True, slots=True)
class Witness:
    """What one end, or the probe, says of the link.

    ``off``: switched off on purpose. ``blocked``: it waits to be used, as a ring's protection link does. ``unsaid``:
    the device does not know. ``unknown``: the device is silent or not read yet. ``missing``: it has no such port.
    """

    place: str
    says: Says
    source: Literal["radio", "port", "probe"] = "port"

    def text(self, sight: Sight) -> str:
        """Return it in words."""
        if self.source == "probe":
            return sight.words.say(f"probe_{self.says}")
        return sight.words.say(f"end_{self.says}", end=self.place, source=sight.words.say(self.source))


def witnesses(sight: Sight, name: str, link: Link) -> tuple[Witness, ...]:
    """Return what is said of a link; empty where nothing could ever say anything: no probe and no end with a port."""
    return (*_probe(sight, name), *_ends(sight, link))


def _probe(sight: Sight, name: str) -> Iterator[Witness]:
    for job in probes_of(sight, name):
        if job.up is True:
            yield Witness(name, "up", "probe")
        else:
            yield Witness(name, "down" if confirmed_down(job) else "unknown", "probe")


def _ends(sight: Sight, link: Link) -> Iterator[Witness]:
    for end in link.ends:
        if end.device is not None and end.port is not None:
            yield _end(sight, link, end, Subject("device", end.device), end.port)


def _end(sight: Sight, link: Link, end: End, device: Subject, port: str) -> Witness:
    """Ask only this device: a table of all ports of all devices would cost more than all other rules together."""
    for series in sight.view.series(neutral.RADIO_LINK_UP.name, device):
        if series.labels.get("port") == port:
            spoken: Says = "up" if series.value == 1 else "down"
            return Witness(str(end), _current(sight, device, series, spoken), "radio")
    interfaces = tuple(sight.view.series(OPER_STATUS, device))
    oper = find_port(interfaces, port)
    if oper is None and interfaces and device not in sight.dark:
        return Witness(str(end), "missing")
    if oper is None:
        return Witness(str(end), "unknown")
    said = _of_port(sight, device, port, oper)
    if said == "blocked" and not (link.standby or link.ring is not None):
        said = "unsaid"  # nothing holds it back that we know of: a port that waits carries nothing
    return Witness(str(end), _current(sight, device, oper, said))


def _of_port(sight: Sight, device: Subject, port: str, oper: Series) -> Says:
    if oper.value == _UP:
        return "up"
    if oper.value == _UNKNOWN:
        return "unsaid"
    if oper.value == _DORMANT:
        return "blocked"
    admin = find_port(sight.view.series(ADMIN_STATUS, device), port)
    return "down" if admin is None or admin.value == _UP else "off"


def _current(sight: Sight, device: Subject, series: Series, said: Says) -> Says:
    """What a device said before the check that reads it failed is no word on the present."""
    readings = (job.reading for job in sight.jobs.get(device, ()) if job.up is False)
    old = any(reading is not None and reading.at == series.at for reading in readings)
    return "unknown" if old else said
