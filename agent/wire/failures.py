"""What an operating system's error says of a target: one classification for every collector."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl

from agent.contract import BadReply, CannotCheck, CollectError, Reason, Unreachable

_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})
_BROKEN_OFF = frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE})
# Our own shortage or a local packet filter: says nothing about the target.
_OURS = frozenset(
    {
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN),
        *(errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.EACCES, errno.EPERM),
    }
)
# The name server is gone, or fails: says nothing about the name.
_NO_NAME_SERVER = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_SYSTEM})

# Rust's standard library gives the number in its text only: "Too many open files (os error 24)".
_RUST_NUMBER = re.compile(r"\(os error (\d+)\)")


def reason_of(error: OSError) -> Reason | None:
    """Return what the error says of the target; ``config`` where it is ours, None where it says nothing."""
    if isinstance(error, socket.gaierror):
        return Reason.CONFIG if error.errno in _NO_NAME_SERVER else Reason.UNREACHABLE
    number = _number(error)
    if isinstance(error, TimeoutError) or number == errno.ETIMEDOUT:
        return Reason.TIMEOUT
    if isinstance(error, ConnectionRefusedError) or number == errno.ECONNREFUSED:
        return Reason.REFUSED
    if isinstance(error, (ConnectionError, ssl.SSLError)) or number in _BROKEN_OFF:  # asyncio's have no number
        return Reason.BAD_REPLY
    if number in _UNREACHABLE:
        return Reason.UNREACHABLE
    return Reason.CONFIG if isinstance(error, PermissionError) or number in _OURS else None


def describe(error: OSError) -> str:
    """Return the system's words for the error, or its own where it has no number."""
    number = _number(error)
    if number is not None:
        return os.strerror(number)
    return error.strerror or str(error) or ("no answer in time" if isinstance(error, TimeoutError) else "failed")


def collect_error(error: OSError, detail: str) -> CollectError:
    """Return the collector's error for it; what says nothing counts as ``unreachable``."""
    match reason_of(error):
        case Reason.CONFIG:
            return CannotCheck(detail)
        case Reason.BAD_REPLY:
            return BadReply(detail)
        case None:
            return Unreachable(detail, Reason.UNREACHABLE)
        case reason:
            return Unreachable(detail, reason)


def _number(error: OSError) -> int | None:
    """Return the ``errno``; name lookups and TLS count their errors otherwise."""
    if isinstance(error, (socket.gaierror, ssl.SSLError)):
        return None
    if error.errno is not None:
        return error.errno
    found = _RUST_NUMBER.search(str(error))
    return int(found[1]) if found else None
