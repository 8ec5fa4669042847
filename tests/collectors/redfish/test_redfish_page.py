"""Every example of docs/collectors/redfish.md loads as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from agent.engine.scheduler import LEAVE_SECONDS
from agent.neutral import INPUT_OF_PART
from collectors.redfish.collector import FROM_BEFORE, LOGOUT
from collectors.redfish.limits import (
    AT_ONCE,
    FAREWELL_SECONDS,
    MAX_ALL_ROWS,
    MAX_BODY_BYTES,
    MAX_MEMBERS,
    MAX_RESOURCES,
    MAX_ROWS,
    MAX_SERIES,
)
from collectors.redfish.params import RedfishParams
from collectors.redfish.parse import FAMILIES, INTAKE, REFUSED
from config.credentials import Credential
from config.inventory import Device
from config.kinds import Kinds

PAGE = (Path(__file__).parents[3] / "docs/collectors/redfish.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
KINDS = Kinds.of({"redfish": RedfishParams}, {})


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "devices" in one])
def test_a_device_of_an_example_is_one(example: dict[str, dict[str, object]]) -> None:
    for raw in example["devices"].values():
        made = Device.model_validate(raw, context=KINDS)
        assert made.checks == ("redfish",)
        if "redfish" in str(raw).partition("checks")[2].partition("credential")[2]:
            assert isinstance(made.params["redfish"], RedfishParams)


def test_the_credential_of_the_example_has_the_part_that_is_asked_for() -> None:
    (given,) = (one["credentials"]["bmc"] for one in EXAMPLES if "credentials" in one)
    assert set(given) <= set(Credential.model_fields)


def test_every_family_bound_and_name_that_is_told_is_there() -> None:
    assert all(family.name in PAGE for family in FAMILIES)
    assert f"`{INTAKE}`" in PAGE
    assert f"` {INPUT_OF_PART.strip()}`" in PAGE
    assert all(f"`{name}`" in PAGE for name in (REFUSED, LOGOUT, FROM_BEFORE))
    assert f"{AT_ONCE} requests are under way" in PAGE
    assert f"A farewell may take {FAREWELL_SECONDS:g} s" in PAGE
    assert f"it waits {LEAVE_SECONDS:g} s" in PAGE
    assert f"{MAX_ROWS} entries of an array ({MAX_ALL_ROWS} of all), {MAX_BODY_BYTES >> 20} MiB of one answer" in PAGE
    assert f"at most {MAX_RESOURCES} resources, {MAX_MEMBERS} members" in PAGE
    assert f"{MAX_SERIES} series are kept" in PAGE
