"""What the variables of a UPS are read as."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.nut.parse import meaning

NOW = 1_790_000_000.0  # 2026-09-21
MAY_2023 = 1_682_899_200.0


def read(variables: Mapping[str, str], clients: int | None = None) -> dict[str, float]:
    """Values by family without ``ringwacht_``, and by labels behind a space."""
    samples = meaning(variables, clients, "serverraum", NOW).samples
    return {" ".join((one.family.name.removeprefix("ringwacht_"), *one.labels)): one.value for one in samples}


def remarks(variables: Mapping[str, str]) -> tuple[str, ...]:
    """What makes the reading a partial one."""
    return meaning(variables, None, "serverraum", NOW).partial


def refused(variables: Mapping[str, str]) -> tuple[str, ...]:
    return meaning(variables, None, "serverraum", NOW).refused
