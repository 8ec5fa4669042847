"""Whatever a page says, judgement goes on: one value that no text is made for must not silence all alerts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, product

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel

from agent.contract import Column, Harvest, Job, JobKey, MetricFamily, Reading, Series, Subject, Target
from agent.engine.store import Store
from agent.layout import LayoutCache, Sample
from agent.risk.deadlines import endings
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import NOW, Scene, judge

DISK = {"device": "sda", "mountpoint": "/", "fstype": "ext4"}
SENSOR = {"room": "server", "sensor": "1"}
PORT = {"ifName": "1/1", "ifDescr": "1/1", "ifAlias": "", "ifIndex": "1", "port": "1/1"}
RADIO = {"port": "2"}
RADIO_SAYS = {
    "link_up": 1.0,
    "received_level_dbm": -60.0,
    "transmit_level_dbm": 10.0,
    "transmit_muted": 0.0,
    "mse_db": -10.0,
    "snr_db": 12.0,
    "expected_level_dbm": -30.0,
    "modulation_order": 16.0,
    "capacity_bits_per_second": 1e8,
}

# Every family that a rule reads, with its labels and a value at which the rule has something to say.
READ: Mapping[str, tuple[Mapping[str, str], float]] = {
    "ifOperStatus": (PORT, 2.0),
    "ifAdminStatus": (PORT, 1.0),
    "ifHighSpeed": (PORT, 100.0),
    **{f"ringwacht_radio_{name}": (RADIO, value) for name, value in RADIO_SAYS.items()},
    "ringwacht_ups_on_battery": ({}, 1.0),
    "ringwacht_ups_charge_ratio": ({}, 0.1),
    "ringwacht_ups_runtime_seconds": ({}, 60.0),
    "ringwacht_ups_load_ratio": ({}, 1.1),
    "ringwacht_ups_battery_temperature_celsius": ({}, 50.0),
    "ringwacht_ups_battery_low": ({}, 1.0),
    "ringwacht_ups_battery_replace": ({}, 1.0),
    "ringwacht_ups_self_test_passed": ({}, 0.0),
    "ringwacht_ups_self_test_running": ({}, 0.0),
    "ringwacht_ups_self_test_timestamp_seconds": ({}, 1.0),
    "ringwacht_ups_battery_installed_timestamp_seconds": ({}, 1.0),
    "ringwacht_ups_runtime_low_seconds": ({}, 60.0),
    "ringwacht_ups_shutdown_clients": ({}, 0.0),
    "ringwacht_ups_on_bypass": ({}, 1.0),
    "ringwacht_ups_input_voltage_volts": ({"phase": "1"}, 0.0),
    "ringwacht_ups_output_power_watts": ({}, 1000.0),
    "ringwacht_sensor_temperature_celsius": (SENSOR, 50.0),
    "ringwacht_sensor_humidity_ratio": (SENSOR, 0.99),
    "ringwacht_sensor_leak": (SENSOR, 1.0),
    "ringwacht_sensor_smoke": (SENSOR, 1.0),
    "ringwacht_sensor_door_open": (SENSOR, 1.0),
    "ringwacht_sensor_contact_alarm": (SENSOR, 1.0),
    "ringwacht_sensor_voltage_present": (SENSOR, 0.0),
    "ringwacht_sensor_ok": (SENSOR, 1.0),
    "ringwacht_hardware_ok": ({"part": "fan 1"}, 0.0),
    "ringwacht_hardware_redundancy_ok": ({"group": "fans"}, 0.0),
    "ringwacht_hardware_life_left_ratio": ({"part": "drive 1"}, 0.01),
    "ringwacht_pdu_voltage_volts": ({"feed": "inlet 1"}, 0.0),
    "ringwacht_projector_power_state": ({"state": "on"}, 1.0),
    "ringwacht_projector_error": ({"part": "lamp"}, 2.0),
    "ringwacht_projector_lamp_seconds_total": ({"lamp": "1"}, 2e7),
    "probe_success": ({}, 0.0),
    "probe_http_status_code": ({}, 503.0),
    "ringwacht_line_rate_bits_per_second": ({"direction": "down"}, 1e6),
    "probe_ssl_earliest_cert_expiry": ({}, NOW + 1),
    "probe_ntp_offset_seconds": ({}, 100.0),
    "probe_ntp_rtt_seconds": ({}, 0.1),
    "node_timex_offset_seconds": ({}, 100.0),
    "node_timex_sync_status": ({}, 0.0),
    "node_timex_maxerror_seconds": ({}, 16.0),
    "ringwacht_plugin_status": ({}, 2.0),
    "node_filesystem_avail_bytes": (DISK, 1.0),
    "node_filesystem_size_bytes": (DISK, 100.0),
    "node_filesystem_readonly": (DISK, 0.0),
    "node_filesystem_device_error": (DISK, 0.0),
    "node_md_disks": ({"device": "md0", "state": "active"}, 1.0),
    "node_md_disks_required": ({"device": "md0"}, 2.0),
    "node_systemd_unit_state": ({"name": "x", "state": "failed", "type": "simple"}, 1.0),
    "node_reboot_required": ({}, 1.0),
    "apt_upgrades_pending": ({"origin": "Debian:12", "arch": "amd64"}, 3.0),
    "yum_upgrades_pending": ({"origin": "baseos"}, 3.0),
    "windows_updates_scrape_timestamp_seconds": ({}, 1.0),
    "vmware_host_product_info": ({"host_name": "esx", "version": "7.0.3"}, 1.0),
    "windows_updates_pending_info": ({"category": "x", "severity": "x", "title": "x"}, 1.0),
    "node_os_info": ({"id": "debian", "name": "Debian", "version_id": "9"}, 1.0),
    "windows_os_info": ({"product": "Windows 10 Pro", "version": "10.0.19045"}, 1.0),
    "pve_version_info": ({"version": "7.1-5"}, 1.0),
    "ringwacht_cloud_service_status": ({"service": "Mail", "status": "interrupted"}, 1.0),
    "ringwacht_cloud_service_open_issues": ({"service": "Mail", "classification": "incident"}, 1.0),
    "ringwacht_cloud_licence_seats": ({"sku": "A3"}, 10.0),
    "ringwacht_cloud_licence_seats_used": ({"sku": "A3"}, 11.0),
    "ringwacht_cloud_licence_seats_in_grace": ({"sku": "A3"}, 5.0),
    "ringwacht_cloud_licence_seats_suspended": ({"sku": "A3"}, 0.0),
    "own_above": ({}, 9.0),
    "own_below": ({}, -9.0),
    "own_absent": ({}, math.nan),
    "own_changed": ({}, 1.0),
}
ABSURD = (math.inf, -math.inf, math.nan, 1e308, -1e308)
Page = dict[str, tuple[Mapping[str, str], float]]


class Params(BaseModel):
    """None."""


class Trends:
    """A slope like the values themselves."""

    def __init__(self, slope: float) -> None:
        self._slope = slope

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        return self._slope

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        return [(NOW - 600, 0.0), (NOW - 300, abs(self._slope)), (NOW - 1, 2 * abs(self._slope))]


class Asked:
    """A view that notes which families are asked for."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.asked: set[str] = set()
        view = store.view(NOW)
        self.jobs, self.families, self._columns, self._series = view.jobs, view.families, view.columns, view.series

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        self.asked.add(family)
        return self._series(family, subject)

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        self.asked.add(family)
        return self._columns(family, subject)


