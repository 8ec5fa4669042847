"""Named selections of families, one YAML file each in ``presets/``: what is kept, and what has a standard name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agent.contract import MetricFamily
from config.errors import did_you_mean

SHIPPED = Path(__file__).with_name("presets")

_MOUNT = ("device", "fstype", "mountpoint")
_STANDARD = (
    MetricFamily("node_boot_time_seconds", "gauge", "Node boot time, in unixtime."),
    MetricFamily("node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode.", ("cpu", "mode")),
    MetricFamily(
        "node_filesystem_avail_bytes", "gauge", "Filesystem space available to non-root users in bytes.", _MOUNT
    ),
    MetricFamily("node_filesystem_size_bytes", "gauge", "Filesystem size in bytes.", _MOUNT),
    MetricFamily("node_memory_MemAvailable_bytes", "gauge", "Memory information field MemAvailable_bytes."),
    MetricFamily("node_memory_MemTotal_bytes", "gauge", "Memory information field MemTotal_bytes."),
    MetricFamily("node_network_receive_bytes_total", "counter", "Network device statistic receive_bytes.", ("device",)),
    MetricFamily(
        "node_network_transmit_bytes_total", "counter", "Network device statistic transmit_bytes.", ("device",)
    ),
    MetricFamily("node_timex_offset_seconds", "gauge", "Time offset in between local system and reference clock."),
)
STANDARD: Mapping[str, MetricFamily] = {family.name: family for family in _STANDARD}
"""node_exporter's families that a preset may fill, so that judgement and boards need no other exporter's names."""

FamilyName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_:*?][a-zA-Z0-9_:*?]*$", max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelSource(_Strict):
    """Where a label's value comes from: another label's value, or ``const``.

    A series whose value does not match ``match`` as a whole, or is not named in ``map``, is left out; the pattern's
    group, where it has one, is the value.
    """

    label: str = ""
    const: str = ""
    match: str = ""
    map: dict[str, str] = {}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.match)

    def read(self, labels: Mapping[str, str]) -> str | None:
        """Return the value, or None where the series is not meant."""
        if not self.label:
            return self.const
        value = labels.get(self.label, "")
        if self.match:
            found = self._pattern.fullmatch(value)
            if found is None:
                return None
            value = found[found.re.groups]
        return self.map.get(value) if self.map else value


class Neutral(_Strict):
    """How a family of the page becomes a standard one: its values, less those of ``minus`` with the same labels.

    A standard family that the page has itself is left alone; of several entries for one, the first counts whose source
    is on the page.
    """

    family: str
    source: str = Field(alias="from")
    minus: str = ""
    labels: dict[str, LabelSource] = {}

    @model_validator(mode="after")
    def _known(self) -> Neutral:
        if self.family not in STANDARD:
            raise ValueError(f"{self.family} is no standard family")
        if set(self.labels) != set(self.metric_family.labels):
            raise ValueError(f"{self.family} has the labels {self.metric_family.labels}")
        return self

    @property
    def metric_family(self) -> MetricFamily:
        """The family that it fills."""
        return STANDARD[self.family]


class Preset(_Strict):
    """One exporter: its usual port, which of its families are kept, which of them have a standard name."""

    description: str
    port: int = Field(ge=1, le=65535)
    families: Annotated[tuple[FamilyName, ...], Field(min_length=1)]
    without: tuple[FamilyName, ...] = ()
    neutral: tuple[Neutral, ...] = ()


class UnknownPreset(LookupError):
    """There is no preset of that name; the text is a hint."""


def load_presets(folder: Path = SHIPPED) -> dict[str, Preset]:
    """Read the shipped presets by name. Raises OSError, yaml.YAMLError, pydantic.ValidationError."""
    return {path.stem: _load(path) for path in sorted(folder.glob("*.yml"))}


def _load(path: Path) -> Preset:
    return Preset.model_validate(yaml.safe_load(path.read_bytes()))


def find_preset(name: str, presets: Mapping[str, Preset]) -> Preset:
    """Return the preset. Raises UnknownPreset whose text says what was likely meant."""
    if name not in presets:
        hint = did_you_mean(name, presets) or f"known: {', '.join(presets)}"
        raise UnknownPreset(f"there is no preset {name!r} ({hint})")
    return presets[name]
