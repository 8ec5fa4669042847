"""Configuration backups from one end to the other: the two commands, every reason, and no secret in what is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from dulwich.repo import Repo
from pydantic import SecretStr
from typer.testing import CliRunner

from agent.app.backups import NightlyBackups
from agent.cli_ssh import ssh
from agent.wire.logs import configure_logging
from collectors.ssh.client import Visit, VisitError, fetch
from config.inventory import Inventory
from config.loader import Loaded
from config.settings import SshCredential
from config.ssh import SshParams
from tests.agent.app.test_backups import HOUR, Town
from tests.harness.sshserver import Device, cisco, mikrotik, new_key, serving

pytestmark = pytest.mark.integration

CANARY = "kAnarie-57"


def visit(known_hosts: Path, port: int, host: str = "127.0.0.1", **login: Any) -> Visit:
    given: dict[str, Any] = {"username": "lab", "password": SecretStr("lab-password"), "key_file": None}
    given |= {"enable_password": SecretStr("lab-enable"), "known_hosts": known_hosts, **login}
    params = SshParams.model_validate({"credential": "c", "type": "cisco_ios", "port": port})
    return Visit("sw-1", host, params, SshCredential.model_construct(**given), 20.0, b"k" * 32)


async def outcome(wanted: Visit) -> VisitError:
    with pytest.raises(VisitError) as caught:
        await asyncio.to_thread(fetch, wanted)
    return caught.value


async def test_what_stands_of_other_hosts_in_the_file_does_not_matter(tmp_path: Path) -> None:
    async with serving(cisco()) as device:
        known = tmp_path / "known_hosts"
        foreign = b"\xff\xfe\n@cert-authority * x y\n@revoked other ssh-rsa AAAA\nother ssh-rsa AAAA!!!\n"
        known.write_bytes(foreign + device.known().replace(" ", "\t").encode())
        assert (await asyncio.to_thread(fetch, visit(known, device.port))).unsaved is False


async def test_a_revoked_key_is_refused_before_the_login_begins(tmp_path: Path) -> None:
    async with serving(cisco()) as device:
        known = tmp_path / "known_hosts"
        line = device.known()
        known.write_text(f"@revoked * {' '.join(line.split()[1:])}\n{line}")
        error = await outcome(visit(known, device.port))
    assert (error.outcome, device.began) == ("revoked_key", [])
    assert error.value.startswith("SHA256:")


async def test_each_reason_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "junk").write_text("junk")
    (tmp_path / "locked").write_bytes(new_key().export_private_key(passphrase="abc"))
    async with serving(cisco()) as device:
        known, port = device.trusted_in(tmp_path / "known_hosts"), device.port
        (tmp_path / "broken").write_text(f"# mine\n[127.0.0.1]:{port} ssh-ed25519 AAAA!!!\n")
        found = {
            name: await outcome(made)
            for name, made in {
                "no password": visit(known, port, password=None),
                "junk": visit(known, port, key_file=tmp_path / "junk"),
                "locked": visit(known, port, key_file=tmp_path / "locked"),
                "gone": visit(known, port, key_file=tmp_path / "gone"),
                "no file": visit(tmp_path / "none", port),
                "broken": visit(tmp_path / "broken", port),
                "enable": visit(known, port, enable_password=SecretStr("wrong")),
                "rights": visit(known, port, enable_password=None),
                "name": visit(known, port, host="no-such.invalid"),
            }.items()
        }
    outcomes = {name: error.outcome for name, error in found.items() if error.outcome != name}
    ours = ("no password", "junk", "locked", "gone", "no file", "broken")
    assert outcomes == {**dict.fromkeys(ours, "config"), "name": "unresolved"}
    assert found["broken"].value == f"{tmp_path / 'broken'}:2"


async def test_one_that_knows_old_algorithms_only_is_told_as_such(tmp_path: Path) -> None:
    old = ["diffie-hellman-group14-sha1"]
    server = await asyncssh.create_server(
        asyncssh.SSHServer, "127.0.0.1", 0, server_host_keys=[new_key()], kex_algs=old
    )
    (tmp_path / "known_hosts").touch()
    error = await outcome(visit(tmp_path / "known_hosts", server.get_port()))
    server.close()
    assert error.outcome == "algorithms"


# --- what is left of a night -----------------------------------------------------------------------------------------


def _loaded(town: Town, good: Device, bad: Device) -> Loaded:
    entries = {
        name: {"site": "a", "address": "127.0.0.1", "ssh": {"credential": "c", "type": kind, "port": device.port}}
        for name, kind, device in (("mt-1", "mikrotik_routeros", good), ("mt-2", "mikrotik_routeros", bad))
    }
    return town.configured()._replace(inventory=Inventory.model_validate({"sites": {"a": {}}, "devices": entries}))


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    made = Town(tmp_path, monkeypatch)
    yield made
    made.database.close()


def _left(folder: Path) -> list[bytes]:
    """Return all that stands in a folder, and what its repository holds."""
    with Repo(str(folder / "state" / "configurations")) as repo:
        held = [repo[sha].as_raw_string() for sha in repo.object_store]
    return held + [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_no_secret_is_left_in_repository_state_or_logs(
    town: Town, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging(debug=True)

    alone = asyncio.Lock()

    async def in_a_thread(pool: str, call: Callable[[], Any]) -> Any:
        async with alone if pool == "git" else nullcontext():
            return await asyncio.to_thread(call)

    async with serving(mikrotik(password=CANARY)) as good, serving(mikrotik(password="another")) as bad:
        town.known_hosts.write_text(good.known() + bad.known())
        town.loaded = _loaded(town, good, bad)
        await town.runs(0)
        town.backups = NightlyBackups(town.store, town.wire, town.clock, lambda: town.loaded, fetch)
        town.clock.step(24 * HOUR)
        monkeypatch.setattr(town.wire, "blocking", in_a_thread)
        await town.backups.look()
    assert [password for _, password in bad.logins] == [CANARY]
    assert {name: one.outcome for name, one in town.store.config_backups().items()} == {
        "mt-1": "stored",
        "mt-2": "auth",
    }
    left = await asyncio.to_thread(_left, town.folder)
    said = "".join(capfd.readouterr())
    assert "configurations backed up" in said
    assert len(left) > 5
    assert [one for one in (*left, said.encode()) if CANARY.encode() in one] == []


# --- the two commands ------------------------------------------------------------------------------------------------


async def test_the_commands_trust_a_device_and_fetch_its_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "lab-password")
    known = tmp_path / "known_hosts"
    known.touch()

    async def run(*arguments: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, ssh, arguments)
        return done.exit_code, done.output

    async with serving(mikrotik()) as device:
        (tmp_path / "ringwacht.yml").write_text(
            f"state: {{directory: {tmp_path}/state}}\nsites: {{a: {{}}}}\ncredentials: {{c: {{ssh: {{username: lab, "
            f"password: {{env: RINGWACHT_SSH_PASSWORD}}, known_hosts: {known}}}}}}}\ndevices: {{mt-1: {{site: a, "
            f"address: 127.0.0.1, ssh: {{credential: c, type: mikrotik_routeros, port: {device.port}}}}}}}\n"
        )
        code, said = await run("fetch", "mt-1", str(tmp_path))
        assert (code, "ringwacht ssh trust mt-1" in said) == (1, True)
        code, said = await run("trust", "mt-1", str(tmp_path))
        assert (code, "give --fingerprint" in said) == (1, True)
        assert known.read_text() == ""
        fingerprint = next(word for word in said.split() if word.startswith("SHA256:")).rstrip(".")
        code, said = await run("trust", "mt-1", str(tmp_path), "--fingerprint", fingerprint)
        assert (code, "is now in" in said) == (0, True)
        code, said = await run("fetch", "mt-1", str(tmp_path))
        assert (code, "/interface bridge add name=bridge1" in said) == (0, True)
        assert CANARY not in said
        known.write_text(f"@revoked * {' '.join(device.known().split()[1:])}\n")
        code, said = await run("trust", "mt-1", str(tmp_path), "--fingerprint", fingerprint)
        assert (code, "revoked" in said) == (1, True)
    assert not (tmp_path / "state" / "configurations").exists()
