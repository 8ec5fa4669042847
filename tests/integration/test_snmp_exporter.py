"""The same modules at the same devices as prometheus-snmp-exporter: every difference is a failure (issue 4, result 1).

The devices are recordings of real ones (snmpsim-data), cut to the first rows of each table; both ask the same agent.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from agent.contract import CollectorSpec, Harvest
from agent.demo import ber
from agent.families import SNMP_DROPPED
from agent.layout import clean_text
from collectors.snmp.mapping.library import SHIPPED
from collectors.snmp.modules.modfile import load_modules
from collectors.snmp.modules.module import Module
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, series
from tests.harness.recordings import recorded
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent
from tests.harness.snmp_exporter import Page, SeriesKey, SnmpExporter, snmp_exporter

pytestmark = pytest.mark.integration

FIXTURE = Path(__file__).parents[1] / "collectors" / "snmp" / "fixtures" / "differential.yml"
ROWS_EACH = 400
"""Rows of each subtree that a module walks."""
DEVICES = (
    "UPS/apc-7902b.snmprec",
    "UPS/apc-8641.snmprec",
    "UPS/apc-8932.snmprec",
    "UPS/eaton-93e-80.snmprec.bz2",
    "UPS/emerson-network-power.snmprec.bz2",
    "UPS/ingrasys-power-switch.snmprec.bz2",
    "UPS/phoenixtec-power.snmprec.bz2",
    "UPS/vertiv-power.snmprec.bz2",
    "bmc/hp-onboard-administrator.snmprec.bz2",
    "camera/samsung-ipolis.snmprec.bz2",
    "cloud/arista-dcs-7150s-52-cl.snmprec.bz2",
    "iot/geist-temperature-sensor.snmprec",
    "network/appliance/tripplite-poweralert.snmprec",
    "network/firewall/clavister-amaranten.snmprec.bz2",
    "network/firewall/netentsec-ngfw.snmprec.bz2",
    "network/firewall/paloalto-pa-5000.snmprec.bz2",
    "network/router/cisco-unmarked-0.snmprec.bz2",
    "network/router/huawei-s5720.snmprec.bz2",
    "network/router/vyatta-unknown.snmprec.bz2",
    "network/switch/brocade-fiber-channel.snmprec.bz2",
    "network/switch/brocade-icx6430-24.snmprec.bz2",
    "network/switch/cisco-c3560.snmprec.bz2",
    "network/switch/cisco-c3750.snmprec.bz2",
    "network/switch/dlink-des3038.snmprec.bz2",
    "network/switch/h3c-e528-2.snmprec.bz2",
    "network/switch/metel-poe-box.snmprec.bz2",
    "network/switch/ruijie-s5750-24gt12sfp.snmprec.bz2",
    "network/wifi/sangfor-wac-2.snmprec.bz2",
    "network/wifi/ubiquiti-m5.snmprec.bz2",
    "os/linux/ibm-x3550-m3.snmprec.bz2",
    "os/linux/slackware.snmprec.bz2",
    "os/linux/unknown-001.snmprec.bz2",
    "os/linux/unknown-002.snmprec.bz2",
    "os/windows/XP.snmprec.bz2",
    "os/windows/server-2003-5-2.snmprec.bz2",
    "storage/isilon-onefs.snmprec.bz2",
    "storage/netapp-fas3270.snmprec.bz2",
)

# --- reasoned exceptions ---------------------------------------------------------------------------------------------
DUPLICATE, NO_UTF8 = "was collected before with the same name and label values", "is not valid UTF-8"
BAD_INDEX = frozenset(
    {"ipAddressIfIndex", "ipAddressPrefix", "ipAddressType_info", "ipNetToMediaIfIndex", "tcpConnState_info"}
    | {"udpEndpointProcess", "udpLocalAddress"}
)
"""Rows whose index does not fit its type: the other shows addresses such as 996512.0.0.0, we drop and count them."""
NO_NUMBER = frozenset({"laLoadFloat"})
"""Values that are no number, as an Opaque with something else than a float: the other says 0; unknown is not 0 here."""
NO_STATE = {"ipAddressType_info": "ipAddressType"}
"""The same, of a state: it is a label there."""
DATES = frozenset({"hrFSLastFullBackupDate"})
FIRST_DATE = -62_135_596_800
"""The year 1 in seconds since the epoch: a DateAndTime of zeros, for "never", is absent with us."""


class Both(NamedTuple):
    """The other exporter, our spec, and the modules that both have read."""

    exporter: SnmpExporter
    spec: CollectorSpec
    modules: Mapping[str, Module]


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    yield made
    await made.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("modules")
    raw: dict[str, Any] = yaml.safe_load(FIXTURE.read_text())
    for name in ("generic", "ups-mib"):
        raw |= yaml.safe_load((SHIPPED / f"{name}.yml").read_text())["modules"]
    with snmp_exporter(folder, raw) as exporter:
        file = folder / "snmp.yml"
        yield Both(exporter, make_spec((file,)), load_modules(file))


async def ours(bench: Bench, both: Both, agent: Agent, *modules: str) -> tuple[Harvest, Page]:
    """What we make of the device with these modules only."""
    target = {"profile": "none", "modules": modules, "timeout_seconds": 5.0, "budget_seconds": 20.0}
    harvest = await bench.of(agent, spec=both.spec, **target).collect()
    found = {(name, tuple(sorted(labels))): value for (name, labels), value in series(harvest).items()}
    return harvest, Page("", found, {column.family.name: column.family.type for column in harvest.layout.columns})


def expected(page: Page) -> dict[SeriesKey, float]:
    """The other's series with labels as any text from a device is cleaned (F25)."""
    return {
        (name, tuple((label, clean_text(text)) for label, text in labels)): value
        for (name, labels), value in page.series.items()
    }


