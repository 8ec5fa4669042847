"""``ringwacht ssh …``: a device's key taken into known_hosts by a person, and one backup now."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from agent.app.backups import KEY_NAME, visits
from agent.app.loading import StartError
from agent.wire.keyfile import load_key
from collectors.ssh.client import Visit, VisitError, fetch
from collectors.ssh.hostkeys import (
    HostKey,
    KeyFetchError,
    Known,
    changing,
    fetch_key,
    host_pattern,
    known_of,
    read_known,
    with_key,
    write_known,
)
from config.errors import did_you_mean, shown
from config.loader import Loaded


class Wanted(NamedTuple):
    """How a key is agreed to. ``fingerprint``: what it must be; None: somebody is asked, if there is somebody."""

    fingerprint: str | None = None
    replace: bool = False


def visit_of(loaded: Loaded, device: str) -> Visit:
    """Return how a device is visited. Raises StartError, naming what there is."""
    key = load_key(loaded.settings.state.directory / KEY_NAME, make=False)
    known = visits(loaded.inventory, loaded.settings, key)
    if device not in known:
        raise StartError(f"{shown(device)}: no device with an ssh key; {did_you_mean(device, known) or 'see its file'}")
    return known[device]


def trust(loaded: Loaded, device: str, wanted: Wanted, agrees: Callable[[str], bool]) -> str:
    """Take the key that the device shows now into its credential's known_hosts; return what was done.

    ``agrees``: asks somebody. Nothing is sent but the key exchange. Raises StartError: no key, refused, another one.
    """
    visit = visit_of(loaded, device)
    name = host_pattern(visit.host, visit.params.port)
    with _plainly(visit.known_hosts):
        before = known_of(read_known(visit.known_hosts), name)
    try:
        key = fetch_key(visit.host, visit.params.port, before.keys)
    except KeyFetchError as error:
        raise StartError(f"{device}: {error}") from error
    if key in before.keys and not before.broken:
        return f"{device}: {_said(key)} is known already"
    _check(device, key, before, wanted)
    if wanted.fingerprint is None and not agrees(f"{device} ({name}) shows {_said(key)}. Trust it?"):
        raise StartError(f"{device}: not trusted")
    with _plainly(visit.known_hosts), changing(visit.known_hosts):
        text = read_known(visit.known_hosts)  # again: it took somebody a while to say yes
        if known_of(text, name) != before:
            raise StartError(f"{device}: somebody else has changed {visit.known_hosts} meanwhile; try again")
        write_known(visit.known_hosts, with_key(text, name, key))
    return f"{device}: {_said(key)} is now in {visit.known_hosts}"


@contextmanager
def _plainly(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from error


def _check(device: str, key: HostKey, before: Known, wanted: Wanted) -> None:
    """Refuse a key that was not asked for. Raises StartError."""
    if key in before.revoked:
        raise StartError(f"{device}: shows {_said(key)}, which is revoked")
    if wanted.fingerprint is not None and wanted.fingerprint != key.fingerprint:
        raise StartError(f"{device}: shows {_said(key)}, not {shown(wanted.fingerprint)}")
    if before.keys and key not in before.keys and not wanted.replace:
        listed = "".join(f"\n  known: {_said(one)}" for one in before.keys)
        raise StartError(f"{device}: another key is known{listed}\n  shown: {_said(key)}\nIt is right: --replace")


def _said(key: HostKey) -> str:
    return f"{key.type} {key.fingerprint}"


def is_agreed(question: str) -> bool:
    """Ask whoever sits at the terminal. Raises StartError where nobody does: a script must know the fingerprint."""
    if not sys.stdin.isatty():
        raise StartError(f"{question}\nNobody is there to answer: give --fingerprint.")
    sys.stderr.write(f"{question} [yes/no] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def fetched(loaded: Loaded, device: str) -> str:
    """Return a device's configuration as it is now, masked; nothing is stored. Raises StartError."""
    visit = visit_of(loaded, device)
    try:
        found = fetch(visit)
    except VisitError as error:
        raise StartError(f"{device}: {error.detail} ({error.outcome})") from error
    said = {True: "not saved on the device", False: "saved on the device", None: "not known whether saved"}
    sys.stderr.write(f"{device}: {len(found.configuration.splitlines())} lines, {said[found.unsaved]}\n")
    return found.configuration
