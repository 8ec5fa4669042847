"""Three radio hops round a triangle, whose levels change as the minutes pass: what is found, and who would be told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent import neutral
from agent.alerts.lifecycle import Policy, step
from agent.contract import Alert, Finding, FindingKey, Judgement, Measure, Network, Series, Subject
from agent.contract import Windows as History
from agent.risk.hop.state import Hop, look
from agent.risk.radio import judge_radio
from agent.risk.rules import RULE_OPTIONS
from agent.risk.sight import Sight
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.risk.scene import NOW, failed, job
from tests.harness.fakes import FakeView

MINUTE = 60.0
HOUR = 3600.0
NOON = NOW + 4 * HOUR  # a Friday in January, 13:00 in Berlin
NIGHT = NOW - 6 * HOUR  # 03:00

DEVICES = ("rr-a", "rr-b", "rr-c")
SITES = {"rr-a": "kreishaus", "rr-b": "wadersloh", "rr-c": "sassenberg"}
ENDS = {"kh-wad": ("rr-a/1", "rr-b/1"), "wad-sas": ("rr-b/2", "rr-c/1"), "sas-kh": ("rr-c/2", "rr-a/2")}
RADIO: Mapping[str, Any] = {
    "frequency": "18GHz",
    "distance": "12km",
    "polarisation": "v",
    "commissioned_level": ["-38dBm", "-38dBm"],
    "commissioned_transmit": ["20dBm", "20dBm"],
    "threshold": "-78dBm",
    "fade_margin_required": "25dB",
    "reference_modulation": "1024QAM",
}


@dataclass
class Port:
    """One radio port as its device shows it; None is not shown."""

    received: float | None = -38.0
    transmit: float | None = 20.0
    up: bool | None = True
    muted: bool | None = None
    mse: float | None = -40.0
    modulation: int | None = 1024
    capacity: float | None = 400e6
    expected: float | None = None

    def families(self) -> dict[tuple[str, str], float | None]:
        """Return the value of each family and direction."""
        both = {(neutral.RADIO_CAPACITY.name, way): self.capacity for way in ("tx", "rx")}
        return {
            (neutral.RADIO_RECEIVED_LEVEL.name, ""): self.received,
            (neutral.RADIO_TRANSMIT_LEVEL.name, ""): self.transmit,
            (neutral.RADIO_LINK_UP.name, ""): None if self.up is None else float(self.up),
            (neutral.RADIO_TRANSMIT_MUTED.name, ""): None if self.muted is None else float(self.muted),
            (neutral.RADIO_MSE.name, ""): self.mse,
            (neutral.RADIO_MODULATION.name, "rx"): self.modulation,
            (neutral.RADIO_EXPECTED_LEVEL.name, ""): self.expected,
            **both,
        }


@dataclass
class Remembers:
    """Implements ``contract.Windows`` for radio ports: six hours of levels, and counters as a test sets them."""

    kept: dict[tuple[str, Subject, str], deque[tuple[float, float]]] = field(
        default_factory=dict[tuple[str, Subject, str], deque[tuple[float, float]]]
    )

    def add(self, family: str, device: str, port: str, at: float, value: float) -> None:
        """Keep a point; what is older than six hours goes."""
        points = self.kept.setdefault((family, Subject("device", device), port), deque())
        points.append((at, value))

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        """Nobody asks for a slope of these."""
        raise AssertionError

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        """Return what is kept of the port."""
        return tuple(self.kept.get((family, subject, labels["port"]), ()))


def _hop(name: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    radio = {key: value for key, value in plan.items() if value is not None}
    return {"kind": "radio", "ends": ENDS[name], "capacity": "400Mbit/s", "radio": radio}


class Ground:
    """``port("rr-a/1")`` is a radio port that a test changes; ``wait`` lets time pass in steps of five minutes.

    The plan is that of kh-wad; None leaves a value out.
    """

    def __init__(self, at: float = NOON, *, language: str = "en", **radio: Any) -> None:
        plans = {name: {**RADIO, **(radio if name == "kh-wad" else {})} for name in ENDS}
        hops = {name: _hop(name, plan) for name, plan in plans.items()}
        devices = {name: {"site": SITES[name], "address": "127.0.0.1"} for name in DEVICES}
        sites = {site: {"core": site == "kreishaus"} for site in SITES.values()}
        self.inventory = Inventory.model_validate({"sites": sites, "devices": devices, "links": hops})
        self.settings = Settings.model_validate(
            {"municipality": {"language": language}}, context=Kinds.of({}, RULE_OPTIONS)
        )
        self.now = at
        self.network = Network(at)
        self.ports = {end: Port() for ends in ENDS.values() for end in ends}
        self.silent: set[str] = set()
        self.history = Remembers()
        self.told: list[str] = []
        self._alerts: Mapping[FindingKey, Alert] = {}

    def port(self, end: str) -> Port:
        """Return the radio port, a new one where there was none."""
        return self.ports.setdefault(end, Port())

    def fade(self, hop: str, first: float, second: float | None = None) -> None:
        """Take so much of what both ends of a hop receive."""
        for end, fade in zip(ENDS[hop], (first, first if second is None else second), strict=True):
            self.port(end).received = -38.0 - fade

    def sight(self) -> Sight:
        """Return what judgement sees at this moment."""
        series = [
            (family, self._series(end, family, way, value))
            for end, port in self.ports.items()
            if end.partition("/")[0] not in self.silent
            for (family, way), value in port.families().items()
            if value is not None
        ]
        jobs = [
            failed(f"device:{name}", "snmp") if name in self.silent else job(f"device:{name}", "snmp")
            for name in DEVICES
        ]
        history: History = self.history
        return replace(
            Sight.of(self.inventory, self.settings, FakeView(jobs, series, self.now), history), network=self.network
        )

    def _series(self, end: str, family: str, way: str, value: float) -> Series:
        device, _, port = end.partition("/")
        labels = {"port": port, "direction": way} if way else {"port": port}
        return Series(Subject("device", device), SITES[device], labels, value, self.now)

    def hop(self, name: str = "kh-wad") -> Hop | None:
        """Return the hop as it is seen now."""
        return look(self.sight(), name, self.inventory.links[name])

    def judge(self) -> Judgement:
        """Judge the radio hops alone."""
        outcomes = [one for one in judge_radio(self.sight()) if one is not None]
        findings = tuple(one for one in outcomes if isinstance(one, Finding))
        unknown = frozenset(one for one in outcomes if isinstance(one, FindingKey))
        measures = tuple(one for one in outcomes if isinstance(one, Measure))
        return Judgement(findings, unknown - {finding.key for finding in findings}, measures=measures)

    def found(self) -> list[str]:
        """Return what is found now, as ``rule subject severity``."""
        return [f"{one.rule} {one.subject.id} {one.severity.value}" for one in self.judge().findings]

    def finding(self, rule: str) -> Finding:
        """Return the one finding of the rule."""
        (found,) = [one for one in self.judge().findings if one.rule == rule]
        return found

    def unknown(self, hop: str = "kh-wad") -> set[str]:
        """Return the rules that could not be judged of a hop."""
        return {key.rule for key in self.judge().unverified if key.subject.id == hop}

    def measures(self, hop: str = "kh-wad") -> dict[tuple[str, ...], float]:
        """Return the figures of a hop by family (without its prefix) and further labels."""
        told = [one for one in self.judge().measures if one.labels[0] == hop]
        return {(one.family.name.removeprefix("ringwacht_radio_hop_"), *one.labels[1:]): one.value for one in told}

    def past(self, hours: float) -> None:
        """Let the present levels have stood for so long."""
        steps = int(hours * 12)
        for number in range(steps, 0, -1):
            self._remember(self.now - number * 5 * MINUTE)

    def wait(self, minutes: int, during: Callable[[float], None] | None = None) -> None:
        """Let time pass; ``during`` is called with the minutes passed before each step. Notes who would be told."""
        policy = Policy.of(self.settings, {})
        for passed in range(0, minutes, 5):
            self.now += 5 * MINUTE
            if during is not None:
                during(passed)
            self._remember(self.now)
            taken = step(self._alerts, self.judge(), policy, self.now)
            self._alerts = taken.alerts
            for transition in taken.transitions:
                found = transition.alert.finding
                if found.cause is None:
                    state = transition.alert.state.value
                    self.told.append(f"{state} {found.rule} {found.subject.id} {found.severity.value}")

    def _remember(self, at: float) -> None:
        for end, port in self.ports.items():
            device, _, name = end.partition("/")
            if device not in self.silent:
                for family in (neutral.RADIO_RECEIVED_LEVEL.name, neutral.RADIO_TRANSMIT_LEVEL.name):
                    value = port.families()[family, ""]
                    if value is not None:
                        self.history.add(family, device, name, at, value)
                        points = self.history.kept[family, Subject("device", device), name]
                        while points[0][0] < at - 6 * HOUR:
                            points.popleft()
