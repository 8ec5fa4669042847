"""Whether a match that was not read from the files names what they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from config.alerting import Match
from config.explain import unknown_name
from config.inventory import Inventory
from config.references import DERIVED, SUBJECTS, split_subject
from config.settings import Settings
from config.support.reading import known_systems

_SYSTEM = "system/"
_KEYS = ("site", "device", "link", "service", "contract", "ring", "room")


class Unknown(NamedTuple):
    """A key of the match that names nothing: what is wrong, and what was perhaps meant."""

    key: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a match may name: what a configuration has, and the shipped ``rules``. The loader's own checks, later."""

    inventory: Inventory
    settings: Settings
    rules: Iterable[str]

    def unknown_in(self, match: Match) -> Iterator[Unknown]:
        """Yield each key of a match that names nothing."""
        for key in ("rule", *_KEYS):
            name = getattr(match, key)
            known = self._names(key)
            if name is not None and name not in known:
                yield Unknown(key, *unknown_name(name, known, key))
        if match.subject is not None:
            yield from self._unknown_subject(match.subject)

    def _unknown_subject(self, text: str) -> Iterator[Unknown]:
        kind, name = split_subject(text)
        kinds = (*SUBJECTS, *DERIVED)
        if kind == "daemon":
            return
        if kind and kind not in kinds:
            yield Unknown("subject", *unknown_name(kind, [*kinds, "daemon"], "kind of subject"))
            return
        known = [one for asked in ((kind,) if kind else kinds) for one in self._names(asked)]
        if name.startswith(_SYSTEM):  # of these there are thousands, and their table is a file: not for every name
            known.extend(_systems(self.inventory))
        if name not in known:
            yield Unknown("subject", *unknown_name(name, known, kind or "subject"))

    def _names(self, kind: str) -> Iterable[str]:
        """Return the ids of a kind of subject."""
        inventory, uplink = self.inventory, self.settings.uplink
        if kind == "rule":
            return [*self.rules, *inventory.rules]
        if kind in {"receiver", "credential"}:
            return self.settings.alerting.receivers if kind == "receiver" else self.settings.credentials
        if kind == "uplink":
            return () if uplink is None else [host for host in (uplink.gateway, *uplink.references) if host is not None]
        if kind == "group":
            return _groups(inventory)
        if kind == "power":
            return {feeder for device in inventory.devices.values() for feeder in device.powered_by}
        section: Mapping[str, object] = getattr(inventory, SUBJECTS[kind])
        return section.keys()


def _groups(inventory: Inventory) -> set[str]:
    risks = {risk for link in inventory.links.values() for risk in link.shared_risk}
    providers = {f"provider/{one.provider}" for one in inventory.contracts.values() if one.provider}
    rooms = {f"room/{room}" for room in inventory.rooms}
    return risks | providers | rooms


def _systems(inventory: Inventory) -> set[str]:
    systems = known_systems(inventory.end_of_support)
    return {f"{_SYSTEM}{site}/{system}" for site in inventory.sites for system in systems}