def worthless(key: SeriesKey, value: float) -> bool:
    """Whether the other made a number of something that is none."""
    name, labels = key
    if name in NO_NUMBER:
        return value == 0
    if name in NO_STATE:
        return dict(labels)[NO_STATE[name]] == "0"
    return name in DATES and value < FIRST_DATE


def missing(page: Page, wanted: Mapping[SeriesKey, float], dropped: Mapping[str, int]) -> set[SeriesKey]:
    """Which series are missing with us; all of them with a reason, and as many as we counted."""
    gone = {key: value for key, value in wanted.items() if key not in page.series}
    no_number = {key for key, value in gone.items() if worthless(key, value)}
    others = gone.keys() - no_number
    assert {key for key in others if key[0] not in BAD_INDEX} == set()
    assert len(others) == dropped["bad_index"]
    assert len(no_number) <= dropped["not_numeric"], "more, where the other drops a value, too"
    return set(gone)


def unread(harvest: Harvest) -> list[str]:
    """What could not be read; that a recording, which is cut, ends amid a column is told as well (F06)."""
    return [one for one in harvest.partial if not one.startswith("partial_table:")]


def first_of(modules: Mapping[str, Module]) -> dict[str, set[str]]:
    """Names of the families that each module is the first to have of the same object."""
    seen: set[tuple[str, str]] = set()
    found: dict[str, set[str]] = {}
    for name, module in modules.items():
        fresh = [metric for metric in module.metrics if (metric.name, metric.oid) not in seen]
        found[name] = {family.name for metric in fresh for family in metric.families}
        seen |= {(metric.name, metric.oid) for metric in fresh}
    return found


@pytest.mark.parametrize("device", DEVICES)
async def test_same_modules_same_series(bench: Bench, both: Both, device: str) -> None:
    """Issue 4, result 1: each module by itself, and all of them together."""
    subtrees = {oid for module in both.modules.values() for oid in (*module.walk, *module.get)}
    together: dict[SeriesKey, float] = {}
    firsts = first_of(both.modules)
    async with snmp_agent(Agent(recorded(device, {oid.removesuffix(".0") for oid in subtrees}, ROWS_EACH))) as agent:
        for module in both.modules:
            bench.meters.counts.clear()
            theirs = await both.exporter.scrape(f"127.0.0.1:{agent.port}", module)
            harvest, found = await ours(bench, both, agent, module)
            assert (unread(harvest), theirs.error) == ([], "")
            wanted = expected(theirs)
            dropped = {why: bench.meters.counts[SNMP_DROPPED.name, why] for why in ("bad_index", "not_numeric")}
            gone = missing(found, wanted, dropped)
            assert found.series == {key: value for key, value in wanted.items() if key not in gone}, module
            assert found.types == {name: theirs.types[name] for name in found.types}
            together |= {key: value for key, value in found.series.items() if key[0] in firsts[module]}
        harvest, found = await ours(bench, both, agent, *both.modules)
    assert unread(harvest) == []
    assert found.series == together
    assert together


@pytest.mark.parametrize(
    ("names", "error", "labels"),
    [
        ((b"lan", b"lan"), DUPLICATE, ("lan~1", "lan~2")),
        ((b"lan", b"\xca\xbd\xff"), NO_UTF8, ("lan", "\u02bd\ufffd")),
    ],
    ids=["the same labels twice", "no UTF-8"],
)
async def test_what_fails_the_others_whole_scrape_costs_ours_nothing(
    bench: Bench, both: Both, names: tuple[bytes, bytes], error: str, labels: tuple[str, str]
) -> None:
    """F25, F26: an exception with a reason."""
    errors = {f"1.3.6.1.2.1.10.7.2.1.3.{index}": ber.integer(index, ber.COUNTER32) for index in (1, 2)}
    async with snmp_agent(Agent(interfaces(2, lambda index: names[index - 1]) | errors)) as agent:
        theirs = await both.exporter.scrape(f"127.0.0.1:{agent.port}", "interfaces")
        _, found = await ours(bench, both, agent, "interfaces")
    assert error in theirs.error
    rows = {key: value for key, value in found.series.items() if key[0] == "dot3StatsFCSErrors"}
    assert rows == {("dot3StatsFCSErrors", (("ifDescr", label),)): at for at, label in enumerate(labels, 1)}
    assert len(found.series) > 10
