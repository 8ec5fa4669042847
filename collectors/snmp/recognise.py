"""Which profile a device has, and so what to ask it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from collectors.snmp.module import Module
from collectors.snmp.oid import SYS_DESCR, SYS_LOCATION, SYS_NAME, SYS_OBJECT_ID, SYS_UPTIME, Value, is_under, outermost
from collectors.snmp.parse import Arranger
from collectors.snmp.profiles import GENERIC, Library, Profile, Quirks
from collectors.snmp.texts import plain

SYSTEM_FACTS: Mapping[str, str] = {
    "sys_name": SYS_NAME,
    "sys_descr": SYS_DESCR,
    "sys_object_id": SYS_OBJECT_ID,
    "location": SYS_LOCATION,
}


@dataclass(frozen=True, slots=True)
class Root:
    """A subtree to walk, the modules that need it, and the columns of it that anything needs."""

    oid: str
    modules: frozenset[str]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Device:
    """What is known of how to read one device."""

    profile_name: str
    modules: Mapping[str, Module]
    facts: Mapping[str, str]
    quirks: Quirks
    arranger: Arranger

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """Instances to get in each poll; sysUpTime comes first."""
        wanted = [oid for module in self.modules.values() for oid in module.get]
        return tuple(dict.fromkeys([SYS_UPTIME, *wanted, *self.facts.values()]))

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """Subtrees to walk, in the order of the modules."""
        walked = outermost(oid for module in self.modules.values() for oid in module.walk)
        return tuple(
            Root(
                oid,
                frozenset(name for name, module in self.modules.items() if any(is_under(w, oid) for w in module.walk)),
                outermost(column for column in self.arranger.columns if is_under(column, oid)),
            )
            for oid in walked
        )


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Chooses among the library's profiles for one target."""

    library: Library
    profile: str
    modules: tuple[str, ...]
    room: str

    def fixed(self) -> Device | None:
        """Return the device that the configuration names, or None where it is to be recognised. Raises KeyError."""
        if self.profile == "auto":
            for name in self.modules:
                self.library.module(name)
            return None
        if self.profile == "none":
            return self._device("none", (), {})
        self.library.profile(self.profile)
        return self._device(self.profile, (self.profile,), SYSTEM_FACTS)

    def choose(self, system: Mapping[str, Value], probed: Mapping[str, Value]) -> Device:
        """Return the device by what it says of itself: its own profile, else the generic one and those it answers."""
        name = self.matched(system)
        if name is not None:
            return self._device(name, (name,), SYSTEM_FACTS)
        answered = [name for name, oid in self.library.probes.items() if oid in probed]
        return self._device("+".join([GENERIC, *answered]), (GENERIC, *answered), SYSTEM_FACTS)

    def matched(self, system: Mapping[str, Value]) -> str | None:
        """Return the profile that sysObjectID or sysDescr names."""
        return self.library.recognise(plain(system.get(SYS_OBJECT_ID)), plain(system.get(SYS_DESCR)))

    def _device(self, label: str, names: Iterable[str], facts: Mapping[str, str]) -> Device:
        profiles = [self.library.profile(name) for name in names]
        merged = merge(profiles)
        wanted = dict.fromkeys([name for profile in profiles for name in profile.modules] + list(self.modules))
        modules = {name: self.library.module(name) for name in wanted}
        arranger = Arranger(modules.values(), merged, self.room)
        return Device(label, modules, {**facts, **merged.facts}, merged.quirks, arranger)


def merge(profiles: Iterable[Profile]) -> Profile:
    """Return one profile with the facts, mappings and quirks of all."""
    many = list(profiles)
    if len(many) == 1:
        return many[0]
    return Profile(
        facts={name: oid for profile in many for name, oid in profile.facts.items()},
        labels={name: sources for profile in many for name, sources in profile.labels.items()},
        neutral=tuple(entry for profile in many for entry in profile.neutral),
    )
