"""Where the daemon cannot start, it says why in one clear line and leaves with 2."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from tests.harness.daemon import COMMAND
from tests.harness.process import free_port, write_yaml

pytestmark = pytest.mark.integration


def smallest(**more: Any) -> dict[str, Any]:
    return {"sites": {"rathaus": {}}, "devices": {"local": {"site": "rathaus", "checks": ["host"]}}, **more}


async def run(*arguments: str, uid: int | None = None) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        user=uid,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 1, text
    return lines[0]


async def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    port = free_port()
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", port)
    async with server:
        write_yaml(tmp_path / "ringwacht.yml", smallest(web={"listen": f"127.0.0.1:{port}"}))
        code, _, err = await run("run", str(tmp_path))
    assert code == 2
    assert str(port) in one_line(err)
    assert "in use" in err


async def test_a_state_directory_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    write_yaml(tmp_path / "ringwacht.yml", smallest(web={"listen": f"127.0.0.1:{free_port()}"}))
    code, _, err = await run("run", str(tmp_path))
    assert code == 2
    assert "state" in one_line(err)


async def test_a_missing_secret_is_one_clear_line_with_its_place(tmp_path: Path) -> None:
    credentials = {"lab": {"snmp": {"version": "2c", "community": {"file": "secrets/none"}}}}
    write_yaml(tmp_path / "ringwacht.yml", smallest(credentials=credentials))
    code, _, err = await run("run", str(tmp_path))
    assert code == 2
    assert "ringwacht.yml:" in one_line(err)
    assert "secrets/none" in err


async def test_an_unknown_profile_is_one_clear_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "community").write_text("public")
    credentials = {"lab": {"snmp": {"version": "2c", "community": {"file": "community"}}}}
    devices = {"rr-1": {"site": "rathaus", "address": "127.0.0.1", "credential": "lab", "profile": "ceragonn"}}
    write_yaml(tmp_path / "ringwacht.yml", smallest(credentials=credentials, devices=devices))
    code, _, err = await run("run", str(tmp_path))
    assert code == 2
    line = one_line(err)
    assert "devices.rr-1.profile" in line
    assert "did you mean ceragon?" in line
    code, _, checked = await run("check", str(tmp_path))
    assert (code, one_line(checked)) == (1, line)


async def test_a_receiver_that_apprise_does_not_know_is_told_without_its_url(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("nonsense://user:hunter2@example")
    alerting = {"receivers": {"it": {"apprise": [{"file": "url"}]}}}
    write_yaml(tmp_path / "ringwacht.yml", smallest(alerting=alerting))
    code, out, err = await run("check", str(tmp_path))
    assert code == 1
    assert "alerting.receivers.it.apprise[0]: Apprise knows no service" in one_line(err)
    assert "hunter2" not in out + err


async def test_check_of_a_good_configuration_is_a_summary(tmp_path: Path) -> None:
    write_yaml(tmp_path / "ringwacht.yml", smallest())
    code, out, err = await run("check", str(tmp_path))
    assert (code, err) == (0, "")
    assert "1 sites, 1 devices" in out


async def test_collect_prints_samples_in_text_format_and_timings(tmp_path: Path) -> None:
    write_yaml(tmp_path / "ringwacht.yml", smallest())
    code, out, err = await run("collect", str(tmp_path), "local")
    assert code == 0
    assert 'node_load1{device="local",instance="local",site="rathaus"}' in out
    assert "device:local/host:" in err


async def test_collect_of_an_unknown_device_names_the_nearest(tmp_path: Path) -> None:
    write_yaml(tmp_path / "ringwacht.yml", smallest())
    code, _, err = await run("collect", str(tmp_path), "loca")
    assert code == 2
    assert "did you mean local?" in one_line(err)


async def test_no_traceback_reaches_a_person(tmp_path: Path) -> None:
    for arguments in (("run", str(tmp_path / "none")), ("check", os.devnull), ("plan", str(tmp_path))):
        code, _, err = await run(*arguments)
        assert code in {1, 2}
        assert "Traceback" not in err
