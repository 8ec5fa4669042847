"""Keys of SSH servers, in OpenSSH's format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT); nothing is ever learnt by itself.

The key of a device is fetched without a login: the connection ends when the key exchange (RFC 4253, section 8) is done.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import socket
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from agent.wire.wholefile import write_whole

FETCH_SECONDS = 15.0
_MOST_BYTES = 4 << 20


class HostKey(NamedTuple):
    """Type (``ssh-ed25519``) and key (RFC 4253, section 6.6, in base64)."""

    type: str
    key: str

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` shows it: ``SHA256:`` and base64 without padding."""
        digest = hashlib.sha256(base64.b64decode(self.key)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


class KeyFetchError(Exception):
    """No key was to be had; the text is for people."""


def host_pattern(host: str, port: int) -> str:
    """Return the name under which a server stands in the file."""
    return host if port == 22 else f"[{host}]:{port}"


class Known(NamedTuple):
    """What a file says of one server: the keys that may be trusted, those that must not, and lines that are no use.

    ``broken``: numbers of lines that name the server and whose key cannot be read.
    """

    keys: tuple[HostKey, ...] = ()
    revoked: tuple[HostKey, ...] = ()
    broken: tuple[int, ...] = ()


def known_of(text: str, name: str) -> Known:
    """Return what a file says of a name. Other servers' lines do not matter, whatever they look like.

    A name is trusted as it stands, plain or hashed; ``@revoked`` counts for patterns (``*``) as well.
    """
    keys: list[HostKey] = []
    revoked: list[HostKey] = []
    broken: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        entry = _parsed(line)
        if entry is None or not _concerns(entry, name):
            continue
        if entry.key is None:
            broken.append(number)
        else:
            (revoked if entry.revoked else keys).append(entry.key)
    return Known(tuple(key for key in keys if key not in revoked), tuple(revoked), tuple(broken))


def with_key(text: str, name: str, key: HostKey) -> str:
    """Return the file with this key as the only one of the name; other lines stay as they are."""
    lines = text.removesuffix("\n").split("\n") if text else ()
    kept = [line for old in lines for line in _without(old, name)]
    return "".join(f"{line}\n" for line in (*kept, f"{name} {key.type} {key.key}"))


def read_known(path: Path) -> str:
    """Return the file's text. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8", "surrogateescape")


@contextmanager
def changing(path: Path) -> Generator[None]:
    """Let nobody else change the file by this way meanwhile. Raises OSError."""
    folder = os.open(path.resolve().parent, os.O_RDONLY | os.O_CLOEXEC)  # the file itself is replaced by each change
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def write_known(path: Path, text: str) -> None:
    """Replace the file, whole or not at all; its mode and owner stay. Raises OSError."""
    write_whole(path, (text.encode("utf-8", "surrogateescape"),), None, owner_stays=True)


def fetch_key(host: str, port: int, known: tuple[HostKey, ...] = ()) -> HostKey:
    """Return the key that a server shows now, if it can be one of a type that is ``known``. Blocks; never logs in.

    Raises KeyFetchError.
    """
    from paramiko import SSHException, Transport  # takes a fifth of a second to import

    try:
        with (
            closing(socket.create_connection((host, port), FETCH_SECONDS)) as connection,
            closing(Transport(connection)) as transport,
        ):
            options = transport.get_security_options()
            first = {name for one in known for name in _algorithms(one.type)}
            options.key_types = tuple(sorted(options.key_types, key=lambda one: one not in first))
            transport.start_client(timeout=FETCH_SECONDS)
            key = transport.get_remote_server_key()
            return HostKey(key.get_name(), key.get_base64())
    except TimeoutError as error:
        raise KeyFetchError("does not answer") from error
    except (OSError, EOFError) as error:
        raise KeyFetchError(f"cannot be reached: {getattr(error, 'strerror', None) or error}") from error
    except SSHException as error:
        raise KeyFetchError("speaks no SSH, or none whose algorithms are still safe") from error


def _algorithms(key_type: str) -> tuple[str, ...]:
    """Return the signature algorithms of a type of key (RFC 8332)."""
    return ("rsa-sha2-512", "rsa-sha2-256") if key_type == "ssh-rsa" else (key_type,)


class _Entry(NamedTuple):
    """A line: its names as they stand, what follows them, and the key, None where it cannot be read."""

    names: tuple[str, ...]
    rest: str
    key: HostKey | None
    revoked: bool


def _parsed(line: str) -> _Entry | None:
    """Return what a line says; None for what says nothing of a server's own key: remarks, authorities, no line."""
    marker, *parts = ("", *line.split(None, 1)) if not line.lstrip().startswith("@") else line.split(None, 2)
    if not parts or parts[0].startswith("#") or marker not in {"", "@revoked"}:
        return None
    rest = parts[1] if len(parts) == 2 else ""
    return _Entry(tuple(parts[0].split(",")), rest, _key(rest), bool(marker))


def _key(written: str) -> HostKey | None:
    """Return the key of type and base64, if it says its type itself (RFC 4253, section 6.6)."""
    parts = written.split()
    if len(parts) < 2:
        return None
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    said = parts[0].encode("utf-8", "surrogateescape")
    is_whole = blob.startswith(len(said).to_bytes(4, "big") + said) and len(blob) > len(said) + 4
    return HostKey(parts[0], parts[1]) if is_whole else None


def _concerns(entry: _Entry, name: str) -> bool:
    if any(_is_meant(one, name) for one in entry.names):
        return True
    return entry.revoked and any(fnmatchcase(name.lower(), _pattern(one)) for one in entry.names)


def _pattern(written: str) -> str:
    """Return what ``fnmatch`` takes: there a bracket, as before a port, begins a set."""
    return written.lower().replace("[", "[[]")


def _is_meant(written: str, name: str) -> bool:
    if not written.startswith("|1|"):
        return written.lower() == name.lower()
    try:
        salt, digest = (base64.b64decode(one, validate=True) for one in written[3:].split("|"))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.new(salt, name.lower().encode(), hashlib.sha1).digest(), digest)


def _without(line: str, name: str) -> Iterator[str]:
    """Yield the line without the name; nothing where it named no other. What is revoked stays so."""
    entry = _parsed(line)
    if entry is None or entry.revoked:
        yield line
        return
    left = [one for one in entry.names if not _is_meant(one, name)]
    if len(left) == len(entry.names):
        yield line
    elif left:
        yield f"{','.join(left)} {entry.rest}"
