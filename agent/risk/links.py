"""Does a declared link carry? Its ends and its probe are asked; a radio's own state outranks its Ethernet port's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent import neutral
from agent.contract import Finding, FindingKey, Series, Severity, Subject
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING
from agent.risk.reachability import confirmed_down
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from config.inventory import End, Link

OPER_STATUS = "ifOperStatus"
ADMIN_STATUS = "ifAdminStatus"

# ifAdminStatus, ifOperStatus (IF-MIB, RFC 2863)
_UP = 1
_UNKNOWN = 4

# In the order in which a port named in the inventory is looked for.
_PORT_LABELS = ("ifName", "ifDescr", "ifAlias", "ifIndex")

# Of two switches each port is looked at until the one is found: so many links are judged between two pauses.
LINKS_AT_ONCE = 20

# Who has fallen silent, or is no longer there, may have been the one that said "down".
_DARK = frozenset({"unknown", "missing"})

_Source = Literal["radio", "port", "probe"]


@dataclass(frozen=True, slots=True)
class _Witness:
    """What one end, or the probe, says of the link."""

    place: str
    says: Literal["up", "down", "off", "unsaid", "unknown", "missing"]
    source: _Source = "port"

    def text(self, sight: Sight) -> str:
        if self.source == "probe":
            return sight.words.say(f"probe_{self.says}")
        return sight.words.say(f"end_{self.says}", end=self.place, source=sight.words.say(self.source))


@dataclass(frozen=True, slots=True)
class LinkState:
    """Where a link stands, and what each end and the probe say of it, in words. ``off``: switched off on purpose."""

    state: Literal["up", "down", "off", "unknown"]
    says: tuple[str, ...] = ()


def link_state(sight: Sight, name: str, link: Link) -> LinkState:
    """Tell a link's state as ``judge_links`` does; ``up`` only if somebody says so and nobody is dark."""
    witnesses = [*_probe(sight, name), *_ends(sight, link)]
    said = {witness.says for witness in witnesses}
    state: Literal["up", "down", "off", "unknown"] = "unknown"
    if "down" in said:
        state = "down"
    elif not said & _DARK:
        state = "off" if "off" in said else "up" if "up" in said else "unknown"
    return LinkState(state, tuple(witness.text(sight) for witness in witnesses))


def judge_links(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``link_down`` for each declared link of which an end or the probe says so."""
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        witnesses = [*_probe(sight, name), *_ends(sight, link)]
        yield from _judge_link(sight, name, link, witnesses)
        yield from _judge_ends(sight, name, link, witnesses)
        if number % LINKS_AT_ONCE == 0:
            yield None


def _judge_link(sight: Sight, name: str, link: Link, witnesses: Sequence[_Witness]) -> Iterator[Outcome]:
    subject = Subject("link", name)
    down = [witness for witness in witnesses if witness.says == "down"]
    if down:
        severity = Severity.WARNING if link.ring is not None or link.standby else Severity.CRITICAL
        said = sight.words.say("link_down", name=link.name or name, says="; ".join(one.text(sight) for one in down))
        evidence = tuple(witness.text(sight) for witness in witnesses)
        norm = RULES[LINK_DOWN].norm
        yield Finding(LINK_DOWN, subject, severity, said, evidence, norm=norm, site=link.ends[0].site)
    elif any(witness.says in _DARK for witness in witnesses) or (
        witnesses and all(one.says == "unsaid" for one in witnesses)
    ):
        yield FindingKey(LINK_DOWN, subject)


def _judge_ends(sight: Sight, name: str, link: Link, witnesses: Sequence[_Witness]) -> Iterator[Outcome]:
    """An end that does not exist would never tell that the link is down."""
    subject = Subject("link", name)
    missing = [one for one in witnesses if one.says == "missing"]
    if missing:
        places = sight.words.joined([one.place for one in missing])
        said = sight.words.say("port_missing", name=link.name or name, end=places)
        yield Finding(LINK_END_MISSING, subject, Severity.WARNING, said, site=link.ends[0].site)
    elif any(one.says == "unknown" and one.source == "port" for one in witnesses):
        yield FindingKey(LINK_END_MISSING, subject)


def _probe(sight: Sight, name: str) -> Iterator[_Witness]:
    for job in sight.jobs.get(Subject("link", name), ()):
        if job.up is True:
            yield _Witness(name, "up", "probe")
        else:
            yield _Witness(name, "down" if confirmed_down(job) else "unknown", "probe")


def _ends(sight: Sight, link: Link) -> Iterator[_Witness]:
    for end in link.ends:
        if end.device is not None and end.port is not None:
            yield _end(sight, end, Subject("device", end.device), end.port)


def _end(sight: Sight, end: End, device: Subject, port: str) -> _Witness:
    """Ask only this device: a table of all ports of all devices would cost more than all other rules together."""
    view = sight.view
    for series in view.series(neutral.RADIO_LINK_UP.name, device):
        if series.labels.get("port") == port:
            return _Witness(str(end), "up" if series.value == 1 else "down", "radio")
    interfaces = tuple(view.series(OPER_STATUS, device))
    oper = _find(interfaces, port)
    if oper is None and interfaces and device not in sight.dark:
        return _Witness(str(end), "missing")
    if oper is None:
        return _Witness(str(end), "unknown")
    if oper.value == _UNKNOWN:
        return _Witness(str(end), "unsaid")
    if oper.value == _UP:
        return _Witness(str(end), "up")
    admin = _find(view.series(ADMIN_STATUS, device), port)
    return _Witness(str(end), "down" if admin is None or admin.value == _UP else "off")


def _find(interfaces: Iterable[Series], port: str) -> Series | None:
    """Return the interface of that name: by ifName, then ifDescr, ifAlias, ifIndex."""
    known = tuple(interfaces)
    for label in _PORT_LABELS:
        for series in known:
            if series.labels.get(label) == port:
                return series
    return None
