"""F25, F26 over the wire: names that are no text, alike, empty or too long stay labels, and series stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import CollectorSpec
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, values_of
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

MODULE = """
names:
  walk: [1.3.6.1.2.1.2.2.1.2, 1.3.6.1.2.1.2.2.1.10]
  metrics:
    - name: ifInOctets
      oid: 1.3.6.1.2.1.2.2.1.10
      type: counter
      help: Octets.
      indexes: [{labelname: ifIndex, type: gauge}]
      lookups:
        - {labels: [ifIndex], labelname: ifDescr, oid: 1.3.6.1.2.1.2.2.1.2, type: DisplayString}
        - {labels: [], labelname: ifIndex}
"""


@pytest.fixture
def spec(tmp_path: Path) -> CollectorSpec:
    module = tmp_path / "snmp.yml"
    module.write_text(MODULE)
    return make_spec([module])


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ((b"\xca\xbd\xff\x00\x0a\x22", b"\xca\xbd\xfe\x01\x0a\x22"), '\u02bd\ufffd\ufffd\ufffd"'),
        ((b"eth", b"eth"), "eth"),
        ((b"", b""), ""),
    ],
    ids=["alike when cleaned (F25)", "duplicates (F26)", "empty (F26)"],
)
async def test_f25_f26_names_that_become_one_are_two_series(
    bench: Bench, spec: CollectorSpec, names: tuple[bytes, bytes], shown: str
) -> None:
    """The module drops the index, as those of the catalogue's threads did: it comes back behind the name."""
    async with snmp_agent(Agent(interfaces(3, lambda index: (*names, b"other")[index - 1]))) as agent:
        harvest = await bench.of(agent, profile="none", modules=("names",), spec=spec).collect()
    assert values_of(harvest, "ifInOctets", "ifDescr") == {
        (f"{shown}~1",): 1001,
        (f"{shown}~2",): 1002,
        ("other",): 1003,
    }
    assert bench.meters.counts["ringwacht_snmp_duplicate_labels_total", ""] == 2


@pytest.mark.parametrize(
    "name",
    [b'"} 1\nfake{x="', b"\xca\xbd\xff\x00\x0a\x22", b"x" * 1500, "\u202eevil".encode(), b""],
    ids=["quote and newline", "no UTF-8", "long", "bidi", "empty"],
)
async def test_f25_hostile_names_stay_one_label(bench: Bench, name: bytes) -> None:
    """Issue 2, bad input; F25."""
    async with snmp_agent(Agent(interfaces(3, lambda index: name if index == 2 else f"eth{index}"))) as agent:
        harvest = await bench.of(agent).collect()
    found = values_of(harvest, "ifHCInOctets", "ifIndex", "ifName")
    assert {index for index, _ in found} == {"1", "2", "3"}
    label = next(text for index, text in found if index == "2")
    assert len(label.encode()) <= 256
    assert label.isprintable()


async def test_f25_names_too_long_for_the_fast_engine_are_read_and_cut(bench: Bench) -> None:
    """F25: what does not fit into 4 kB comes by the compatible engine, and becomes a label of 256 bytes at most."""
    table = interfaces(2) | {"1.3.6.1.2.1.31.1.1.1.1.2": encode(b"x" * 60_000)}
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent, timeout_seconds=1.0).collect()
    found = values_of(harvest, "ifHCInOctets", "ifIndex", "ifName")
    assert {index: len(name) for index, name in found} == {"1": 4, "2": 256}
    assert harvest.partial == ()
