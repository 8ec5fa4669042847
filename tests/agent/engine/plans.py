"""Plans from a few keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

import config
from agent.contract import CollectorSpec, Job, Plan, Target, Wire
from agent.engine.plan import make_plan
from config.inventory import Inventory
from config.settings import Credential, Settings, SnmpCredential
from tests.agent.engine.fakes import FakeCollector
from tests.harness.clock import FakeClock

REFERENCE = Path(config.__path__[0], "examples", "reference")
SITES: dict[str, Any] = {"rathaus": {}, "kreishaus": {}}


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Icmp(Strict):
    source: str | None = None
    count: int = 1
    spread: float = 0


class Expect(Strict):
    status: tuple[int, ...] | None = None
    text: str | None = None


class Http(Strict):
    url: str
    expect: Expect | None = None


def spec(kind: str, params: type[BaseModel] = Strict) -> CollectorSpec:
    return CollectorSpec(kind, params, (), _build)


def _build(_target: Target, _params: Any, _wire: Wire) -> FakeCollector:
    return FakeCollector(FakeClock())


SPECS = {one.kind: one for one in (spec("icmp", Icmp), spec("snmp"), spec("host"), spec("http", Http), spec("tcp"))}


def settings(**defaults: Any) -> Settings:
    lab = Credential.model_construct(snmp=SnmpCredential.model_construct(version="2c"), ssh=None, http=None, token=None)
    raw = {"defaults": defaults, "uplink": {"site": "rathaus"}}
    return Settings.model_validate(raw).model_copy(update={"credentials": {"lab": lab}})


def plan(inventory: dict[str, Any], **defaults: Any) -> Plan:
    return make_plan(Inventory.model_validate({"sites": SITES, **inventory}), settings(**defaults), SPECS)


def device(**keys: Any) -> list[Job]:
    return list(plan({"devices": {"a": {"site": "rathaus", **keys}}}).jobs)


def by_check(jobs: list[Job]) -> dict[str, Job]:
    return {one.key.check: one for one in jobs}
