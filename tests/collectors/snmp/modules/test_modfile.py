"""Module files: both shapes, what is refused and where, and how a module says that a device is to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest

from agent.contract import CollectorSpec, ParamError
from agent.demo import ber
from agent.demo.ber import Request
from agent.families import SERIES_DROPPED, SNMP_ALIKE
from collectors.snmp.modules.asking import asking
from collectors.snmp.modules.hints import parse_hint
from collectors.snmp.modules.modfile import load_modules
from collectors.snmp.modules.module import Module, ModuleError
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from collectors.snmp.walking.walk import Walked
from tests.collectors.snmp.failures.test_f_transport import answering_from
from tests.collectors.snmp.lab import SPEC, Bench, is_walk, values_of
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent

GOOD = "m:\n  walk: [1.2]\n  metrics:\n    - {name: a, oid: 1.2.3, type: gauge, help: x}\n"
ONE_MORE = GOOD + "    - name: b\n      oid: 1.2.4\n"
IF_TABLE = "1.3.6.1.2.1.2.2"


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "snmp.yml"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD + "  version: 3\n  auth: {username: u, security_level: authPriv, password: hidden}\n",
        "auths: {a: {community: hidden, version: 2}}\nmodules:\n  " + GOOD.replace("\n", "\n  "),
        GOOD.replace("[1.2]", "[.1.2]") + "  max_repetitions: 5\n  retries: 2\n  timeout: 1m1.5s\n"
        "  allow_nonincreasing_oids: true\n  use_unconnected_udp_socket: true\n  filters:\n",
    ],
    ids=["older", "older with auth", "newer", "all keys"],
)
def test_both_shapes_are_read_and_no_credential_is_kept(file: Path, text: str) -> None:
    modules = load_modules(written(file, text))
    assert list(modules) == ["m"]
    assert modules["m"].walk == ("1.2",)
    assert "hidden" not in repr(modules)


def test_a_file_with_credentials_only_has_no_modules(file: Path) -> None:
    assert load_modules(written(file, "auths: {a: {community: public}}\n")) == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD + "  max_repetition: 5\n", 5, "m.max_repetition: unknown key; did you mean max_repetitions?"),
        (GOOD.replace("help: x", "hlep: x"), 4, "m.metrics.0.hlep: unknown key; did you mean help?"),
        (GOOD.replace("type: gauge", "type: Gauge32"), 4, "'Gauge32' is no type of a metric; did you mean gauge?"),
        (GOOD.replace("oid: 1.2.3", "oid: ifMtu"), 4, "'ifMtu' is no object identifier"),
        (GOOD.replace("name: a", "name: a-b"), 4, "'a-b' is no metric or label name"),
        (GOOD + "      indexes:\n        - labelname: i\n", 5, "did not find expected '-' indicator"),
        (ONE_MORE + "      indexes:\n      - {labelname: i, type: Float}\n", 8,
         "'Float' is no type of an index that can be rendered"),
        (ONE_MORE + "      indexes:\n      - {labelname: i, typ: gauge}\n", 8,
         "unknown key; did you mean type?"),
        (ONE_MORE + "      lookups:\n      - {labelname: i, labels: [j], old: 1.2}\n", 8,
         "unknown key; did you mean oid?"),
        (ONE_MORE + "      regex_extracts:\n        Temp: [{regex: '(.*', value: $1}]\n", 8,
         "is no regular expression (RE2 syntax): missing )"),
        (ONE_MORE + "      regex_extracts:\n        T: [{regex: '(?=a)b'}]\n", 8, "(RE2 syntax)"),
        (ONE_MORE + "      regex_extracts:\n        T: [{regex: 'a)|(b'}]\n", 8, "(RE2 syntax)"),
        (ONE_MORE + "      datetime_pattern: '%Q'\n", 7, "is no pattern of strptime"),
        (ONE_MORE + "      format_spec: []\n", 7, "unknown key"),
        (ONE_MORE.replace("1.2.4", "1.2.4\n      name: c"), 7, "name: this key is there twice"),
        (ONE_MORE + GOOD, 7, "m: this key is there twice"),
        ("m:\n  <<: [1]\n", 2, "<<: needs a mapping, or a list of them"),
        (GOOD + "    - {name: a, oid: 1.2.4, type: counter}\n", 5, "m.metrics.1: a: both gauge and counter"),
        (ONE_MORE + "      enum_values: {one: up}\n", 7, "valid integer"),
        (GOOD + "  timeout: 5 seconds\n", 5, "'5 seconds' is no duration"),
        (GOOD + "  filters:\n    - {oid: 1.2.9, targets: [1.2.3], values: ['(']}\n", 6, "is no regular expression"),
        (GOOD + "  filters:\n    - {targets: [1.2.3]}\n", 6, "either oid and values (dynamic) or indices (static)"),
        (GOOD + "  filters:\n    - {oid: 1.2.9, target: [1.2.3]}\n", 6, "unknown key; did you mean targets?"),
        ("modules:\n  " + GOOD.replace("\n", "\n  ") + "\nauth: {}\n", 7, "auth: unknown key; did you mean auths?"),
        ("m: [1]\n", 1, "m: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_file_and_line(file: Path, text: str, line: int, message: str) -> None:
    """Issue 4, bad input."""
    with pytest.raises((ModuleError, ParamError)) as refusal:
        make_spec((written(file, text),))
    told = str(refusal.value)
    assert str(file) in told
    assert message in told
    assert f"{file}:{line}: " in told


@pytest.mark.parametrize(
    ("hint", "octets", "shown"),
    [
        ("1x:", bytes(range(4)), b"00:01:02:03"),
        ("2d-1d", b"\x07\xea\x0b\x16", b"2026-1122"),
        ("*1d./1a", b"\x02\x01\x02ab", b"1.2/ab"),
        ("1o ", b"\x08\x09", b"10 11"),
        ("255a", b"Hall", b"Hall"),
        ("*1d.", b"\x00\x00\x00", b""),
        ("0a[2x:2x]0a:2d", bytes.fromhex("20010db80050"), b"[2001:0DB8]:80"),
        ("0a[1d.1d]0a:2d", bytes.fromhex("0a01"), b"[10.1"),
        ("9d", b"\x01" + bytes(7) + b"\x05", b"5"),
        ("1d", b"", None),
        ("0a", b"a", None),
        ("d-2", b"a", None),
        ("1x:1q", b"a", b"61"),
        ("1x:1q", b"ab", None),
    ],
)
def test_hints(hint: str, octets: bytes, shown: bytes | None) -> None:
    """RFC 2579 section 3.1; what does not fit is None, and shown as without a hint (snmp_exporter, #1549)."""
    assert parse_hint(hint).apply(octets) == shown


def test_of_several_modules_the_most_careful_counts() -> None:
    said = asking(
        [
            Module(walk=("1.2.2",), max_repetitions=10, timeout=3.0),
            Module(walk=("1.2.2.1.10",), max_repetitions=5, retries=3, allow_nonincreasing_oids=True),
            Module(walk=("1.4",), max_repetitions=0, use_unconnected_udp_socket=True),
            Module(walk=("1.5",), max_repetitions=25),  # what older generators wrote into every module
        ]
    )
    assert (said.repetitions("1.2.2", 200), said.repetitions("1.4", 200), said.repetitions("1.2", 7)) == (5, 200, 5)
    assert (said.is_loose("1.2.2"), said.is_loose("1.2.2.1.10.4"), said.is_loose("1.4")) == (True, True, False)
    assert (said.retries, said.timeout_seconds, said.any_source) == (3, 3.0, True)


def module_text(more: str) -> str:
    return (
        f"mine:\n  walk: [{IF_TABLE}]\n{more}  metrics:\n    - {{name: ifInOctets, oid: {IF_TABLE}.1.10, "
        "type: counter, help: x, indexes: [{labelname: ifIndex, type: gauge}]}\n"
    )


async def spec_of(file: Path) -> CollectorSpec:
    return await asyncio.to_thread(make_spec, (file,))


async def polled(bench: Bench, file: Path, more: str, agent: Agent) -> set[str]:
    """The interfaces that a poll with this module finds."""
    written(file, module_text(more))
    spec = await spec_of(file)
    harvest = await bench.of(agent, spec=spec, profile="none", modules=("mine",)).collect()
    return {index for (index,) in values_of(harvest, "ifInOctets", "ifIndex")}


async def test_a_module_limits_the_rows_asked_for(bench: Bench, file: Path) -> None:
    async with snmp_agent(Agent(interfaces(6))) as agent:
        assert len(await polled(bench, file, "  max_repetitions: 4\n", agent)) == 6
    assert {request.second for request in agent.requests if request.kind == ber.GET_BULK} == {4}


def sorted_as_text(agent: Agent, request: Request) -> Sequence[bytes] | None:
    if not is_walk(request, f"{IF_TABLE}"):
        return None
    order = sorted(oid for oid in agent.table if oid.startswith(f"{IF_TABLE}."))
    at = dotted(request.oids[0])
    start = order.index(at) + 1 if at in order else 0
    rows = [(oid, agent.table[oid]) for oid in order[start : start + request.second]]
    return [agent.reply(request, rows or [(at, ber.END_OF_MIB_VIEW)])]


async def test_a_module_may_allow_oids_that_do_not_increase(bench: Bench, file: Path) -> None:
    async with snmp_agent(Agent(interfaces(12), sorted_as_text)) as agent:
        assert len(await polled(bench, file, "  allow_nonincreasing_oids: true\n", agent)) == 12


async def test_rows_in_no_order_are_gone_through_once(
    bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is compared with what came before, not what came before with each page."""
    read: list[str] = []

    def all_oids(walked: Walked) -> list[str]:
        read.append(walked.root)
        return [*chain(*walked.pages)]

    monkeypatch.setattr(Walked, "oids", property(all_oids))
    more = "  allow_nonincreasing_oids: true\n  max_repetitions: 2\n"
    async with snmp_agent(Agent(interfaces(40), sorted_as_text)) as agent:
        assert len(await polled(bench, file, more, agent)) == 40
    assert len([request for request in agent.requests if is_walk(request, IF_TABLE)]) > 60
    assert len(read) < 10


async def test_a_module_says_how_often_to_ask_again(bench: Bench, file: Path) -> None:
    silent = {"left": 3}

    def first_drops(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if is_walk(request, IF_TABLE) and silent["left"]:
            silent["left"] -= 1
            return ()
        return None

    async with snmp_agent(Agent(interfaces(2), first_drops)) as agent:
        assert len(await polled(bench, file, "  retries: 3\n", agent)) == 2
    same = [request for request in agent.requests if is_walk(request, IF_TABLE)]
    assert {(request.kind, request.oids, request.second) for request in same[:4]} == {
        (same[0].kind, same[0].oids, same[0].second)
    }


async def test_a_module_may_believe_answers_from_every_address(bench: Bench, file: Path) -> None:
    async with answering_from("127.0.0.2", Agent(interfaces(2))) as agent:
        assert len(await polled(bench, file, "  use_unconnected_udp_socket: true\n", agent)) == 2


async def test_a_filter_that_cannot_be_read_is_no_empty_table(bench: Bench, file: Path) -> None:
    """F07: its module is named; nothing is read whole instead."""
    more = f"  filters: [{{oid: {IF_TABLE}.1.7, targets: [{IF_TABLE}], values: ['1']}}]\n  get: [1.3.6.1.2.1.1.3.0]\n"

    def no_status(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.error(request, 5)] if is_walk(request, f"{IF_TABLE}.1.7") else None

    async with snmp_agent(Agent(interfaces(2), no_status)) as agent:
        written(file, module_text(more) + "    - {name: sysUpTime, oid: 1.3.6.1.2.1.1.3, type: gauge, help: x}\n")
        collector = bench.of(agent, spec=await spec_of(file), profile="generic", modules=("mine",))
        harvest = await collector.collect()
    assert [remark.split(":")[0] for remark in harvest.partial] == ["mine"]
    assert len(values_of(harvest, "ifHCInOctets", "ifIndex")) == 2


async def test_series_beyond_the_cap_are_cut_and_counted(bench: Bench) -> None:
    """Issue 4, bad input: over 10,000 series from one device."""
    column = f"{IF_TABLE}.1.14"
    table = {f"{column}.{index}": ber.integer(index, ber.COUNTER32) for index in range(1, 12_001)}
    async with snmp_agent(Agent(interfaces(0) | table)) as agent:
        collector = bench.of(agent, timeout_seconds=2.0, budget_seconds=60.0, profile="generic")
        first, second = await collector.collect(), await collector.collect()
    assert first.layout.size == len(first.values) == 10_000, "how long it is up stands beside the tables, and counts"
    assert first.partial == ("10,000 of 12,003 series kept (max_series)",)
    assert second.layout is first.layout
    assert bench.meters.counts[SERIES_DROPPED.name, ""] == 2 * 2_003


async def test_a_device_may_have_a_cap_of_its_own(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(3))) as agent:
        harvest = await bench.of(agent, params=SnmpParams(max_series=5)).collect()
    assert harvest.layout.size == 5
    assert len(values_of(harvest, "ringwacht_device_uptime_seconds")) == 1
    assert harvest.partial == (f"5 of {5 + bench.meters.counts[SERIES_DROPPED.name, '']} series kept (max_series)",)


async def test_rows_that_are_told_apart_are_counted(bench: Bench, file: Path) -> None:
    """F26."""
    name = f"{{labels: [ifIndex], labelname: ifDescr, oid: {IF_TABLE}.1.2, type: DisplayString}}"
    written(file, module_text("").replace("]}\n", f"], lookups: [{name}, {{labelname: ifIndex}}]}}\n"))
    async with snmp_agent(Agent(interfaces(3, lambda index: "lan" if index < 3 else "wan"))) as agent:
        collector = bench.of(agent, spec=await spec_of(file), profile="none", modules=("mine",))
        harvest = await collector.collect()
    assert values_of(harvest, "ifInOctets", "ifDescr") == {("lan~1",): 1001, ("lan~2",): 1002, ("wan",): 1003}
    assert bench.meters.counts[SNMP_ALIKE.name, ""] == 2


async def test_a_walk_of_one_instance_gets_it(bench: Bench, file: Path) -> None:
    """GETNEXT steps over an instance; snmp_exporter's library then asks by GET."""
    written(file, module_text("").replace(f"[{IF_TABLE}]", f"[{IF_TABLE}.1.10.2]"))
    async with snmp_agent(Agent(interfaces(3) | {f"{IF_TABLE}.1.10.22": encode(1)})) as agent:
        collector = bench.of(agent, spec=await spec_of(file), profile="none", modules=("mine",))
        assert values_of(await collector.collect(), "ifInOctets", "ifIndex") == {("2",): 1002}


def test_the_shipped_modules_are_read_by_the_same_reader() -> None:
    assert {"ifHCInOctets", "upsBatteryStatus"} <= {family.name for family in SPEC.families}
