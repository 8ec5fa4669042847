"""Keys of servers in OpenSSH's format: found, compared, replaced whole."""

from __future__ import annotations

import asyncio
import socket
import stat
from pathlib import Path

import pytest
from paramiko import ECDSAKey, HostKeys

from collectors.ssh.hostkeys import (
    HostKey,
    KeyFetchError,
    Known,
    fetch_key,
    host_pattern,
    known_of,
    read_known,
    with_key,
    write_known,
)
from tests.harness.sshserver import cisco, serving

A = HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIAbcVzxzCEOyPhRN1yZnkX6Vz0r2vUq1d9oQe9sN2r0a")
B = HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIBbcVzxzCEOyPhRN1yZnkX6Vz0r2vUq1d9oQe9sN2r0b")


def test_a_server_on_its_own_port_stands_in_brackets() -> None:
    assert (host_pattern("192.0.2.1", 22), host_pattern("::1", 2222)) == ("192.0.2.1", "[::1]:2222")


def test_keys_are_found_by_name_plain_listed_or_hashed() -> None:
    hashed = HostKeys.hash_host("sw-2")
    text = f"# comment\nsw-1,192.0.2.1 {A.type} {A.key} note\n{hashed} {B.type} {B.key}\n"
    text += f"@revoked sw-1 {B.type} {B.key}\nx y\n"
    assert known_of(text, "192.0.2.1").keys == known_of(text, "SW-1").keys == (A,)
    assert known_of(text, "sw-2").keys == (B,)
    assert known_of(text, "sw-3").keys == ()


def test_a_key_is_replaced_and_the_other_names_keep_theirs() -> None:
    text = f"# comment\nsw-1,sw-2 {A.type} {A.key} note\n"
    changed = with_key(text, "sw-1", B)
    assert changed == f"# comment\nsw-2 {A.type} {A.key} note\nsw-1 {B.type} {B.key}\n"
    assert with_key(changed, "sw-1", B) == changed
    assert with_key("", "sw-1", B) == f"sw-1 {B.type} {B.key}\n"


def test_what_stands_of_other_servers_does_not_matter_whatever_it_looks_like() -> None:
    text = f"\udcff\n@cert-authority * {B.type} {B.key}\nother ssh-rsa AAAA!!!bad\nother x\n"
    text += f"SW-1\t{A.type}\t{A.key} \udcff\n"
    assert known_of(text, "sw-1") == Known((A,))


@pytest.mark.parametrize(
    "line", ["sw-1 ssh-ed25519 AAAA!!!", "sw-1 ssh-ed25519", "sw-1,a ssh-ed25519 AAAA", f"sw-1 ssh-rsa {A.key}"]
)
def test_a_line_of_the_server_that_cannot_be_read_is_named(line: str) -> None:
    assert known_of(f"# x\n{line}\n", "sw-1").broken == (2,)


@pytest.mark.parametrize("names", ["sw-1", "*", "x,SW-?", "|"])
def test_a_revoked_key_is_never_trusted(names: str) -> None:
    names = HostKeys.hash_host("sw-1") if names == "|" else names
    text = f"@revoked {names} {A.type} {A.key}\nsw-1 {A.type} {A.key}\nsw-1 {B.type} {B.key}\n"
    assert known_of(text, "sw-1") == Known((B,), (A,))
    assert with_key(text, "sw-1", B).startswith(f"@revoked {names} ")


def test_a_name_with_a_port_is_no_pattern() -> None:
    assert known_of(f"@revoked [10.0.0.*]:22?? {A.type} {A.key}\n", "[10.0.0.1]:2222").revoked == (A,)
    assert known_of(f"* {A.type} {A.key}\n", "sw-1") == Known()


def test_the_file_is_replaced_whole_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_bytes(b"\xff\n")
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_known(link, read_known(link) + "x\n")
    assert path.read_bytes() == b"\xff\nx\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_fingerprint_is_as_openssh_shows_it() -> None:
    key = ECDSAKey.generate()
    assert HostKey(key.get_name(), key.get_base64()).fingerprint == key.fingerprint


async def test_a_key_is_fetched_without_a_login() -> None:
    async with serving(cisco()) as device:
        key = await asyncio.to_thread(fetch_key, "127.0.0.1", device.port)
        assert device.began == []
    assert device.known().split()[1:3] == [key.type, key.key]


def test_a_port_that_is_closed_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(KeyFetchError, match="cannot be reached"):
        fetch_key("127.0.0.1", port)