RULES = {
    "above": {"select": "own_above", "above": 1},
    "below": {"select": "own_below", "below": 1},
    "absent": {"select": 'own_absent{device="srv"}', "absent": True},
    "changed": {"select": "own_changed", "changed": "1h"},
}
PLAN = {
    "protection": "1+1",
    "threshold": "-61dBm",
    "thresholds": {"16QAM": "-61dBm"},
    "reference_modulation": "1024QAM",
    "fade_margin_required": "25dB",
    "availability_required": "99.99%",
}
LIMITS = {"temperature": {"warning": 27, "critical": 32}, "humidity": {"low": "20%", "high": "80%"}}


def configured(language: str) -> tuple[Inventory, Settings]:
    made = Scene(
        {
            "rooms": {"server": {"site": "rathaus", "limits": LIMITS, "shutdown_time": "10m"}},
            "devices": {"srv": {"site": "rathaus", "room": "server", "role": "ups", "address": "127.0.0.1"}},
            "services": {"portal": {"name": "Portal", "url": "https://127.0.0.1/", "critical": True}},
            "links": {
                "strecke": {"kind": "fibre", "ends": ["srv/1/1", "kreishaus"], "capacity": "1Gbit/s"},
                "funk": {"kind": "radio", "ends": ["srv/2", "kreishaus"], "capacity": "400Mbit/s", "radio": PLAN},
            },
            "projectors": {"portal": {"site": "rathaus", "address": "127.0.0.1"}},
            "sources": {"portal": {"cloud": "microsoft365", "tenant": "t", "credential": "c"}},
            "licences": {"office": {"product": "Office", "source": "portal", "sku": "A3"}},
            "rules": RULES,
        },
        language=language,
    )
    return made.inventory, made.settings


