"""``python -m collectors.ssh.worker``: one login to one device, in a process that may hang, and be killed.

Takes a job as JSON on standard input and writes the outcome as JSON to standard output, both in one line: nothing
secret stands in arguments or environment, and no configuration leaves this process unmasked. ``Job`` and ``outcome``
say what stands in them.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any, Literal, NamedTuple, Protocol, cast

from agent.configbackup import BackupFailure
from collectors.ssh.hostkeys import HostKey, host_pattern
from collectors.ssh.mask import masked, masker
from collectors.ssh.platforms import (
    MOST_CHARACTERS,
    PLATFORMS,
    NoConfigurationError,
    NotAllowedError,
    Platform,
    check_allowed,
    is_unsaved,
    normalised,
)

_CONNECT_SECONDS = 15.0
_MOST_BYTES_OF_MEMORY = 2 << 30
_LAST_SECONDS = 2.0  # of the deadline, for masking and for the way back


class Job(NamedTuple):
    """What is to be done. ``seconds``: how long all of it may take; ``mask_key``: in hexadecimal.

    ``keys``: type and base64 of the keys that the server may show, ``revoked`` of those that it must not.
    """

    device: str
    type: str
    host: str
    port: int
    username: str
    password: str
    key_file: str
    enable_password: str
    keys: list[list[str]]
    revoked: list[list[str]]
    seconds: float
    mask_key: str


class Outcome(NamedTuple):
    """``outcome`` "fetched" with configuration (masked) and ``unsaved``, or why not, with a ``detail`` for people.

    Why not: as ``agent.configbackup.ConfigBackup`` has it. ``value``: what of the detail is no word, such as a
    fingerprint.
    """

    outcome: Literal["fetched"] | BackupFailure
    detail: str = ""
    value: str = ""
    configuration: str = ""
    unsaved: bool | None = None


class RefusedKeyError(Exception):
    """The server shows a key of which nothing is known; no login was tried."""

    def __init__(self, key: Any) -> None:
        super().__init__("the key is not known")
        self.key = key


class Session(Protocol):
    """What of netmiko's connection is used."""

    def find_prompt(self) -> str:
        """Return the prompt, complete."""
        ...

    def check_enable_mode(self) -> bool:
        """Whether the mode is the privileged one."""
        ...

    def enable(self) -> str:
        """Enter the privileged mode."""
        ...

    def send_command(self, command_string: str, *, expect_string: str, read_timeout: float) -> Any:
        """Return what the device answers."""
        ...

    def disconnect(self) -> None:
        """Log out."""
        ...


def main() -> None:
    """Do one job; leaves no core behind, and not later than its deadline."""
    logging.disable(logging.CRITICAL)  # netmiko and paramiko log what they write
    job = Job(**json.loads(sys.stdin.buffer.readline()))  # pairs come as lists
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES_OF_MEMORY, _MOST_BYTES_OF_MEMORY))
    signal.alarm(int(job.seconds) + 2)  # whoever started it may be gone
    until = perf_counter() + job.seconds - _LAST_SECONDS
    session: Session | None = None
    try:
        found = _unfit(job)
        if found is None:
            session = _login(job)
            found = _visit(session, job, PLATFORMS[job.type], until)
    except Exception as error:  # noqa: BLE001 - whatever a device makes of the libraries is an outcome
        found = _failure(job, error)
    line = json.dumps(found._asdict(), ensure_ascii=False) + "\n"  # escapes would make three times as much of it
    sys.stdout.buffer.write(line.encode(errors="replace"))
    sys.stdout.buffer.flush()
    if session is not None:
        with suppress(Exception):
            session.disconnect()
    os._exit(0)  # threads of the library may hang


def _unfit(job: Job) -> Outcome | None:
    """Return why the login cannot even be tried; None where it can."""
    if not job.key_file:
        return None if job.password else Outcome("config", "the credential's password is empty", "password")
    from paramiko import PasswordRequiredException, PKey

    try:
        PKey.from_path(job.key_file)
    except (PasswordRequiredException, TypeError):  # the latter from the library below
        return Outcome("config", f"{job.key_file}: needs a passphrase, and there is no key for one", job.key_file)
    except OSError as error:
        return Outcome("config", f"{job.key_file}: {error.strerror}", job.key_file)
    except Exception:  # noqa: BLE001 - a file that is no key fails in many ways
        return Outcome("config", f"{job.key_file}: holds no private key", job.key_file)
    return None


def _login(job: Job) -> Session:
    """Return a session; nothing is sent before the server's key is known to be the right one."""
    from netmiko.ssh_dispatcher import CLASS_MAPPER  # pyright: ignore[reportUnknownVariableType]

    drivers = cast("dict[str, Any]", CLASS_MAPPER)
    kind = guarded(drivers[job.type], PLATFORMS[job.type], (job.username, job.password, job.enable_password))
    return strict(kind, job)(
        device_type=job.type,
        host=job.host,
        port=job.port,
        username=job.username,
        password=job.password or None,
        use_keys=bool(job.key_file),
        key_file=job.key_file or None,
        secret=job.enable_password,
        allow_agent=False,
        ssh_strict=True,
        system_host_keys=False,
        session_log=None,
        conn_timeout=_CONNECT_SECONDS,
        auth_timeout=_CONNECT_SECONDS,
        banner_timeout=_CONNECT_SECONDS,
    )


