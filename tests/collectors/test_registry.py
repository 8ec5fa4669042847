from __future__ import annotations

from collectors.registry import make_specs


def test_each_call_makes_its_own_probes() -> None:
    """What collectors share must not outlive the configuration that they were made for."""
    first, second = ({spec.kind: spec for spec in make_specs()} for _ in range(2))
    assert first.keys() == second.keys() >= {"host", "snmp", "icmp", "http", "tcp", "dns", "ntp"}
    for kind in ("icmp", "http", "tcp"):
        assert first[kind].build is not second[kind].build
