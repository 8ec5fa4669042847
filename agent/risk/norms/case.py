"""What a requirement is judged from, and what is said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

from agent.contract import AlarmTest, Finding, House, JobState, Network, PowerState, Subject
from agent.risk.texts import Words
from agent.risk.wiring import feeders
from config.inventory import Inventory
from config.settings import RoleDefaults, Settings

State = Literal["fulfilled", "partly", "gap", "unknown", "not_applicable"]

# What one thing that is asked for comes to; a requirement asks for several.
Met = Literal["yes", "no", "unknown"]

UPS = "ups"
_LISTED = 4
FEEDING_ROLES = frozenset({UPS, "pdu"})
# Of what these stand about nothing is known: that is no gap, and fulfils nothing.
DARK = ("device_unreachable", "credentials_refused", "probe_failing")


class Point(NamedTuple):
    """One thing that a requirement asks for: whether it is met, and in words what shows that, or what is missing."""

    met: Met
    said: str


class Telling(NamedTuple):
    """How somebody hears of a rule's findings, in the worst case.

    ``when``: at once, ``later`` (in office hours, in a digest) or never. ``hold``: seconds before a finding fires.
    """

    when: Literal["at_once", "later", "never"]
    hold: float = 0.0
    receivers: frozenset[str] = frozenset()


NEVER = Telling("never")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a requirement: the evidence for it, and the gaps."""

    state: State
    evidence: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @classmethod
    def of(cls, points: Iterable[Point]) -> Verdict:
        """Sum up: fulfilled by all of them, partly by some, a gap by none; not known where none is met or missing."""
        found = tuple(dict.fromkeys(points))
        evidence = tuple(one.said for one in found if one.met == "yes")
        gaps = tuple(one.said for one in found if one.met != "yes")
        if not found:
            return cls("not_applicable")
        if not gaps:
            return cls("fulfilled", evidence)
        if all(one.met == "unknown" for one in found if one.met != "yes"):
            return cls("unknown", evidence, gaps)
        return cls("partly" if evidence else "gap", evidence, gaps)


@dataclass(frozen=True)
class Case:
    """What is known at one moment. ``live`` False: only the configuration, nothing is measured.

    ``findings``: those that stand. ``planned``: kinds of check by subject. ``tellings``: by rule and room (None: the
    house), how somebody hears of it. ``names_weak``: whether whoever asks may read which devices have a community that
    everybody knows.
    """

    at: float
    live: bool
    inventory: Inventory
    settings: Settings
    house: House
    network: Network | None = None
    findings: tuple[Finding, ...] = ()
    jobs: Mapping[Subject, tuple[JobState, ...]] = field(default_factory=dict[Subject, tuple[JobState, ...]])
    planned: Mapping[Subject, frozenset[str]] = field(default_factory=dict[Subject, frozenset[str]])
    tests: Mapping[str, AlarmTest] = field(default_factory=dict[str, AlarmTest])
    tellings: Mapping[tuple[str, str | None], Telling] = field(default_factory=dict[tuple[str, str | None], Telling])
    names_weak: bool = True

    @cached_property
    def words(self) -> Words:
        """The municipality's language."""
        return Words(self.settings.municipality.language)

    @cached_property
    def in_room(self) -> Mapping[str, tuple[str, ...]]:
        """The devices that stand in each room."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, device in self.inventory.devices.items():
            if device.room is not None:
                found[device.room].append(name)
        return {room: tuple(names) for room, names in found.items()}

    @cached_property
    def feeding(self) -> frozenset[str]:
        """The devices that feed others, or are made for it."""
        devices = self.inventory.devices.items()
        made = {name for name, device in devices if device.role in FEEDING_ROLES}
        return frozenset(made.union(*(device.powered_by for _, device in devices)))

    @cached_property
    def _by_rule(self) -> Mapping[str, tuple[Finding, ...]]:
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for one in self.findings:
            found[one.rule].append(one)
        return {rule: tuple(same) for rule, same in found.items()}

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, Subject], Finding]:
        return {(one.rule, one.subject): one for one in self.findings}

    @property
    def supplies(self) -> Mapping[str, PowerState | None]:
        """Every UPS: those that are declared, None where nothing is known of one, and those that show to be one."""
        declared = {name: None for name, device in self.inventory.devices.items() if device.role == UPS}
        return {**declared, **self.house.power}

    def supplies_of(self, room: str) -> tuple[str, ...]:
        """Return the UPS that are declared to stand in a room, or to feed its devices."""
        devices, inside = self.inventory.devices, self.in_room.get(room, ())
        found = set(inside).union(*(feeders(self.inventory, name) for name in inside))
        return tuple(sorted(name for name in found if name in devices and devices[name].role == UPS))

    def role_of(self, device: str) -> RoleDefaults:
        """Return what the role of a device brings along."""
        return self.settings.defaults.roles.get(self.inventory.devices[device].role or "", RoleDefaults())

    def interval_of(self, device: str) -> float | None:
        """Return the seconds between two polls of a device; None for one that is not in the inventory."""
        one = self.inventory.devices.get(device)
        return None if one is None else one.interval or self.role_of(device).interval or self.settings.defaults.interval

    def say(self, key: str, **values: str | int) -> str:
        """Return a text of requirements."""
        return self.words.say(f"req_{key}", **values)

    def counted(self, what: str, count: int) -> str:
        """Return ``1 device``, ``3 devices``.

        ``what``: ``device``, ``clock``, ``cooling_unit``, ``computer`` or ``credential``.
        """
        return self.say(f"one_{what}" if count == 1 else f"many_{what}", count=count)

    def names(self, names: Iterable[str]) -> str:
        """Return a list that is not too long to read."""
        return self.words.joined(self.words.few(sorted(names), _LISTED))

    def point(self, met: Met | bool, key: str, **values: str | int) -> Point:
        """Return a point with its text, ``<key>_yes``, ``<key>_no`` or ``<key>_unknown``."""
        met = met if isinstance(met, str) else "yes" if met else "no"
        return Point(met, self.say(f"{key}_{met}", **values))

    def standing(self, *rules: str) -> Iterator[Finding]:
        """Yield what stands of some rules."""
        return (one for rule in rules for one in self._by_rule.get(rule, ()))

    def against(self, *rules: str, of: Iterable[Subject] | None = None) -> Iterator[Point]:
        """Yield what stands of some rules, about some subjects or all: a gap, or where a device is dark, not known."""
        found = self.standing(*rules)
        if of is not None:
            keys = product(rules, sorted(set(of)))
            found = (self._by_key[key] for key in keys if key in self._by_key)
        for one in found:
            yield Point("unknown" if one.rule in DARK else "no", one.summary)

    def told(self, rule: str, room: str | None = None) -> Iterator[Point]:
        """Yield whether somebody hears at once of a rule's findings, and that the messages arrive."""
        telling = self.tellings.get((rule, room), NEVER)
        what = self.words.template(f"risk_{rule}")
        if telling.when != "at_once":
            yield self.point("no", "told" if telling.when == "never" else "told_later", what=what)
            return
        failing = [one for one in self.standing("receiver_failing") if one.subject.id in telling.receivers]
        if not failing:
            yield self.point("yes", "told", what=what)
        yield from (Point("no", one.summary) for one in failing)


Check = Callable[[Case], Iterator[Point]]