def guarded(base: Any, platform: Platform, answers: tuple[str, ...]) -> Callable[..., Session]:
    """Return netmiko's connection that writes nothing but the platform's table, and reads no more than there may be."""

    def write_channel(self: Any, out_data: str) -> None:
        """Raise NotAllowedError where it is to write anything else."""
        check_allowed(platform, out_data, answers)
        base.write_channel(self, out_data)

    def read_channel(self: Any) -> str:
        """Raise NoConfigurationError where there is no end, or nobody left."""
        text = str(base.read_channel(self))
        self.read_so_far += len(text)
        if self.read_so_far > 2 * MOST_CHARACTERS:  # the running configuration and the saved one
            raise NoConfigurationError("answers without end")
        if not text and self.remote_conn.closed:
            raise NoConfigurationError("broke the connection off")
        return text

    members = {"write_channel": write_channel, "read_channel": read_channel, "read_so_far": 0}
    return cast("Callable[..., Session]", type("Guarded", (base,), members))


def strict(base: Any, job: Job) -> Callable[..., Session]:
    """Return netmiko's connection that goes on with none but the job's keys, and says which one it refused."""
    from paramiko import MissingHostKeyPolicy, PKey

    class Refusal(MissingHostKeyPolicy):
        def missing_host_key(self, client: Any, hostname: str, key: PKey) -> None:
            """Raise RefusedKeyError: there is none to compare it with."""
            raise RefusedKeyError(key)

    def _build_ssh_client(self: Any) -> Any:
        client = base._build_ssh_client(self)
        name = host_pattern(job.host, job.port)
        for kind, key in job.keys:
            with suppress(Exception):  # of a type that the library does not know: it cannot be shown either
                client.get_host_keys().add(name, kind, PKey.from_type_string(kind, base64.b64decode(key)))
        client.set_missing_host_key_policy(Refusal())
        return client

    return cast("Callable[..., Session]", type("Strict", (base,), {"_build_ssh_client": _build_ssh_client}))


def _visit(session: Session, job: Job, platform: Platform, until: float) -> Outcome:
    if platform.enable and job.enable_password and not session.check_enable_mode():
        session.enable()
    # netmiko's own pattern would take the prompt in the middle of a line, as in a description, for the end
    prompt = rf"(?:^|[\r\n]){re.escape(session.find_prompt().strip())}[ \t]*$"

    def ask(command: str) -> str:
        return str(session.send_command(command, expect_string=prompt, read_timeout=max(1.0, until - perf_counter())))

    running = ask(platform.running)
    configuration = normalised(platform, running)
    saved = ask(platform.saved) if platform.saved else ""
    unsaved = is_unsaved(platform, running, saved)
    mask = masker(bytes.fromhex(job.mask_key), job.device)
    return Outcome("fetched", "", "", masked(configuration, mask, (job.password, job.enable_password)), unsaved)


def _failure(job: Job, error: Exception) -> Outcome:
    """Return what it means; quotes neither the device nor what was written to it."""
    from netmiko.exceptions import NetmikoAuthenticationException, ReadTimeout
    from paramiko import BadHostKeyException, SSHException

    cause = error.__context__
    for refusal in (error, cause):
        if isinstance(refusal, RefusedKeyError | BadHostKeyException):
            return _refused(job, refusal.key)
    if isinstance(cause, SSHException) and "Incompatible" in str(cause):
        return Outcome("algorithms", "offers no algorithm that is still safe")
    if isinstance(error, NetmikoAuthenticationException):
        return Outcome("auth", "refuses the login")
    if isinstance(error, ValueError) and "enable mode" in str(error):
        return Outcome("enable", "refuses the privileged mode")
    if isinstance(cause, TimeoutError) or isinstance(error, ReadTimeout):
        return Outcome("timeout", "does not answer in time")
    return _no_session(error, cause)


def _no_session(error: Exception, cause: BaseException | None) -> Outcome:
    from netmiko.exceptions import NetmikoTimeoutException

    if isinstance(cause, socket.gaierror):
        return Outcome("unresolved", "its name leads to no address")
    if isinstance(cause, OSError) or isinstance(error, NetmikoTimeoutException):
        return Outcome("unreachable", "no SSH connection: refused, or ended while it was set up")
    if isinstance(error, NoConfigurationError):
        return Outcome(error.outcome, str(error))
    known = isinstance(error, NotAllowedError)
    return Outcome("bad_reply", str(error) if known else f"the session broke off ({type(error).__name__})")


def _refused(job: Job, key: Any) -> Outcome:
    """Return what is wrong with the key that the server showed."""
    shown = HostKey(key.get_name(), key.get_base64())
    if list(shown) in job.revoked:
        return Outcome("revoked_key", f"shows a key that is revoked: {shown.fingerprint}", shown.fingerprint)
    if job.keys:
        return Outcome("changed_key", f"shows another key than known_hosts has: {shown.fingerprint}", shown.fingerprint)
    detail = f"its key is not known ({shown.fingerprint}); run: ringwacht ssh trust {job.device}"
    return Outcome("unknown_key", detail, shown.fingerprint)


if __name__ == "__main__":
    main()
