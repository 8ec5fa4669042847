"""Radio relays of Ericsson, NEC, Huawei, Nokia, Siklu, Racom, Alcoma, Aviat, SAF and Mimosa, by synthetic recordings.

Each recording holds the maker's traps: texts for numbers, sentinels, enumerations where up is not 1, muted carriers,
carriers without signal, rows that mean something else.
"""

from __future__ import annotations

import pytest

from agent.demo import ber
from tests.collectors.snmp.lab import Bench, Meters, values_of
from tests.collectors.snmp.profiles.radio_b import EXPECTED, PROFILES, values
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, encode, read_snmprec, snmp_agent


def recorded(name: str) -> Agent:
    return Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))


@pytest.mark.parametrize("name", EXPECTED)
async def test_all_neutral_values(bench: Bench, name: str) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec")
    assert profile == PROFILES.get(name, name.replace("_", "-"))
    assert neutral(harvest) == values(EXPECTED[name])


FACTS = {
    "alcoma": {"vendor": "Alcoma", "model": "AL13F MP SYN", "serial": "SYN-0815", "firmware": "9.31"},
    "ericsson_minilink_tn": {"vendor": "Ericsson"},
    "mimosa": {"vendor": "Mimosa", "serial": "3000000123", "firmware": "1.5.3"},
    "nec_ipasolink": {"vendor": "NEC", "serial": "0012345", "firmware": "5.00.51"},
    "racom_ray2": {"vendor": "Racom", "model": "RAY17-SYN", "serial": "4711017", "firmware": "3.2.7.0"},
    "racom_ray3": {"vendor": "Racom", "model": "RAY3-SYN", "serial": "4711018", "firmware": "1.0.9.0"},
    "saf_integra_b": {"vendor": "SAF Tehnika"},
    "saf_integra_e": {"vendor": "SAF Tehnika", "model": "INTEGRA-E SYN", "serial": "SYN0000012"},
}


@pytest.mark.parametrize("name", FACTS)
async def test_facts(bench: Bench, name: str) -> None:
    harvest, _ = await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec")
    asked = ("vendor", "model", "serial", "firmware")
    assert {fact: harvest.facts[fact] for fact in asked if fact in harvest.facts} == FACTS[name]


async def test_a_nul_at_the_end_is_no_part_of_a_text(bench: Bench) -> None:
    """Alcoma's sysDescr ends with one."""
    harvest, _ = await replay(bench, SYNTHETIC / "alcoma_synthetic.snmprec")
    assert harvest.facts["sys_descr"] == "Synthetic radio, written from ALCOMA-MIB"


PT, TN, NEC = "1.3.6.1.4.1.193.223.2.7", "1.3.6.1.4.1.193.81.3.4", "1.3.6.1.4.1.119.2.3.69.501"
RTN, NOKIA, SIKLU = "1.3.6.1.4.1.2011.2.25.4.40.4.10", "1.3.6.1.4.1.6527.6.1.2.2.7.1", "1.3.6.1.4.1.31926.2.1.1"
RAY, ALCOMA, AVIAT = "1.3.6.1.4.1.33555", "1.3.6.1.4.1.12140.2", "1.3.6.1.4.1.2509.9"
SAF, MIMOSA = "1.3.6.1.4.1.7571.100.1.1.7", "1.3.6.1.4.1.43356.2.1.2"
LEVEL, LINK, MUTED, MSE, SNR = "received_level_dbm", "link_up", "transmit_muted", "mse_db", "snr_db"


