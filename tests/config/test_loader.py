from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import Field, SecretStr, ValidationError

import config
from agent.risk.catalogue.services import CertificateOptions
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.address import Address
from config.base import Model
from config.devicekeys import TlsParams
from config.errors import ConfigError
from config.inventory import Device, End, Inventory
from config.loader import Loaded, load
from config.plugin import PluginParams
from config.settings import RuleOptions
from config.summary import count_sections

EXAMPLES = Path(config.__file__).parent / "examples"
Load = Callable[..., Loaded]
Problems = Callable[..., list[str]]


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "ssh-geheim")
    return load(EXAMPLES / "reference", {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)


@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/")), ids=lambda path: path.name)
def test_every_example_loads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    by_folder = load(folder, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
    by_file = load(folder / "ringwacht.yml", {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
    assert by_folder.inventory == by_file.inventory
    assert by_folder.inventory.devices


def test_the_reference_in_base_units(reference: Loaded) -> None:
    inventory, settings, _ = reference
    radio = inventory.links["rf-kh-wad"].radio
    assert radio is not None
    assert (radio.frequency, radio.distance, radio.threshold, radio.availability_required) == (
        18e9,
        21_300,
        -78,
        0.9999,
    )
    assert radio.commissioned_level == (-38, -39)
    assert inventory.sites["rathaus"].demand == 120e6
    assert inventory.sites["afg"].needs == ("kreishaus",)
    assert inventory.contracts["citeq"].availability == 0.995
    assert inventory.fleets["afg-tablets"].plan == {2021: 450, 2022: 500, 2023: 550, 2024: 600}
    assert inventory.rooms["serverraum"].limits.humidity is not None
    assert inventory.rooms["serverraum"].limits.humidity.high == 0.7
    assert [file.path for file in inventory.assets] == [EXAMPLES / "reference/assets.csv"]
    assert settings.state.directory == EXAMPLES / "reference/state"
    assert settings.web.listen == Address("127.0.0.1", 9595)
    assert settings.alerting.maintenance[0].start == datetime.fromisoformat("2026-12-05T20:00")
    assert settings.traps is not None
    assert settings.traps.allow == (ip_network("127.0.0.0/8"),)
    assert settings.alerting.hold.critical == 30


def test_the_reference_resolves_secrets_and_own_keys(reference: Loaded) -> None:
    inventory, settings, _ = reference
    snmp, ssh = settings.credentials["net"].snmp, settings.credentials["backup"].ssh
    assert snmp is not None
    assert snmp.version == "3"
    assert snmp.auth_password == SecretStr("authpass123")
    assert ssh is not None
    assert ssh.password == SecretStr("ssh-geheim")
    assert ssh.known_hosts == EXAMPLES / "reference/secrets/known_hosts"
    plugin = inventory.devices["ldap-rathaus"].params["plugin"]
    assert isinstance(plugin, PluginParams)
    assert plugin.command[-1] == "389"
    assert inventory.devices["usv-rathaus"].params == {"nut": NutParams(name="usv1")}
    certificate = settings.alerting.rules["certificate_expiring"]
    assert isinstance(certificate, CertificateOptions)
    assert (certificate.warning, certificate.critical) == (21 * 86_400, 7 * 86_400)


def test_link_ends_are_told_apart(reference: Loaded) -> None:
    links = reference.inventory.links
    assert links["rf-kh-wad"].ends == (End("kreishaus", "rr-kreishaus-a", "1"), End("wadersloh", "rr-wadersloh", "1"))
    assert links["ev-vdsl"].ends == (End("everswinkel", "fw-everswinkel"), End("kreishaus"))


def test_a_port_may_hold_slashes(loaded: Load) -> None:
    found = loaded(
        "sites: {a: {}, b: {}}\ndevices: {d: {site: a, address: h}}\nlinks: {l: {kind: fibre, ends: [d/1/0/24, b]}}"
    )
    assert found.inventory.links["l"].ends == (End("a", "d", "1/0/24"), End("b"))
    assert str(found.inventory.links["l"].ends[0]) == "d/1/0/24"


def test_a_role_brings_keys_and_the_devices_own_win(loaded: Load) -> None:
    devices = loaded("""
sites: {a: }
defaults:
  roles:
    switch: {interval: 30s, checks: [icmp], profile: x, scrape: {path: /m}}
devices:
  one: {site: a, address: h, role: switch}
  two: {site: a, address: h, role: switch, interval: 5s, profile: auto}
  three: {site: a, address: h, role: other}
""").inventory.devices
    assert (devices["one"].interval, devices["one"].checks, devices["one"].profile) == (30, ("icmp",), "x")
    assert "scrape" in devices["one"].params
    assert (devices["two"].interval, devices["two"].checks, devices["two"].profile) == (5, ("icmp",), "auto")
    assert (devices["three"].interval, devices["three"].checks) == (None, None)


class SnmpParams(Model):
    """A collector's model."""

    max_repetitions: int = Field(default=10, ge=1)


class TightRule(RuleOptions):
    """A rule's model."""

    above: float = 0.9


def test_collectors_and_rules_bring_their_models(write: Callable[..., Path]) -> None:
    folder = write(
        "sites: {a: {}}\ndevices: {d: {site: a, address: h, snmp: {max_repetitions: 25}, tls: {server_name: x}}}\n"
        "alerting: {rules: {tight: {above: 1.5, hold: 5s}}}"
    )
    inventory, settings, _ = load(folder, {"snmp": SnmpParams}, {"tight": TightRule})
    assert inventory.devices["d"].params["snmp"] == SnmpParams(max_repetitions=25)
    assert settings.alerting.rules["tight"] == TightRule(above=1.5, hold=5)
    with pytest.raises(ConfigError) as caught:
        load(
            write("sites: {a: {}}\ndevices: {d: {site: a, snmp: {max_repetition: 5}}}\nalerting: {rules: {thigt: {}}}"),
            {"snmp": SnmpParams},
            {"tight": TightRule},
        )
    assert [str(problem).rpartition("ringwacht.yml:")[2] for problem in caught.value.problems] == [
        "2:31: devices.d.snmp.max_repetition: unknown key (did you mean max_repetitions?)",
        "3:20: alerting.rules.thigt: there is no rule 'thigt' (did you mean tight?)",
    ]


def test_models_can_be_built_in_python() -> None:
    device = Device(site="a", address=Address("h", 161), params={"snmp": SnmpParams()}, interval=5.0)
    assert Inventory(devices={"d": device}).devices["d"] is device
    raw = Inventory.model_validate({"sites": {"a": {}}, "devices": {"d": {"site": "a", "tls": {"server_name": "x"}}}})
    assert raw.devices["d"].params == {"tls": TlsParams(server_name="x")}
    with pytest.raises(ValidationError):
        device.site = "b"  # type: ignore[misc]  # frozen: that is what is tested


def test_everything_has_a_default_but_a_sites_devices(loaded: Load, tmp_path: Path) -> None:
    inventory, settings, _ = loaded("sites: {a: {}}\ndevices: {d: {site: a}}")
    assert count_sections(inventory) == {"sites": 1, "devices": 1, "links": 0, "services": 0}
    assert settings.state.directory == tmp_path / "state"
    assert (settings.defaults.interval, settings.defaults.timeout, settings.defaults.stale_after) == (60, 5, 3)
    assert loaded("sites:\ndevices: ~\n").inventory == Inventory()
    assert loaded("").inventory == Inventory()


def test_included_files_are_merged_by_section(loaded: Load) -> None:
    found = loaded(
        "include: ['[ab].yml', ringwacht.yml, b.yml]\nsites: {x: {}}\nsnmp_modules: [a.yml]",
        a="sites: {y: {}}\nsnmp_modules: [b.yml]\nrings:",
        b="sites: {z: {}}\nweb: {listen: '127.0.0.1:1'}",
    )
    assert set(found.inventory.sites) == {"x", "y", "z"}
    assert [path.name for path in found.settings.snmp_modules] == ["a.yml", "b.yml"]
    assert found.settings.web.listen.port == 1


def test_a_key_in_two_files_names_both_places(problems: Problems) -> None:
    found = problems(
        "include: [a.yml]\nsites:\n  x: {}\nuplink: {site: x}\nassets: []\ninclud: 1",
        a="sites:\n  y: {}\n  x: {}\nassets: {}\ninclude: [b.yml]\nuplink: {site: y}",
    )
    assert found == [
        "ringwacht.yml:6:1: includ: unknown key (did you mean include?)",
        "a.yml:3:3: sites.x: is defined twice, first at ringwacht.yml:3:3",
        "a.yml:4:1: assets: is defined twice, first at ringwacht.yml:5:1",
        "a.yml:5:1: include: only the first file may include others",
        "a.yml:6:10: uplink.site: is defined twice, first at ringwacht.yml:4:10",
    ]


def test_problems_of_several_files_come_together(problems: Problems) -> None:
    found = problems(
        "include: [a.yml, b.yml, 'none*.yml', '']\nsite: {}",
        a="sites: {x: {nam: y}}\nrings: {r: {rpl: gone}}",
        b="devices: [",
    )
    assert [line.partition(": ")[0] for line in found] == [
        "ringwacht.yml:1:25",
        "ringwacht.yml:1:38",
        "ringwacht.yml:2:1",
        "a.yml:1:13",
        "b.yml:2:1",
    ]
    # with a file unread, what it defines is not reported as unknown
    assert not any("gone" in line for line in found)


def test_no_file_no_traceback(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yml", tmp_path / "x" / "y"):
        with pytest.raises(ConfigError, match="there is no such file"):
            load(path, {}, {})


def test_a_file_that_is_no_mapping(problems: Problems) -> None:
    assert problems("- a") == ["ringwacht.yml:1:1: a configuration is a mapping of sections"]
    assert problems("text") == ["ringwacht.yml:1:1: a configuration is a mapping of sections"]
    assert problems("include: [a.yml]", a="- a") == ["a.yml:1:1: a configuration is a mapping of sections"]


def test_positions_find_what_a_collector_refuses_later(loaded: Load, tmp_path: Path) -> None:
    positions = loaded("""sites: {a: {}}
defaults: {roles: {switch: {profile: ciscoo}}}
devices:
  d: {site: a, address: h, role: switch}
  e:
    site: a
    modules: [if_mib, nope]
""").positions
    file = f"{tmp_path}/ringwacht.yml"
    assert str(positions.problem(("devices", "d", "profile"), "no profile 'ciscoo'", "did you mean cisco?")) == (
        f"{file}:2:38: devices.d.profile: no profile 'ciscoo' (did you mean cisco?)"
    )
    assert str(positions.problem(("devices", "e", "modules", 1), "x")) == f"{file}:7:23: devices.e.modules[1]: x"
    assert positions.at(("devices", "e")) == (file, 5, 3)
    assert positions.at(("devices", "e", "interval")) == (file, 5, 3)
    assert positions.at(("nothing", "here")) == (file, 1, 1)
