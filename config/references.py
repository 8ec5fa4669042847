"""Whether what one section names is there in another."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from config.errors import Problem, shown
from config.explain import unknown_name
from config.kinds import Kinds
from config.network import split_end
from config.positions import Positions
from config.rules import RESERVED
from config.yaml import Node

Path = tuple[str | int, ...]


class Reference(NamedTuple):
    """Values at ``path`` (``*``: each entry or item) name an entry of one of ``sections``; ``part`` it must have."""

    path: str
    sections: tuple[str, ...]
    part: str | None = None


_ANY_LEG = ("devices", "links", "services")
_MATCHES = ("alerting.accept", "alerting.routes", "alerting.maintenance")
SUBJECTS: Mapping[str, str] = {
    "device": "devices",
    "link": "links",
    "service": "services",
    "site": "sites",
    "ring": "rings",
    "room": "rooms",
    "deadline": "deadlines",
    "contract": "contracts",
    "partner": "partners",
    "receiver": "alerting.receivers",
    "function": "functions",
    "source": "sources",
    "fleet": "fleets",
    "projector": "projectors",
    "licence": "licences",
    "credential": "credentials",
}
# what an entry that lacks a part is not good for, where that is not said by the part's name
_LACKING: Mapping[str, str] = {
    "cloud": "manages devices and counts no seats",
    "mdm": "is a cloud service and manages no devices",
}
# what has no section of its own: shared risks, devices that feed others, addresses of ``uplink``, rules
DERIVED = ("group", "power", "uplink", "rule")

REFERENCES: tuple[Reference, ...] = (
    Reference("uplink.site", ("sites",)),
    Reference("defaults.needs.*", ("sites",)),
    Reference("defaults.roles.*.credential", ("credentials",)),
    Reference("defaults.roles.*.ssh.credential", ("credentials",), "ssh"),
    Reference("sites.*.needs.*", ("sites",)),
    Reference("sites.*.municipality", ("municipalities",)),
    Reference("rings.*.rpl", ("links",)),
    Reference("devices.*.site", ("sites",)),
    Reference("devices.*.room", ("rooms",)),
    Reference("devices.*.credential", ("credentials",)),
    Reference("devices.*.ssh.credential", ("credentials",), "ssh"),
    Reference("devices.*.powered_by.*", ("devices",)),
    Reference("links.*.ring", ("rings",)),
    Reference("links.*.contract", ("contracts",)),
    Reference("partners.*.site", ("sites",)),
    Reference("partners.*.links.*", ("links",)),
    Reference("rooms.*.site", ("sites",)),
    Reference("services.*.site", ("sites",)),
    Reference("services.*.contract", ("contracts",)),
    Reference("services.*.credential", ("credentials",)),
    Reference("services.*.depends_on.*", (*_ANY_LEG, "contracts")),
    Reference("functions.*.primary", _ANY_LEG),
    Reference("functions.*.standby.*", _ANY_LEG),
    Reference("deadlines.*.site", ("sites",)),
    Reference("sources.*.credential", ("credentials",)),
    Reference("sources.*.site", ("sites",)),
    Reference("sources.*.locations.*", ("sites",)),
    Reference("licences.*.contract", ("contracts",)),
    Reference("licences.*.site", ("sites",)),
    Reference("licences.*.source", ("sources",), "cloud"),
    Reference("fleets.*.site", ("sites",)),
    Reference("fleets.*.source", ("sources",), "mdm"),
    Reference("projectors.*.site", ("sites",)),
    Reference("projectors.*.room", ("rooms",)),
    Reference("traps.credentials.*", ("credentials",), "snmp"),
    Reference("alerting.receivers.*.via.*", ("links",)),
    Reference("alerting.receivers.*.fallback", ("alerting.receivers",)),
    Reference("alerting.receivers.*.substitute", ("alerting.receivers",)),
    Reference("alerting.receivers.*.duty.otherwise.*", ("alerting.receivers",)),
    Reference("alerting.routes.*.receivers.*", ("alerting.receivers",)),
    Reference("alerting.routes.*.escalate.*.to.*", ("alerting.receivers",)),
    *(Reference(f"{match}.*.match.{kind}", (section,)) for match in _MATCHES for kind, section in SUBJECTS.items()),
)
# names that lead from one entry to others of the same section, and must not lead back
CHAINS: tuple[tuple[str, str], ...] = (
    ("devices", "powered_by"),
    ("services", "depends_on"),
    ("alerting.receivers", "fallback"),
    ("alerting.receivers", "substitute"),
)


def split_subject(text: str) -> tuple[str, str]:
    """Return kind, or empty, and id of a subject as a match names it; an address among the ids may hold colons."""
    kind, colon, name = text.partition(":")
    return (kind, name) if colon else ("", text)


def check_references(root: Node, positions: Positions, kinds: Kinds) -> Iterator[Problem]:
    """Yield a problem for every name that nothing has, for rings' links, and for circles. Never raises."""
    checker = _Checker(root, positions)
    for reference in REFERENCES:
        yield from checker.reference(reference)
    yield from checker.ends()
    yield from checker.ring_protection()
    yield from checker.subjects(kinds.rules)
    if not kinds.open_rules:
        yield from checker.rules(kinds.rules)
    for section, key in CHAINS:
        yield from checker.circle(section, key)