@pytest.mark.parametrize(
    ("name", "oid", "raw", "wanted"),
    [
        ("ericsson_minilink_pt", f"{PT}.1.1.1.2001", "N/A", (f"{LEVEL} 1", None)),
        ("ericsson_minilink_pt", f"{PT}.1.1.1.2001", "0", (f"{LEVEL} 1", None)),
        ("ericsson_minilink_pt", f"{PT}.1.1.8.2001", 1, (f"{LINK} 1", 0)),
        ("ericsson_minilink_pt", f"{PT}.1.1.8.2001", 5, (f"{LINK} 1", 1)),
        ("ericsson_minilink_pt", f"{PT}.1.1.8.2001", 3, (f"{LINK} 1", None)),
        ("ericsson_minilink_pt", f"{PT}.1.1.25.2001", 4, (f"{MUTED} 1", None)),
        ("ericsson_minilink_tn", f"{TN}.3.1.3.1.10.301", -999, (f"{LEVEL} 1/3/1", None)),
        ("ericsson_minilink_tn", f"{TN}.3.1.3.1.1.301", 255, ("transmit_level_dbm 1/3/1", None)),
        ("ericsson_minilink_tn", f"{TN}.5.1.3.1.3.9001", 2, (f"{LINK} 1/3/1", 0)),
        ("ericsson_minilink_tn", f"{TN}.5.1.3.1.3.9001", 5, (f"{LINK} 1/3/1", None)),
        ("ericsson_minilink_tn", f"{TN}.3.1.2.1.7.301", 2, (f"{MUTED} 1/3/1", 1)),
        ("nec_ipasolink", f"{NEC}.8.1.1.6.16842752", "invalid", (f"{LEVEL} Modem 1", None)),
        ("nec_ipasolink", f"{NEC}.8.1.1.6.16842752", "0.0", (f"{LEVEL} Modem 1", None)),
        ("nec_ipasolink", f"{NEC}.8.1.1.5.16842752", 0, (f"{LEVEL} Modem 1", None)),
        ("nec_ipasolink", f"{NEC}.3.2.1.1.3.16842752", 3, (f"{LINK} Modem 1", 0)),
        ("nec_ipasolink", f"{NEC}.3.2.1.1.3.16842752", 2, (f"{LINK} Modem 1", None)),
        ("nec_ipasolink", f"{NEC}.3.2.1.1.14.16842752", 0, ("modulation_order Modem 1 rx", None)),
        ("huawei_rtn", f"{RTN}.30.1.9.23.255.1", 32767, (f"{LEVEL} 23.255.1", None)),
        ("huawei_rtn", f"{RTN}.40.1.2.23.255.1", 0, (f"{MUTED} 23.255.1", 1)),
        ("nokia_9500", f"{NOKIA}.3.1.2.1.35684352", -1000, (f"{LEVEL} mast-north", None)),
        ("nokia_9500", f"{NOKIA}.2.1.5.1.35684352", 3, (f"{LINK} mast-north", 0)),
        ("nokia_9500", f"{NOKIA}.2.1.5.1.35684352", 4, (f"{LINK} mast-north", None)),
        ("siklu", f"{SIKLU}.17.1", 2, (f"{LINK} 1", 0)),
        ("siklu", f"{SIKLU}.17.1", 2, (f"{SNR} 1", None)),
        ("racom_ray2", f"{RAY}.1.1.3.8.0", 3, (f"{LINK} 1", 0)),
        ("racom_ray2", f"{RAY}.1.1.3.8.0", 7, (f"{LINK} 1", None)),  # lineStatus, which is older, says connecting
        ("racom_ray2", f"{RAY}.1.1.3.8.0", "", (f"{LINK} 1", None)),
        ("racom_ray2", f"{RAY}.1.3.2.1.0", 0, (f"{LEVEL} 1", None)),
        ("racom_ray3", f"{RAY}.4.1.3.8.0", 6, (f"{LINK} 1", 0)),
        ("racom_ray3", f"{RAY}.4.3.2.1.0", 0, (f"{LEVEL} 1", None)),
        ("racom_ray3", f"{RAY}.4.3.2.12.0", 0, (f"{MSE} 1", None)),
        ("alcoma", f"{ALCOMA}.3.4.0", -128, (f"{LEVEL} 1", None)),
        ("alcoma", f"{ALCOMA}.7.4.0", 1, (f"{LINK} 1", 0)),
        ("alcoma", f"{ALCOMA}.7.4.0", -1, (f"{LINK} 1", None)),
        ("alcoma", f"{ALCOMA}.3.4.0", -128, (f"{LINK} 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, (f"{LINK} 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, (f"{LEVEL} 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, (f"{SNR} 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, ("transmit_level_dbm 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, (f"{MUTED} 1", None)),
        ("alcoma", f"{ALCOMA}.2.3.0", 0, ("frequency_hertz 1 tx", 12863.5e6)),
        ("alcoma", f"{ALCOMA}.3.7.0", 0, (f"{MUTED} 1", 1)),
        ("alcoma", f"{ALCOMA}.4.6.0", 6, ("modulation_order 1 tx", 4)),
        ("aviat_wtm", f"{AVIAT}.15.2.2.1.4.11", -1300, (f"{LEVEL} Carrier1/1", None)),
        ("aviat_wtm", f"{AVIAT}.3.2.4.1.2.11", 7, (f"{LINK} Carrier1/1", 0)),
        ("aviat_wtm", f"{AVIAT}.3.2.1.1.13.11", 10, ("modulation_order Carrier1/1 tx", 256)),
        ("saf_integra_b", f"{SAF}.1.3.1.0", 3, (f"{LINK} 1", 0)),
        ("saf_integra_b", f"{SAF}.1.3.1.0", 1, (f"{MSE} 1", None)),
        ("saf_integra_b", f"{SAF}.1.3.2.0", -36, (f"{MSE} 1", -36)),
        ("saf_integra_b", f"{SAF}.1.2.5.0", 3, (f"{MUTED} 1", None)),
        ("saf_integra_e", f"{SAF}.9.3.1.0", 1, (f"{LINK} 1", 0)),
        ("mimosa", f"{MIMOSA}.3.3.0", 2, (f"{LINK} 1", 0)),
        ("mimosa", f"{MIMOSA}.3.3.0", 2, (f"{LEVEL} 1", None)),
    ],
)
async def test_the_change_that_matters(
    bench: Bench, name: str, oid: str, raw: int | str, wanted: tuple[str, float | None]
) -> None:
    """A lost signal is no value, a hop that is down is 0, and what the maker does not know nobody knows."""
    async with snmp_agent(recorded(name)) as agent:
        collector = bench.of(agent, profile="auto")
        before = neutral(await collector.collect())
        agent.table[oid] = encode(raw)
        after = neutral(await collector.collect())
    series, then = wanted
    assert f"radio_{series}" in before
    assert after.get(f"radio_{series}") == then


class MovedWire(FakeWire):
    """A wire whose clock is moved by hand."""

    def __init__(self, meters: Meters) -> None:
        super().__init__(meters)
        self.later = 0.0

    def now(self) -> float:
        """Return the moment that the test says."""
        return super().now() + self.later


@pytest.mark.parametrize(
    ("name", "port", "ours", "suspicious"),
    [
        ("nokia_9500", "mast-north", (9, 2, 31), (f"{NOKIA}.9.1.7.1.35684352.0.0.1", 1)),
        ("ericsson_minilink_tn", "1/3/1", (5, 1, 40), (f"{TN}.1.1.13.1.7.301.1", 2)),
    ],
)
async def test_a_finished_register_is_added_once_a_quarter_of_an_hour(
    bench: Bench, name: str, port: str, ours: tuple[int, ...], suspicious: tuple[str, int]
) -> None:
    """Errored seconds, severely errored ones, and block errors; none where the device calls the interval suspect."""
    bench.wire = wire = MovedWire(bench.meters)
    families = ("errored_seconds_total", "severely_errored_seconds_total", "background_block_errors_total")
    found: list[dict[str, float]] = []
    async with snmp_agent(recorded(name)) as agent:
        collector = bench.of(agent, profile="auto")
        for wire.later in (0, 59, 60, 120, 959):
            found.append(neutral(await collector.collect()))
        agent.table[suspicious[0]] = encode(suspicious[1])
        wire.later = 960
        suspect = neutral(await collector.collect())
    for family, value in zip(families, ours, strict=True):
        assert [poll[f"radio_{family} {port}"] for poll in found] == [0, 0, value, value, value]
        assert f"radio_{family} {port}" not in suspect


@pytest.mark.parametrize(
    ("name", "oid", "raws", "series"),
    [
        ("nec_ipasolink", f"{NEC}.9.1.1.1.5.16842752.3", (2, 6, 2), "severely_errored_seconds_total Modem 1"),
    ],
)
async def test_a_running_register_adds_its_rises(
    bench: Bench, name: str, oid: str, raws: tuple[int, ...], series: str
) -> None:
    counted: list[float] = []
    async with snmp_agent(recorded(name)) as agent:
        collector = bench.of(agent, profile="auto")
        for raw in raws:
            agent.table[oid] = ber.integer(raw, ber.GAUGE32)
            counted.append(neutral(await collector.collect())[f"radio_{series}"])
    assert counted == [0, 4, 6]


async def test_states_outside_their_enumeration_stay_what_the_device_says(bench: Bench) -> None:
    """A MINI-LINK 6352 answers 0 for the state of its interfaces: neither up nor down."""
    harvest, _ = await replay(bench, SYNTHETIC / "ericsson_minilink_pt_synthetic.snmprec")
    assert values_of(harvest, "ifAdminStatus", "ifName")[("CT 1/1/1",)] == 0
    assert values_of(harvest, "ifOperStatus", "ifName")[("CT 1/1/1",)] == 0


async def test_old_firmware_of_a_ray2(bench: Bench) -> None:
    """Scalars without their instance, the older state of the line, the power that is set."""
    agent = recorded("racom_ray2")
    group = f"{RAY}.1."
    scalars = {oid: value for oid, value in agent.table.items() if oid.startswith(group)}
    newer = {f"{RAY}.1.1.3.8.0", f"{RAY}.1.2.1.17.0"}
    agent.table = {oid: value for oid, value in agent.table.items() if oid not in scalars}
    agent.table |= {oid.removesuffix(".0"): value for oid, value in scalars.items() if oid not in newer}
    async with snmp_agent(agent):
        harvest = await bench.of(agent, profile="auto").collect()
    found = neutral(harvest)
    assert {name: harvest.facts[name] for name in FACTS["racom_ray2"]} == FACTS["racom_ray2"]
    wanted = values(EXPECTED["racom_ray2"]) | {"radio_transmit_level_dbm 1": 5, "radio_link_up 1": 0}
    assert found == wanted


async def test_huawei_by_its_description(bench: Bench) -> None:
    agent = recorded("huawei_rtn")
    agent.table["1.3.6.1.2.1.1.1.0"] = encode("Huawei OptiX RTN 950")
    agent.table["1.3.6.1.2.1.1.2.0"] = ber.oid((1, 3, 6, 1, 4, 1, 99999, 7))
    async with snmp_agent(agent):
        collector = bench.of(agent, profile="auto")
        await collector.collect()
    assert collector.profile == "huawei-rtn"


async def test_carriers_without_a_name_are_counted_by_their_states(bench: Bench) -> None:
    agent = recorded("ericsson_minilink_pt")
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(f"{PT}.1.1.5.")}
    async with snmp_agent(agent):
        found = neutral(await bench.of(agent, profile="auto").collect())
    assert {name: value for name, value in found.items() if "link_up" in name} == {
        "radio_link_up 2": 1,
        "radio_link_up 3": 0,
    }
