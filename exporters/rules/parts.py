"""What a rule file is made of, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exporters.rules.expression import duration

# A restart of the daemon ends nothing.
RESTART_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class AlertingRule:
    """One alert. ``hold`` and ``keep``: seconds that it must stand, and be good, before it is told, or ended."""

    name: str
    expression: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    hold: float = 0.0
    keep: float = 0.0

    def body(self) -> dict[str, object]:
        """Return it as it stands in the file."""
        found: dict[str, object] = {"alert": self.name, "expr": self.expression}
        if self.hold:
            found["for"] = duration(self.hold)
        if self.keep:
            found["keep_firing_for"] = duration(self.keep)
        return {**found, "labels": dict(self.labels), "annotations": dict(self.annotations)}


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """One series that is worked out beforehand; its name is level:metric:operation."""

    name: str
    expression: str

    def body(self) -> dict[str, object]:
        """Return it as it stands in the file."""
        return {"record": self.name, "expr": self.expression}


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated together, one after the other; without ``interval`` (seconds) as often as all."""

    name: str
    rules: Sequence[AlertingRule | RecordingRule] = field(default_factory=tuple)
    interval: float | None = None

    def body(self) -> dict[str, object]:
        """Return it as it stands in the file."""
        every: dict[str, object] = {} if self.interval is None else {"interval": duration(self.interval)}
        return {"name": self.name, **every, "rules": [rule.body() for rule in self.rules]}