# so many names are compared with all others
_HINTS = 30


class _Checker:
    def __init__(self, root: Node, positions: Positions) -> None:
        self._root = root
        self._positions = positions
        self._sections: dict[str, dict[str, Node]] = {}
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, str | None]] = {}

    def reference(self, reference: Reference) -> Iterator[Problem]:
        for path, name in _texts(self._root, reference.path):
            yield from self._lookup(path, name, reference.sections, reference.part)

    def _lookup(self, path: Path, name: str, sections: tuple[str, ...], part: str | None = None) -> Iterator[Problem]:
        holders = [section for section in sections if name in self._entries(section)]
        if not holders:
            yield self._positions.problem(path, *self._unknown(name, sections, _singular(sections)))
        elif len(holders) > 1:
            where = " and ".join(_singular([section]) for section in holders)
            yield self._positions.problem(path, f"{shown(name)} is {where} at once: rename one of them")
        elif part and part not in self._entries(holders[0])[name].mapping:
            lacking = _LACKING.get(part, f"has no {part} part")
            yield self._positions.problem(path, f"{_singular(holders)} {shown(name)} {lacking}")

    def _unknown(self, name: str, sections: tuple[str, ...], what: str) -> tuple[str, str | None]:
        """Return message and hint. Looking for what was meant is slow: for each name once, and not without end."""
        asked = (name, sections)
        if asked not in self._known:
            known = [key for section in sections for key in self._entries(section)]
            hinted = known if len(self._known) < _HINTS else ()
            self._known[asked] = unknown_name(name, hinted, what)
        return self._known[asked]

    def _entries(self, section: str) -> Mapping[str, Node]:
        """Return the entries of a section, e.g. ``devices`` or ``alerting.receivers``."""
        if section not in self._sections:
            walked = _walk(self._root, f"{section}.*")
            self._sections[section] = {path[-1]: node for path, node in walked if isinstance(path[-1], str)}
        return self._sections[section]

    def _derive(self, rules: Iterable[str]) -> None:
        """Note what has no section of its own under the name of its kind; ``rules`` are the shipped ones."""
        groups = [text for _, text in _texts(self._root, "links.*.shared_risk.*")]
        groups += [f"room/{room}" for room in self._entries("rooms")]
        groups += [f"provider/{text}" for _, text in _texts(self._root, "contracts.*.provider")]
        feeders = [text for _, text in _texts(self._root, "devices.*.powered_by.*")]
        hosts = [text for path in ("gateway", "references.*") for _, text in _texts(self._root, f"uplink.{path}")]
        for kind, names in zip(DERIVED, (groups, feeders, hosts, (*rules, *self._entries("rules"))), strict=True):
            self._sections[kind] = dict.fromkeys(names, self._root)

    def ends(self) -> Iterator[Problem]:
        for path, text in _texts(self._root, "links.*.ends.*"):
            name, port = split_end(text)
            sections: tuple[str, ...] = ("sites", "devices") if port is None else ("devices",)
            yield from self._lookup(path, name, sections)

    def ring_protection(self) -> Iterator[Problem]:
        links = self._entries("links")
        for path, name in _texts(self._root, "rings.*.rpl"):
            link = links.get(name)
            ring = link.mapping.get("ring") if link else None
            if link and (ring is None or ring.node.value != path[1]):
                yield self._positions.problem(path, f"link {shown(name)} is no section of this ring")

    def subjects(self, rules: Iterable[str]) -> Iterator[Problem]:
        self._derive(rules)
        for match in _MATCHES:
            for path, text in _texts(self._root, f"{match}.*.match.subject"):
                yield from self._subject(path, text)

    def _subject(self, path: Path, text: str) -> Iterator[Problem]:
        kind, name = split_subject(text)
        if kind == "daemon":
            return
        kinds = (*SUBJECTS, *DERIVED)
        if kind and kind not in kinds:
            yield self._positions.problem(path, *unknown_name(kind, [*kinds, "daemon"], "kind of subject"))
            return
        sections = tuple(SUBJECTS.get(one, one) for one in ((kind,) if kind else kinds))
        source = name.partition("/")[0] in self._entries("sources") and "sources" in sections  # "m365/Exchange Online"
        first, _, system = name.partition("/")  # "system/rathaus/windows"; the tables of systems are not read yet
        running = first == "system" and system.partition("/")[0] in self._entries("sites") and "group" in sections
        if not source and not running and not any(name in self._entries(section) for section in sections):
            yield self._positions.problem(path, *self._unknown(name, sections, kind or "subject"))

    def rules(self, shipped: Mapping[str, object]) -> Iterator[Problem]:
        for name in self._entries("rules"):
            if name in RESERVED:
                message = f"{shown(name)} is the name of an alert about Ringwacht itself"
                yield self._positions.key_problem(("rules", name), message, "choose another name")
            if name in shipped:
                hint = f"choose another name, or adjust the shipped one as alerting.rules.{name}"
                yield self._positions.key_problem(("rules", name), f"{shown(name)} is the name of a shipped rule", hint)
        known = [*shipped, *self._entries("rules")]
        for match in _MATCHES:
            for path, name in _texts(self._root, f"{match}.*.match.rule"):
                if name not in known:
                    yield self._positions.problem(path, *unknown_name(name, known, "rule"))

    def circle(self, section: str, key: str) -> Iterator[Problem]:
        graph = {name: _names(node, key) for name, node in self._entries(section).items()}
        if section == "services":
            graph |= self._owed(graph)
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            ring: list[str] = list(reversed(error.args[1]))[:-1]
            first = next(place for place, name in enumerate(ring) if name in self._entries(section))
            names = [*ring[first:], *ring[: first + 1]]
            path = (*section.split("."), names[0], key)
            yield self._positions.problem(path, f"leads back to itself: {' > '.join(names)}")

    def _owed(self, graph: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return services and contracts as needs: a contract is what is owed under it, its own no need of a service."""
        contract_of = {name: "".join(_names(node, "contract")) for name, node in self._entries("services").items()}
        found = {name: [need for need in needs if need != contract_of[name]] for name, needs in graph.items()}
        for contract in self._entries("contracts").keys() - graph.keys():
            found[contract] = [name for name, under in contract_of.items() if under == contract]
        return found


def _names(node: Node, key: str) -> list[str]:
    entry = node.mapping.get(key)
    values = (entry.node.items or [entry.node]) if entry else []
    return [str(value.value) for value in values if isinstance(value.value, str)]


def _singular(sections: Sequence[str]) -> str:
    words = [re.sub("ie$", "y", section.rpartition(".")[2].removesuffix("s")) for section in sections]
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]


def _texts(root: Node, pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every value that a pattern reaches; what is no text is refused by its model."""
    for path, node in _walk(root, pattern):
        if isinstance(node.value, str):
            yield path, str(node.value)


def _walk(root: Node, pattern: str) -> Iterator[tuple[Path, Node]]:
    found: list[tuple[Path, Node]] = [((), root)]
    for step in pattern.split("."):
        found = [child for path, node in found for child in _children(path, node, step)]
    yield from found


def _children(path: Path, node: Node, step: str) -> Iterator[tuple[Path, Node]]:
    if step == "*":
        yield from (((*path, key), entry.node) for key, entry in node.mapping.items())
        yield from (((*path, number), item) for number, item in enumerate(node.items))
    elif step in node.mapping:
        yield (*path, step), node.mapping[step].node
