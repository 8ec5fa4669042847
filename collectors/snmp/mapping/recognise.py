"""Which profiles a device has, and so what to ask it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import gcd

from collectors.snmp.identity.facts import SYSTEM_FACTS, FactSheet, sheet
from collectors.snmp.identity.life import SIGNS
from collectors.snmp.mapping.library import GENERIC, Library, Profile, Quirks
from collectors.snmp.mapping.schema import Subtree
from collectors.snmp.modules.asking import Asking, asking
from collectors.snmp.modules.filters import Filters
from collectors.snmp.modules.module import Module
from collectors.snmp.modules.texts import plain
from collectors.snmp.oid import SYS_DESCR, SYS_OBJECT_ID, SYS_UPTIME, Value, is_under, outermost
from collectors.snmp.parse import MAX_SERIES, Arranger


@dataclass(frozen=True, slots=True)
class Root:
    """A subtree to walk, what needs it (modules by name, a profile's own subtrees each), the columns of it needed.

    ``every`` so many seconds, None: in each poll.
    """

    oid: str
    modules: frozenset[str]
    columns: tuple[str, ...]
    every: int | None = None


@dataclass(frozen=True)
class Device:
    """What is known of how to read one device; ``profiles`` says of each profile that applies, why."""

    profiles: Mapping[str, str]
    modules: Mapping[str, Module]
    merged: Profile
    facts: FactSheet
    arranger: Arranger

    @property
    def profile_name(self) -> str:
        """The profiles in one word."""
        return "+".join(self.profiles) or "none"

    @cached_property
    def asking(self) -> Asking:
        """How the module files want it to be asked."""
        return asking(self.modules.values())

    @property
    def filters(self) -> tuple[tuple[str, Filters], ...]:
        """What chooses rows by a walk, with the module that says so."""
        return tuple((name, module.filters) for name, module in self.modules.items() if module.filters.dynamic)

    @property
    def quirks(self) -> Quirks:
        """What the device cannot do."""
        return self.merged.quirks

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """Instances to get in each poll; sysUpTime comes first."""
        wanted = [oid for module in self.modules.values() for oid in module.got]
        signs = SIGNS if self.profiles else ()
        return tuple(dict.fromkeys([SYS_UPTIME, *signs, *wanted, *self.merged.get, *self.facts.oids]))

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """Subtrees to walk, in the order of the modules; those of profiles by themselves come last."""
        needs = [(name, Subtree(oid=oid)) for name, module in self.modules.items() for oid in module.walked]
        needs += [(f"{self.profile_name} {one.oid}", one) for one in self.merged.walk]
        return tuple(self._root(root, needs) for root in outermost(one.oid for _, one in needs))

    def _root(self, root: str, needs: Iterable[tuple[str, Subtree]]) -> Root:
        """Return a subtree to walk as often as whoever needs it most."""
        here = [(name, one) for name, one in needs if is_under(one.oid, root)]
        periods = [one.every for _, one in here if one.every is not None]
        return Root(
            root,
            frozenset(name for name, _ in here),
            outermost(column for column in self.arranger.columns if is_under(column, root)),
            gcd(*periods) if len(periods) == len(here) else None,
        )


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Chooses among the library's profiles for one target."""

    library: Library
    profile: str
    modules: tuple[str, ...]
    room: str
    max_series: int = MAX_SERIES

    @property
    def any_source(self) -> bool:
        """Whether a module of the inventory's believes answers from every address. Raises KeyError."""
        return asking(self.library.module(name) for name in self.modules).any_source

    def fixed(self) -> Device | None:
        """Return the device that the configuration names, or None where it is to be recognised. Raises KeyError."""
        if self.profile == "auto":
            for name in self.modules:
                self.library.module(name)
            return None
        if self.profile == "none":
            return self._device({}, {})
        self.library.profile(self.profile)
        return self._device({self.profile: "the inventory names it"}, SYSTEM_FACTS)

    def choose(self, system: Mapping[str, Value], answered: Iterable[str], known: Device | None = None) -> Device:
        """Return the device by what it says of itself: its own profile, else the generic one, and those it answers.

        The device ``known`` comes back where the same profiles apply: what its registers counted goes on.
        """
        name, why = self.own(system)
        probes = self.library.probes
        found = {name: why} | {one: f"answers {probes[one]}" for one in sorted(answered) if one != name}
        applying = {one: found[one] for one in replaced(self.library.profiles, found)}
        if known is not None and tuple(known.profiles) == tuple(applying):
            return known
        return self._device(applying, SYSTEM_FACTS)

    def probes(self, system: Mapping[str, Value]) -> dict[str, str]:
        """Return the probes worth asking: not of the device's own profile, nor of what it stands for."""
        name, _ = self.own(system)
        known = {name, *self.library.profile(name).instead_of}
        return {one: oid for one, oid in self.library.probes.items() if one not in known}

    def own(self, system: Mapping[str, Value]) -> tuple[str, str]:
        """Return the device's own profile and why it is that: the longest sysObjectID prefix, else sysDescr.

        Among equals the one whose sysDescr fits too, else the one read last: the user's own.
        """
        object_id, description = plain(system.get(SYS_OBJECT_ID)), plain(system.get(SYS_DESCR))
        best: tuple[int, bool, int, str, str] | None = None
        for at, (name, profile) in enumerate(self.library.profiles.items()):
            match = profile.match
            described = bool(match.sys_descr and re.search(match.sys_descr, description))
            for prefix in match.sys_object_id:
                if is_under(object_id, prefix):
                    found = (prefix.count("."), described, at, name, f"sysObjectID {object_id} lies under {prefix}")
                    best = max(best, found) if best else found
            if described and best is None:
                best = (0, True, at, name, f"sysDescr matches {match.sys_descr}")
        return best[3:] if best else (GENERIC, "no profile names its sysObjectID or sysDescr")

    def _device(self, profiles: Mapping[str, str], facts: Mapping[str, str]) -> Device:
        many = [self.library.profile(name) for name in profiles]
        wanted = dict.fromkeys([name for profile in many for name in profile.modules] + list(self.modules))
        modules = {name: self.library.module(name) for name in wanted}
        merged = merge(many)
        arranger = Arranger(modules.values(), merged, self.room, self.max_series)
        known = {name: (oid,) for name, oid in facts.items()}
        return Device(profiles, modules, merged, sheet([known, *(profile.facts for profile in many)]), arranger)


def replaced(profiles: Mapping[str, Profile], found: Iterable[str]) -> tuple[str, ...]:
    """Return the names that remain, in order, once each profile has put aside those that it is ``instead_of``."""
    names = tuple(found)
    aside: set[str] = set()
    for name in names:
        if name not in aside:
            aside |= set(profiles[name].instead_of) - {name}
    return tuple(name for name in names if name not in aside)


def merge(profiles: Iterable[Profile]) -> Profile:
    """Return what to read and what it means for a device of several profiles; its quirks are the most careful ones.

    Each entry keeps the label sources of its own profile.
    """
    many = list(profiles)
    limits = [one.quirks.max_repetitions for one in many if one.quirks.max_repetitions is not None]
    return Profile(
        quirks=Quirks(
            bulk=all(one.quirks.bulk for one in many),
            unordered=any(one.quirks.unordered for one in many),
            max_repetitions=min(limits, default=None),
            no_bulk=tuple(oid for one in many for oid in one.quirks.no_bulk),
        ),
        walk=tuple(dict.fromkeys(subtree for one in many for subtree in one.walk)),
        get=tuple(dict.fromkeys(oid for one in many for oid in one.get)),
        neutral=tuple(entry for one in many for entry in one.entries),
    )
