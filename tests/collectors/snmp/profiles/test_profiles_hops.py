"""A hop is one port: what the inventory names as a link's end has both the state and the level of the hop."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.snmp.mapping.library import load_library
from tests.collectors.snmp.lab import Bench, values_of
from tests.collectors.snmp.replay import SYNTHETIC, replay

STATE, LEVEL = "ringwacht_radio_link_up", "ringwacht_radio_received_level_dbm"
STATELESS = {"huawei-rtn", "siae-alfoplus80hd"}
"""Their MIBs have no state of the hop."""
APART = {"ericsson_minilink_tn": {"RF main"}}
"""Levels under a name of their own: no table of a MINI-LINK joins it to a carrier that is called something else."""


def recordings() -> list[Path]:
    """Synthetic recordings of the radios whose profiles have both families."""
    found: list[Path] = []
    for name, profile in load_library().profiles.items():
        families = {entry.family for entry in profile.entries}
        if profile.kind == "radio" and families >= {STATE, LEVEL}:
            found += sorted(SYNTHETIC.glob(f"{name.replace('-', '_')}*.snmprec"))
    return found


def test_only_radios_without_a_state_have_levels_alone() -> None:
    radios = {name: profile for name, profile in load_library().profiles.items() if profile.kind == "radio"}
    levels = {name for name, profile in radios.items() if LEVEL in {entry.family for entry in profile.entries}}
    states = {name for name, profile in radios.items() if STATE in {entry.family for entry in profile.entries}}
    assert levels - states == STATELESS


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.stem)
async def test_a_port_with_a_level_has_a_state(bench: Bench, path: Path) -> None:
    harvest, _ = await replay(bench, path)
    states, levels = (set(values_of(harvest, family, "port")) for family in (STATE, LEVEL))
    assert levels
    apart = {(port,) for port in APART.get(path.stem.removesuffix("_synthetic"), set())}
    assert levels - states == apart
