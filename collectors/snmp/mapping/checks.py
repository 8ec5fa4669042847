"""What only several sections together show: names that lead nowhere, columns that nobody reads, profiles that clash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from collectors.snmp.mapping.entry import STATE, Neutral
from collectors.snmp.mapping.registers import QUARTER_SECONDS
from collectors.snmp.mapping.schema import Profile
from collectors.snmp.modules.module import Module
from collectors.snmp.oid import is_under
from config.errors import did_you_mean

Place = tuple[int | str, ...]
Finding = tuple[Place, str]
Spot = tuple[str, Place]
"""A profile and a place in it."""

ENTERPRISES = "1.3.6.1.4.1."
COMMON_AGENTS = frozenset({"2021", "8072"})
"""UCD-SNMP-MIB and NET-SNMP-MIB: many vendors' devices answer them."""


def check_profile(
    profile: Profile, profiles: Mapping[str, Profile], modules: Mapping[str, Module]
) -> Iterator[Finding]:
    """Yield what is wrong with a profile, with its place below ``profile``."""
    yield from _unknown(("modules",), profile.modules, modules)
    yield from _misspelt(profile.instead_of, profiles)
    yield from _labels(profile)
    known = [modules[name] for name in profile.modules if name in modules]
    walks = [*(one.oid for one in profile.walk), *(oid for module in known for oid in module.walk)]
    gets = [*profile.get, *(oid for module in known for oid in module.get)]
    yield from _unread(profile, walks, gets)
    yield from _stale(profile)


def _unknown(place: Place, names: Sequence[str], known: Mapping[str, object]) -> Iterator[Finding]:
    for at, name in enumerate(names):
        if name not in known:
            hint = did_you_mean(name, set(known))
            yield (*place, at), f"unknown name {name!r}{f'; {hint}' if hint else ''}"


def _misspelt(names: Sequence[str], profiles: Mapping[str, Profile]) -> Iterator[Finding]:
    """Yield names that are nearly a profile's; one that is nobody's may be a profile that this set lacks."""
    for at, name in enumerate(names):
        hint = None if name in profiles else did_you_mean(name, set(profiles), 0.85)
        if hint:
            yield ("instead_of", at), f"unknown name {name!r}; {hint}"


def _labels(profile: Profile) -> Iterator[Finding]:
    used = {label for entry in profile.neutral for label in entry.metric_family.labels}
    for label in profile.labels:
        if label not in used:
            hint = did_you_mean(label, used)
            yield ("labels", label), f"no family of this profile has it{f'; {hint}' if hint else ''}"


def _unread(profile: Profile, walks: Sequence[str], gets: Sequence[str]) -> Iterator[Finding]:
    """Yield entries with a column that is neither walked nor got: empty for ever, and nobody would know why."""
    for at, entry in enumerate(profile.entries):
        for oid in sorted(entry.columns):
            read = any(is_under(oid, walk) for walk in walks) or any(is_under(get, oid) for get in gets)
            if not read:
                yield ("neutral", at), f"{oid} is read, but lies under no walk or get of the profile and its modules"


def _stale(profile: Profile) -> Iterator[Finding]:
    """Yield registers of slow subtrees that would be counted again, or missed, when a quarter of an hour begins."""
    for at, entry in enumerate(profile.entries):
        for one in profile.walk:
            if not (entry.interval and one.every and is_under(entry.oid, one.oid)):
                continue
            if entry.interval == "current":
                yield ("neutral", at), f"a running register is read in each poll, not every {one.every} s"
            elif QUARTER_SECONDS % one.every:
                yield ("neutral", at), f"a register walked every {one.every} s; it needs a divisor of {QUARTER_SECONDS}"


def clashes(profiles: Mapping[str, Profile]) -> Iterator[tuple[Spot, Spot, str]]:
    """Yield entries of two profiles that can meet on a device and give the same series differently, with the family."""
    for one, other in combinations(profiles, 2):
        if not _can_meet(one, profiles[one], other, profiles[other]):
            continue
        pairs = product(enumerate(profiles[one].entries), enumerate(profiles[other].entries))
        for (at, left), (there, right) in pairs:
            if _same_series(left, right):
                yield (one, ("neutral", at)), (other, ("neutral", there)), left.family


def _can_meet(name: str, one: Profile, other_name: str, other: Profile) -> bool:
    if not (one.match.probe or other.match.probe):
        return False  # a device has one profile of its own; all others come by their probe
    if other_name in one.instead_of or name in other.instead_of:
        return False
    mine, theirs = _vendors(one), _vendors(other)
    return not (mine and theirs) or bool(mine & theirs)


def _vendors(profile: Profile) -> frozenset[str]:
    """Return the enterprise numbers that a profile is bound to; none where what it probes is common to many vendors."""
    oids = [*profile.match.sys_object_id, *([profile.match.probe] if profile.match.probe else [])]
    found = {oid.removeprefix(ENTERPRISES).split(".")[0] if oid.startswith(ENTERPRISES) else "" for oid in oids}
    return frozenset() if found & {"", *COMMON_AGENTS} else frozenset(found)


def _same_series(one: Neutral, other: Neutral) -> bool:
    if one.family != other.family or one == other:
        return False
    if one.oid == other.oid:
        return True
    named = [label for label in one.metric_family.labels if label not in {STATE, "room"}]
    return all(_constant(one, label) == _constant(other, label) is not None for label in named)


def _constant(entry: Neutral, label: str) -> str | None:
    """Return the text that a label always has, or None where the device names its rows."""
    sources = entry.labels.get(label, ())
    consts = [source.const for source in sources]
    return " ".join(text for text in consts if text) if None not in consts else None
