"""Controllers that are polled in tests."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import SecretStr

from agent.contract import Collector, Harvest, Subject, Target, Wire
from collectors.redfish.machine import Machine
from collectors.redfish.params import RedfishParams
from collectors.redfish.parse import Parsed, parse
from collectors.redfish.reduce import Reduced, reduced
from collectors.redfish.resource import Resource
from collectors.redfish.spec import make_spec
from collectors.redfish.walk import Walk
from config.credentials import Credential, HttpCredential
from tests.harness.mockups import ROOT, Tree
from tests.harness.redfish import PASSWORD, USER

SERVER = Subject("device", "srv-bmc")


def login(password: str = PASSWORD) -> Credential:
    made = HttpCredential.model_construct(username=USER, password=SecretStr(password))
    return Credential.model_construct(snmp=None, ssh=None, http=made, token=None)


def collector(
    wire: Wire,
    port: int | None,
    host: str = "127.0.0.1",
    *,
    password: str = PASSWORD,
    budget: float = 20.0,
    **keys: Any,
) -> Collector:
    target = Target(SERVER, "rathaus", host, port, 2.0, budget, room="serverraum", credential=login(password))
    return make_spec().build(target, RedfishParams.model_validate(keys), wire)


def read(found: Resource | None) -> Reduced | None:
    return None if found is None else reduced(found)


def walked(tree: Tree) -> Machine:
    """Walk through a tree that answers at once."""

    async def get(path: str) -> Reduced | None:
        return read(tree.get(path))

    return asyncio.run(Walk(get).machine(tree[ROOT]))


def parsed(tree: Tree, room: str | None = "serverraum") -> Parsed:
    return parse(walked(tree), room)


def values(found: Parsed | Harvest) -> dict[str, float]:
    """``family label values`` -> value, the prefix of ours left out."""
    if isinstance(found, Parsed):
        pairs = [(sample.family.name, sample.labels, sample.value) for sample in found.samples]
    else:
        pairs = [
            (column.family.name, row, found.values[column.start + index])
            for column in found.layout.columns
            for index, row in enumerate(column.rows.values)
        ]
    return {" ".join((name.removeprefix("ringwacht_"), *labels)): value for name, labels, value in pairs}
