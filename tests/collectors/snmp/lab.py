"""Collectors for agents on loopback, and what their harvests hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydantic import SecretStr

from agent.contract import Harvest, LabelPairs, MetricFamily, Subject, Target
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.engines import Peer, converse
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.security import Keys
from config.address import Address
from config.credentials import SnmpCredential
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, dotted

SPEC = make_spec()


class Meters:
    """Telemetry that can be asked."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def count(self, family: MetricFamily, labels: LabelPairs = (), by: float = 1) -> None:
        assert labels[0] == ("device", "dut")
        self.counts[family.name, "".join(value for name, value in labels if name == "why")] += int(by)

    def set(self, family: MetricFamily, labels: LabelPairs, value: float) -> None:
        raise AssertionError("no gauges here")


class Login:
    """A credential with an snmp section only."""

    def __init__(self, **keys: Any) -> None:
        self.snmp = SnmpCredential.model_construct(**{"community": None, "context": None, **keys})


def by_community(version: str = "2c", community: str = "public") -> Login:
    return Login(version=version, community=SecretStr(community))


def by_user(
    user: str = "ringwacht", auth: str = "authpass123", priv: str | None = "privpass123", cipher: str = "AES-128"
) -> Login:
    return Login(
        version="3",
        username=user,
        auth_protocol="SHA-256",
        auth_password=SecretStr(auth),
        priv_protocol=cipher if priv else None,
        priv_password=SecretStr(priv) if priv else None,
    )


class Bench:
    """Builds collectors for agents on loopback and closes them."""

    def __init__(self) -> None:
        self.meters = Meters()
        self.wire = FakeWire(self.meters)
        self._made: list[SnmpCollector] = []

    def collector(self, port: int, login: Login | None = None, **target: Any) -> SnmpCollector:
        params, spec = target.pop("params", SnmpParams()), target.pop("spec", SPEC)
        keys: dict[str, Any] = {"profile": "generic", "timeout_seconds": 0.3, "budget_seconds": 5.0, **target}
        about = Target(Subject("device", "dut"), "site", "127.0.0.1", port, credential=login or by_community(), **keys)
        made = spec.build(about, params, self.wire)
        assert isinstance(made, SnmpCollector)
        self._made.append(made)
        return made

    def of(self, agent: Agent, **target: Any) -> SnmpCollector:
        return self.collector(agent.port, **target)

    async def close(self) -> None:
        for made in self._made:
            await made.close()


def series(harvest: Harvest) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of a harvest by name and labels; fails on a series that comes twice."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for column in harvest.layout.columns:
        values = harvest.values[column.start : column.stop]
        for row, value in zip(column.rows.values, values, strict=True):
            key = (column.family.name, tuple(zip(column.rows.names, row, strict=True)))
            assert key not in found, f"{key} twice"
            assert column.family.labels == column.rows.names
            found[key] = value
    assert len(harvest.values) == harvest.layout.size == len(found)
    return found


def values_of(harvest: Harvest, family: str, *labels: str) -> dict[tuple[str, ...], float]:
    """Values of one family by the values of the labels named."""
    return {
        tuple(dict(pairs)[label] for label in labels): value
        for (name, pairs), value in series(harvest).items()
        if name == family
    }


def is_walk(request: Request, root: str = "1.3.6.1.2.1.2") -> bool:
    """Whether it walks below this root."""
    return request.kind in {ber.GET_NEXT, ber.GET_BULK} and (dotted(request.oids[0]) + ".").startswith(root + ".")


def conversation(
    agent: Agent, params: SnmpParams | None = None, version: str = "2c", timeout_seconds: float = 0.3
) -> Conversation:
    """A conversation with an agent, begun, with no collector around it."""
    peer = Peer(Address(agent.host, agent.port), by_community(version).snmp, timeout_seconds)
    made = converse(peer, Keys(), params or SnmpParams())
    made.start(3)
    return made
