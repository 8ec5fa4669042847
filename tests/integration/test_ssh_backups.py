"""The worker against scripted devices: four platforms, strict keys, a hard end, and no secret anywhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psutil
import pytest
from pydantic import SecretStr

from agent.app.loading import StartError
from agent.app.sshkeys import Wanted, trust
from agent.configbackup import Fetched
from collectors.ssh.client import Visit, VisitError, fetch
from collectors.ssh.hostkeys import known_of
from config.inventory import Inventory
from config.loader import Loaded
from config.settings import Settings, SshCredential
from config.ssh import SshParams
from tests.harness.sshserver import Device, aruba, cisco, mikrotik, procurve, serving

pytestmark = pytest.mark.integration

CANARY = "kAnarie-57"
KINDS = {"cisco_ios": cisco, "hp_procurve": procurve, "aruba_osswitch": aruba, "mikrotik_routeros": mikrotik}


def visit(device: Device, kind: str, known_hosts: Path, seconds: float = 20.0) -> Visit:
    login = SshCredential.model_construct(
        username="lab",
        password=SecretStr(device.password),
        key_file=None,
        enable_password=SecretStr(device.enable_password) if device.enable_password else None,
        known_hosts=known_hosts,
    )
    params = SshParams.model_validate({"credential": "c", "type": kind, "port": device.port})
    return Visit("sw-1", "127.0.0.1", params, login, seconds, b"k" * 32)


async def fetched(device: Device, kind: str, known_hosts: Path, seconds: float = 20.0) -> Fetched:
    return await asyncio.to_thread(fetch, visit(device, kind, known_hosts, seconds))


async def failed(device: Device, kind: str, known_hosts: Path, seconds: float = 20.0) -> VisitError:
    with pytest.raises(VisitError) as caught:
        await fetched(device, kind, known_hosts, seconds)
    assert CANARY not in str(caught.value)
    assert device.password not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "unsaved", "line"),
    [
        ("cisco_ios", False, " description Prompt sw-c# mitten im Text"),
        ("hp_procurve", True, '   name "DEFAULT_VLAN"'),
        ("aruba_osswitch", False, 'hostname "sw-a"'),
        ("mikrotik_routeros", False, "/interface bridge add name=bridge1"),
    ],
)
async def test_a_configuration_is_fetched_whole_and_masked(kind: str, unsaved: bool, line: str, tmp_path: Path) -> None:
    async with serving(KINDS[kind]()) as device:
        found = await fetched(device, kind, device.trusted_in(tmp_path / "known_hosts"))
    assert found.unsaved is unsaved
    assert line in found.configuration.split("\n")
    assert CANARY not in found.configuration
    assert "\x1b" not in found.configuration
    assert device.commands[-1] in {"exit", "logout", "quit"}


async def test_an_unknown_key_is_refused_before_the_login_begins(tmp_path: Path) -> None:
    (tmp_path / "known_hosts").touch()
    async with serving(cisco()) as device:
        error = await failed(device, "cisco_ios", tmp_path / "known_hosts")
    assert error.outcome == "unknown_key"
    assert "ringwacht ssh trust sw-1" in error.detail
    assert (device.connections, device.began, device.logins) == (1, [], [])
    assert (tmp_path / "known_hosts").read_text() == ""


async def test_a_changed_key_is_refused_before_the_login_begins(tmp_path: Path) -> None:
    async with serving(cisco()) as device:
        other = cisco(port=device.port)
        known = other.trusted_in(tmp_path / "known_hosts")
        error = await failed(device, "cisco_ios", known)
    assert error.outcome == "changed_key"
    assert "SHA256:" in error.detail
    assert (device.connections, device.began, device.logins) == (1, [], [])
    assert known.read_text() == other.known()


@pytest.mark.parametrize("trouble", ["mute", "hang"])
async def test_a_device_that_hangs_costs_no_more_than_its_deadline_and_nobody_waits(
    trouble: str, tmp_path: Path
) -> None:
    async with serving(mikrotik(trouble=trouble)) as device:
        begun, turns = perf_counter(), 0
        task = asyncio.create_task(failed(device, "mikrotik_routeros", device.trusted_in(tmp_path / "k"), 4.0))
        while not task.done():
            turns += 1
            await asyncio.sleep(0.01)
        error = await task
    assert error.outcome in {"timeout", "bad_reply"}
    assert perf_counter() - begun < 60  # not a measurement: it ends at all
    assert turns > 20
    assert _workers() == []


async def test_one_that_nobody_wants_any_more_ends_at_once(tmp_path: Path) -> None:
    async with serving(mikrotik(trouble="hang")) as device:
        wanted = visit(device, "mikrotik_routeros", device.trusted_in(tmp_path / "k"), 300.0)
        stopped = False
        task = asyncio.create_task(asyncio.to_thread(fetch, wanted, lambda: stopped))
        while not device.commands:  # noqa: ASYNC110 - what a server of another kind saw
            await asyncio.sleep(0.01)
        stopped = True
        with pytest.raises(VisitError):
            await task
    assert _workers() == []


@pytest.mark.parametrize("trouble", ["drop", "flood"])
async def test_a_device_that_breaks_off_or_never_ends_gives_no_configuration(trouble: str, tmp_path: Path) -> None:
    async with serving(cisco(trouble=trouble)) as device:
        error = await failed(device, "cisco_ios", device.trusted_in(tmp_path / "k"), 20.0)
    assert error.outcome in {"bad_reply", "timeout"}


async def test_a_refused_login_is_told_from_everything_else(tmp_path: Path) -> None:
    async with serving(cisco()) as device:
        known = device.trusted_in(tmp_path / "k")
        sent = visit(device, "cisco_ios", known)
        device.password = "another"
        with pytest.raises(VisitError) as caught:
            await asyncio.to_thread(fetch, sent)
    assert caught.value.outcome == "auth"


async def test_a_port_where_nobody_listens_is_unreachable(tmp_path: Path) -> None:
    async with serving(cisco()) as device:
        known = device.trusted_in(tmp_path / "k")
    assert (await failed(device, "cisco_ios", known)).outcome == "unreachable"


async def test_no_secret_stands_in_the_arguments_or_the_environment_of_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", CANARY)
    seen: list[bytes] = []
    async with serving(mikrotik(password=CANARY, trouble="hang")) as device:
        task = asyncio.create_task(failed(device, "mikrotik_routeros", device.trusted_in(tmp_path / "k"), 4.0))
        while not device.commands:  # noqa: ASYNC110 - what a server of another kind saw
            await asyncio.sleep(0.01)
        for worker in _workers():
            for name in ("cmdline", "environ"):
                seen.append(await asyncio.to_thread(Path(f"/proc/{worker.pid}/{name}").read_bytes))
        await task
    assert seen
    assert not any(CANARY.encode() in one for one in seen)


def _workers() -> list[psutil.Process]:
    mine = psutil.Process(os.getpid()).children(recursive=True)
    return [one for one in mine if one.status() != psutil.STATUS_ZOMBIE and "collectors.ssh.worker" in one.cmdline()]


# --- trust -----------------------------------------------------------------------------------------------------------


def _loaded(device: Device, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", CANARY)
    known = folder / "known_hosts"
    known.touch()
    ssh = {"username": "b", "password": {"env": "RINGWACHT_SSH_PASSWORD"}, "known_hosts": str(known)}
    key = {"credential": "c", "type": "cisco_ios", "port": device.port}
    entry = {"site": "a", "address": "127.0.0.1", "ssh": key}
    inventory = Inventory.model_validate({"sites": {"a": {}}, "devices": {"sw-1": entry}})
    raw = {"state": {"directory": str(folder)}, "credentials": {"c": {"ssh": ssh}}}
    positions = None
    return Loaded(inventory, Settings.model_validate(raw), positions)  # type: ignore[arg-type]  # nothing is pointed at


async def _trust(loaded: Loaded, wanted: Wanted, agrees: Callable[[str], bool] = lambda _: False) -> str:
    return await asyncio.to_thread(trust, loaded, "sw-1", wanted, agrees)


async def test_a_key_is_trusted_by_a_person_or_by_its_fingerprint_and_never_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(cisco()) as device:
        loaded = _loaded(device, tmp_path, monkeypatch)
        known, asked = tmp_path / "known_hosts", list[str]()

        def declines(question: str) -> bool:
            asked.append(question)
            return False

        with pytest.raises(StartError, match="not trusted"):
            await _trust(loaded, Wanted(), declines)
        with pytest.raises(StartError, match=r"not .?SHA256:x"):
            await _trust(loaded, Wanted("SHA256:x"))
        assert known.read_text() == ""
        fingerprint = next(word for word in asked[0].split() if word.startswith("SHA256:")).rstrip(".")
        assert "is now in" in await _trust(loaded, Wanted(fingerprint))
        assert "known already" in await _trust(loaded, Wanted())
    assert device.began == []
    assert len(known_of(known.read_text(), f"[127.0.0.1]:{device.port}").keys) == 1


async def test_another_key_needs_to_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(cisco()) as device:
        loaded = _loaded(device, tmp_path, monkeypatch)
        cisco(port=device.port).trusted_in(tmp_path / "known_hosts")
        with pytest.raises(StartError, match="another key is known"):
            await _trust(loaded, Wanted(), lambda _: True)
        await _trust(loaded, Wanted(replace=True), lambda _: True)
    assert (tmp_path / "known_hosts").read_text().split() == device.known().split()
