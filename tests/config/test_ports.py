from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.engine.plan import make_plan
from collectors.snmp.spec import make_spec
from config.errors import Wrong
from config.inventory import Inventory
from config.network import Device
from config.ports import MOST_PORTS, parse_ports
from config.settings import Settings


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1-3", ("1", "2", "3")),
        ("7", ("7",)),
        ("1-2,47", ("1", "2", "47")),
        (" 1 - 2 , 2-3 ", ("1", "2", "3")),
        ("Gi1/0/9-11", ("Gi1/0/9", "Gi1/0/10", "Gi1/0/11")),
        ("Gi1/0/1-Gi1/0/2", ("Gi1/0/1", "Gi1/0/2")),
        ("ge-0/0/1", ("ge-0/0/1",)),
        ("ge-0/0/0-1", ("ge-0/0/0", "ge-0/0/1")),
        ("eth0, uplink", ("eth0", "uplink")),
        ("Port 1-2", ("Port 1", "Port 2")),
        ("A01-A03", ("A01", "A02", "A03")),
        ("09-10", ("09", "10")),
        ("5-5", ("5",)),
    ],
)
def test_ports_as_people_write_them(text: str, names: tuple[str, ...]) -> None:
    assert parse_ports(text).names == names
    assert len(parse_ports(text)) == len(names)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("46-1", "'46-1' runs backwards"),
        ("Gi1/0/4-1", "runs backwards"),
        ("1-46,", "has an empty item"),
        (",", "has an empty item"),
        (" ", "has an empty item"),
        (f"1-{MOST_PORTS + 1}", "is more than 4096 ports"),
        ("1-4000,a1-4000", "is more than 4096 ports"),
        ("1-9999999999", "no port has such a number"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(Wrong, match=says):
        parse_ports(text)


@given(st.text(max_size=100))
def test_any_text_is_ports_or_refused(text: str) -> None:
    try:
        ports = parse_ports(text)
    except Wrong:
        return
    assert 1 <= len(ports) <= MOST_PORTS
    assert len(set(ports.names)) == len(ports)


def test_a_device_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="runs backwards"):
        Device.model_validate({"site": "a", "access_ports": "46-1"})
    assert Device.model_validate({"site": "a", "access_ports": 12}).access_ports == "12"


def test_the_collector_is_told_the_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_COMMUNITY", "public")
    inventory = Inventory.model_validate(
        {
            "sites": {"a": {}},
            "devices": {
                "sw": {"site": "a", "address": "192.0.2.1", "credential": "lab", "access_ports": "1-2,9"},
                "ap": {"site": "a", "address": "192.0.2.2", "credential": "lab"},
            },
        }
    )
    login = {"version": "2c", "community": {"env": "LAB_COMMUNITY"}}
    settings = Settings.model_validate({"credentials": {"lab": {"snmp": login}}})
    plan = make_plan(inventory, settings, {"snmp": make_spec()})
    assert {job.target.subject.id: job.target.access_ports for job in plan.jobs} == {"sw": ("1", "2", "9"), "ap": ()}
