from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Series, Subject
from agent.risk.ports import PORT_LABELS, ends_of, find_port, is_port, row_of_port
from tests.agent.risk.scene import Scene

NAMES = st.sampled_from(["", "1", "2", "ge-1", "ge-2"])
TABLE = st.lists(st.tuples(*[NAMES] * len(PORT_LABELS)), max_size=6)


@given(TABLE, NAMES)
def test_the_port_whose_history_is_kept_is_the_one_that_judgement_finds(rows: list[tuple[str, ...]], port: str) -> None:
    device = Subject("device", "sw")
    names = tuple(reversed(PORT_LABELS))
    series = [Series(device, None, dict(zip(names, row, strict=True)), number, 0.0) for number, row in enumerate(rows)]
    found, row = find_port(series, port), row_of_port(names, rows, port)
    assert (None if found is None else found.value) == row
    assert row is None or is_port(series[row].labels, {port})


def ports(*aliases: str) -> list[Series]:
    device = Subject("device", "sw")
    return [Series(device, None, {"ifName": f"ge-{i}", "ifAlias": one}, 1.0, 0.0) for i, one in enumerate(aliases)]


def test_a_name_of_several_ports_is_that_of_none() -> None:
    assert find_port(ports("uplink", "uplink"), "uplink") is None
    assert find_port(ports("uplink", ""), "") is None
    found = find_port(ports("uplink", "desk"), "uplink")
    assert found is not None
    assert found.labels["ifName"] == "ge-0"


def test_a_port_that_two_checks_read_is_one_port() -> None:
    assert find_port(ports("uplink") * 2, "uplink") is not None


def test_ends_are_told_by_device() -> None:
    devices = {name: {"site": "rathaus", "address": "127.0.0.1"} for name in ("a", "b")}
    links = {
        "x": {"kind": "fibre", "ends": ["a/1", "b/1/2"]},
        "y": {"kind": "fibre", "ends": ["a/2", "kreishaus"]},
        "z": {"kind": "fibre", "ends": ["b", "kreishaus"]},
    }
    made = Scene({"devices": devices, "links": links})
    assert ends_of(made.inventory.links.values()) == {
        Subject("device", "a"): {"1", "2"},
        Subject("device", "b"): {"1/2"},
    }
