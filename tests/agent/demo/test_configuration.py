from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agent.demo import configuration, school
from agent.demo.cast import DEVICES, HOPS, NUT_UPS, PROTECTION_HOP, ROOM_UPS
from agent.demo.errors import DemoError
from agent.demo.ring import SWITCHING
from agent.demo.school import BEAMERS
from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS
from collectors.registry import make_specs
from config.loader import Loaded, load

TABLES = {"school.csv": school.register()}
SECRETS = {
    "secrets/community": b"public",
    "secrets/jamf": b"4711:demo",
    "secrets/portal.key": b"KEY",
    "secrets/authority.pem": b"CA",
}


def values(speed: float = 1.0) -> dict[str, str]:
    addresses = {device.id: f"{device.host}:1161" for device in DEVICES}
    others = {"web": "127.0.0.1:9595", "portal": "https://127.0.0.1:8443/", "traps": "127.0.0.1:1162"}
    power = {ROOM_UPS: "127.0.0.1:3493", "ups": NUT_UPS}
    taught = {"jamf": "http://127.0.0.1:8081/api", **{one.id: f"127.0.0.1:{4352 + n}" for n, one in enumerate(BEAMERS)}}
    return {**addresses, **others, **power, **taught, **configuration.paces(speed)}


def write(directory: Path, speed: float = 1.0) -> Path:
    return configuration.write(directory, values(speed), SECRETS, TABLES)


def loaded(path: Path) -> Loaded:
    return load(path, {spec.kind: spec.params for spec in make_specs()}, RULE_OPTIONS)


@pytest.mark.parametrize("speed", [0.1, 1, 3, 10, 20])
def test_what_is_written_loads(tmp_path: Path, speed: float) -> None:
    assert loaded(write(tmp_path / "new" / "folder", speed)).inventory.sites


def test_it_names_every_simulated_device_at_its_address_and_this_host(tmp_path: Path) -> None:
    inventory = loaded(write(tmp_path)).inventory
    configured = {name: str(device.address.host) for name, device in inventory.devices.items() if device.address}
    assert configured == {**{device.id: device.host for device in DEVICES}, ROOM_UPS: "127.0.0.1"}
    assert inventory.devices["local"].checks == ("host",)


def test_it_holds_every_hop_between_its_two_radios_and_both_ways_round(tmp_path: Path) -> None:
    inventory = loaded(write(tmp_path)).inventory
    ring = {name: link for name, link in inventory.links.items() if link.ring == "ring"}
    assert {name: tuple(end.device for end in link.ends) for name, link in ring.items()} == {
        hop.id: hop.radios for hop in HOPS
    }
    assert {end.port for link in ring.values() for end in link.ends} == {"1"}


def test_no_simulated_device_of_a_site_that_can_be_cut_off_is_pinged(tmp_path: Path) -> None:
    everything = loaded(write(tmp_path))
    specs = {spec.kind: spec for spec in make_specs()}
    jobs = make_plan(everything.inventory, everything.settings, specs).jobs
    remote = [job for job in jobs if job.key.subject.kind == "device" and job.target.site != "kreishaus"]
    assert remote
    assert {job.key.check for job in remote} == {"snmp"}


def test_traps_are_taken_where_the_radios_send_them(tmp_path: Path) -> None:
    traps = loaded(write(tmp_path)).settings.traps
    assert traps is not None
    assert str(traps.listen) == values()["traps"]
    assert [str(network) for network in traps.allow] == ["127.0.0.0/8"]
    assert traps.credentials == ("lab",)


@pytest.mark.parametrize("speed", [0.5, 1, 2, 20])
def test_the_ring_may_be_silent_for_longer_than_it_is(tmp_path: Path, speed: float) -> None:
    ring = loaded(write(tmp_path, speed)).inventory.rings["ring"]
    assert ring.rpl == PROTECTION_HOP.id
    assert ring.convergence > SWITCHING / max(1, speed)


def test_the_limits_of_the_room_are_those_that_the_story_passes(tmp_path: Path) -> None:
    limits = loaded(write(tmp_path)).inventory.rooms["serverraum"].limits.temperature
    assert limits is not None
    assert (limits.warning, limits.critical) == (27.0, 32.0)


def test_a_faster_story_is_polled_faster(tmp_path: Path) -> None:
    slow, fast = loaded(write(tmp_path / "slow")).settings, loaded(write(tmp_path / "fast", 10)).settings
    assert (slow.defaults.roles["radio"].interval, fast.defaults.roles["radio"].interval) == (2.0, 1.0)
    assert (slow.alerting.hold.critical, fast.alerting.hold.critical) == (5.0, 0.5)


def test_every_file_says_where_it_comes_from_and_secrets_are_private(tmp_path: Path) -> None:
    write(tmp_path)
    for path in tmp_path.rglob("*.yml"):
        assert path.read_text().startswith(configuration.MARKER)
    for name in SECRETS:
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_its_own_files_are_written_anew(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "secrets/community").write_text("old")
    assert "interval: 1s" in write(tmp_path, 10).read_text()
    assert (tmp_path / "secrets/community").read_text() == "public"


@pytest.mark.parametrize("name", ["ringwacht.yml", "inventory/network.yml", "secrets/community"])
def test_a_file_of_someone_else_is_left_alone(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_bytes(b"sites: {}\n\xff")
    with pytest.raises(DemoError, match=name):
        write(tmp_path)
    assert theirs.read_bytes() == b"sites: {}\n\xff"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]


def test_a_file_without_the_marker_is_its_readers(tmp_path: Path) -> None:
    path = write(tmp_path)
    kept = path.read_text().removeprefix(configuration.MARKER)
    path.write_text(kept)
    with pytest.raises(DemoError, match="name another folder"):
        write(tmp_path)
    assert path.read_text() == kept


def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "inventory").write_text("a file where a folder should be")
    with pytest.raises(DemoError, match=r"^cannot write .*inventory.*"):
        write(tmp_path)
