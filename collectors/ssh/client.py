"""Has one device's configuration fetched by a process of its own, with a hard end. Blocks: in a thread.

netmiko reads a terminal, and a device may keep it waiting for ever, in a library that cannot be interrupted: the
process can be killed. It gets what is secret over a pipe, and no environment.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import IO, Any, cast

from agent.configbackup import BackupFailure, Fetched
from collectors.ssh.hostkeys import Known, host_pattern, known_of, read_known
from collectors.ssh.mask import RULES
from collectors.ssh.platforms import MOST_CHARACTERS, PLATFORMS
from config.settings import SshCredential
from config.ssh import SshParams

MOST_BYTES = 5 * MOST_CHARACTERS  # in UTF-8, quoted, secrets longer than they were
_STEP_SECONDS = 0.1  # how soon a visit that nobody wants any more ends
_GOODBYE_SECONDS = 3.0  # for the logout, once the result is there
_DEATH_SECONDS = 1.0
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Visit:
    """Whom to visit, as whom, and how long at most (seconds)."""

    device: str
    host: str
    params: SshParams
    credential: SshCredential
    seconds: float
    mask_key: bytes = field(repr=False)

    @property
    def known_hosts(self) -> Path:
        """Where the device's key must stand."""
        return self.credential.known_hosts

    @property
    def form(self) -> str:
        """Return what a text depends on besides the device: rules of masking, the platform's table, the mask's key."""
        rules = f"{RULES}\0{PLATFORMS[self.params.type]!r}"
        return hmac.new(self.mask_key, rules.encode(), hashlib.sha256).hexdigest()[:16]


class VisitError(Exception):
    """No configuration: ``outcome`` and ``value`` as ``agent.configbackup.ConfigBackup`` has it.

    ``detail``: the same for people, in English, without secrets.
    """

    def __init__(self, outcome: BackupFailure, detail: str, value: str = "") -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome: BackupFailure = outcome
        self.detail = detail
        self.value = value


def fetch(visit: Visit, stopped: Callable[[], bool] = lambda: False) -> Fetched:
    """Return the device's configuration; ends at the deadline, or soon after ``stopped``, whatever the device does.

    Raises VisitError.
    """
    until = perf_counter() + visit.seconds
    known = _known(visit)
    try:
        answer = _run(_job(visit, known), until, stopped)
    except OSError as error:
        raise VisitError("config", f"no process could be started: {error.strerror}") from error
    found = _read(answer)
    if found is None:
        detail = "took too long" if perf_counter() >= until else "the worker ended without a result"
        raise VisitError("timeout" if perf_counter() >= until else "bad_reply", detail)
    if found.get("outcome") != "fetched":
        outcome: BackupFailure = found.get("outcome", "bad_reply")
        raise VisitError(outcome, str(found.get("detail")), str(found.get("value")))
    return Fetched(str(found.get("configuration")), found.get("unsaved"))


def _known(visit: Visit) -> Known:
    """Return what known_hosts says of the device. Raises VisitError where it cannot be told."""
    path = visit.known_hosts
    try:
        known = known_of(read_known(path), host_pattern(visit.host, visit.params.port))
    except OSError as error:
        raise VisitError("config", f"{path}: {error.strerror}", str(path)) from error
    if known.broken:
        line = f"{path}:{known.broken[0]}"
        raise VisitError("config", f"{line}: the device's key cannot be read", line)
    return known


def _job(visit: Visit, known: Known) -> bytes:
    login = visit.credential
    secrets = (login.password, login.enable_password)
    password, enable = ("" if one is None else one.get_secret_value() for one in secrets)
    job = {
        "device": visit.device,
        "type": visit.params.type,
        "host": visit.host,
        "port": visit.params.port,
        "username": login.username,
        "password": password,
        "key_file": "" if login.key_file is None else str(login.key_file),
        "enable_password": enable,
        "keys": known.keys,
        "revoked": known.revoked,
        "seconds": visit.seconds,
        "mask_key": visit.mask_key.hex(),
    }
    return json.dumps(job).encode() + b"\n"


def _run(job: bytes, until: float, stopped: Callable[[], bool]) -> bytes:
    """Return what the worker wrote until it ended or had to; nothing of it runs afterwards. Raises OSError."""
    process = subprocess.Popen(  # our own module, by our own interpreter
        (sys.executable, "-I", "-m", "collectors.ssh.worker"),
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could quote what is secret
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"},
        start_new_session=True,
        umask=0o077,
    )
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        with contextlib.suppress(BrokenPipeError):
            stdin.write(job)  # less than a pipe holds: never waits
        stdin.close()
        return _output(stdout, until, stopped)
    finally:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)  # it has not been waited for: the number is still its own
        stdout.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DEATH_SECONDS)


def _output(pipe: IO[bytes], until: float, stopped: Callable[[], bool]) -> bytes:
    """Read one line, or what there is of it, and let its writer log out."""
    kept = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while len(kept) <= MOST_BYTES and not stopped():
        left = until - perf_counter()
        if left <= 0:
            break
        if poll.poll(min(left, _STEP_SECONDS) * 1000):
            piece = os.read(pipe.fileno(), _PIECE)
            kept += piece
            if not piece:
                break
            if piece.endswith(b"\n"):
                until = min(until, perf_counter() + _GOODBYE_SECONDS)
    return bytes(kept)


def _read(answer: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None