def store_of(page: Page) -> Store:
    store = Store()
    for subject, check in (
        ("device", "http"),
        ("service", "plugin"),
        ("device", "plugin"),
        ("source", "cloud"),
        ("projector", "pjlink"),
    ):
        target = Target(Subject(subject, "srv" if subject == "device" else "portal"), "rathaus")  # type: ignore[arg-type]  # the kinds above
        key = JobKey(target.subject, check)
        samples = [
            Sample(MetricFamily(name, "gauge", name, tuple(labels)), tuple(labels.values()), value)
            for name, (labels, value) in page.items()
        ]
        layout, values = LayoutCache().arrange(samples)
        store.add(Job(key, "fake", target, Params(), 60.0, 0.0, 180.0))
        store.record(Reading(key, target, NOW, 0.1, Harvest(layout, values)), 0.0)
    return store


CONFIGURED = {language: configured(language) for language in ("de", "en")}


def look(page: Page, slope: float = -1.0, language: str = "en") -> set[str]:
    """Judge it all and return what is found: texts that people can read."""
    inventory, settings = CONFIGURED[language]
    view = store_of(page).view(NOW)
    judgement = judge(inventory, settings, view, Trends(slope))
    endings(inventory, settings, view)
    texts = [text for one in judgement.findings for text in (one.summary, *one.evidence)]
    assert all(text and len(text) < 600 for text in texts)
    return {finding.rule for finding in judgement.findings}


def test_the_page_is_one_on_which_every_rule_has_something_to_say() -> None:
    view = Asked(store_of(dict(READ)))
    found = {one.rule for one in judge(*CONFIGURED["en"], view, Trends(-1.0)).findings}
    assert view.asked <= set(READ)
    assert found >= {"link_down", "ups_on_battery", "temperature_high", "humidity_out_of_range", "leak", "smoke"}
    assert found >= {"service_failing", "probe_failing", "plugin_failing", "certificate_expiring", "raid_degraded"}
    assert found >= {"filesystem_full", "filesystem_filling", "clock_offset", "unit_failed", "reboot_required"}
    assert found >= {"ups_battery_hot", "ups_battery_old", "ups_battery_replace", "ups_self_test_due", "ups_overload"}
    assert found >= {"ups_low_battery_late", "ups_on_bypass", "shutdown_clients_missing"}
    assert found >= {"cloud_service_degraded", "licence_seats_short", "licence_lapsed"}
    assert found >= {"projector_faulty", "projector_service_due"}
    assert found >= {"above", "below", "absent", "radio_fading", "radio_protection_lost", "support_ended"}


@pytest.mark.parametrize("family", READ)
def test_no_value_and_no_label_of_one_family_ends_the_look(family: str) -> None:
    labels, usual = READ[family]
    shapes: tuple[Mapping[str, str], ...] = (labels, {}, dict.fromkeys(labels, ""))
    for (value, shape), language in zip(product((*ABSURD, usual), shapes), cycle(CONFIGURED), strict=False):
        look({**READ, family: (shape, value)}, language=language)


@pytest.mark.parametrize(("family", "value"), [*product(READ, ABSURD)])
def test_nor_does_one_that_stands_alone(family: str, value: float) -> None:
    """A clock's offset counts only where the same page does not say that nobody keeps it."""
    look({family: (READ[family][0], value)})


VALUES = st.one_of(st.sampled_from(ABSURD), st.floats(), st.integers(-10, 2**64))
CELLS = st.dictionaries(st.sampled_from(sorted(READ)), st.tuples(VALUES, st.booleans()))


@given(CELLS, VALUES)
@hypothesis_settings(deadline=None)
def test_nor_do_those_of_all_families(cells: dict[str, tuple[float, bool]], slope: float) -> None:
    look({name: (READ[name][0] if labelled else {}, value) for name, (value, labelled) in cells.items()}, slope)


@given(st.one_of(st.floats(), st.integers(-(2**64), 2**64)))
def test_every_number_has_a_text(value: float) -> None:
    for words in (Words("de"), Words("en")):
        said = [words.duration(value), words.size(value), words.figure(value), words.number(value, 3)]
        said += [words.percent(value), words.celsius(value)]
        assert all(text and len(text) < 40 for text in said)
        assert not any("inf" in text or "nan" in text for text in said)


def test_what_is_no_number_is_told_as_such() -> None:
    words = Words("de")
    assert [words.number(value) for value in (math.inf, -math.inf, math.nan, 1e308)] == ["∞", "-∞", "?", "1e+308"]
    assert (words.duration(math.inf), words.duration(-math.inf)) == ("∞ Tagen", "0 s")


@pytest.mark.parametrize("never", [math.inf, -math.inf, 1e308, 253_402_214_400.0, 253_402_300_799.0, -62_135_596_800.0])
def test_a_certificate_that_never_ends_is_no_deadline(never: float) -> None:
    """9999-12-31 23:59:59 is RFC 5280's word for it; whoever shows the day before or after must not fall off."""
    inventory, settings = CONFIGURED["en"]
    page: Page = {"probe_ssl_earliest_cert_expiry": ({}, never)}
    listed = endings(inventory, settings, store_of(page).view(NOW))
    assert not [one for one in listed if one.kind == "certificate"]
