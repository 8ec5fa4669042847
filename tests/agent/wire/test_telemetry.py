from __future__ import annotations

from agent.families import JOBS, SNMP_PACKETS, SNMP_VALUES
from agent.wire.telemetry import MeterBook

A = (("device", "a"), ("instance", "a"))
B = (("device", "b"), ("instance", "b"))


def test_counters_add_and_gauges_replace() -> None:
    meters = MeterBook()
    meters.count(SNMP_VALUES, A, 10)
    meters.count(SNMP_VALUES, A)
    meters.count(SNMP_PACKETS)
    meters.set(JOBS, (("lane", "main"),), 3)
    meters.set(JOBS, (("lane", "main"),), 4)
    assert meters.own() == (
        (SNMP_VALUES, ((A, 11.0),)),
        (SNMP_PACKETS, (((), 1.0),)),
        (JOBS, (((("lane", "main"),), 4.0),)),
    )


def test_what_is_forgotten_is_gone_and_begins_at_0() -> None:
    meters = MeterBook()
    for labels in (A, B):
        meters.count(SNMP_VALUES, labels, 5)
    meters.count(SNMP_PACKETS, A)
    meters.forget(lambda labels: labels == A)
    assert meters.own() == ((SNMP_VALUES, ((B, 5.0),)),)
    meters.count(SNMP_VALUES, A)
    assert dict(meters.own()[0][1])[A] == 1.0


def test_what_was_read_does_not_change() -> None:
    meters = MeterBook()
    meters.count(SNMP_VALUES, A)
    before = meters.own()
    meters.count(SNMP_VALUES, A)
    assert before == ((SNMP_VALUES, ((A, 1.0),)),)
