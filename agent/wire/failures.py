"""What an operating system's error says of a target: one classification for every collector."""

from __future__ import annotations

import errno
import re
import socket

from agent.contract import BadReply, CannotCheck, CollectError, Reason, Unreachable

_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_BROKEN_OFF = frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE})
# Our own shortage or a local packet filter: says nothing about the target.
_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EACCES, errno.EPERM})

# Rust's standard library gives the number in its text only: "Too many open files (os error 24)".
_RUST_NUMBER = re.compile(r"\(os error (\d+)\)")


def reason_of(error: OSError) -> Reason | None:
    """Return what the error says of the target; ``config`` where it is ours, None where it says nothing."""
    if isinstance(error, TimeoutError):
        return Reason.TIMEOUT
    if isinstance(error, socket.gaierror):
        return Reason.UNREACHABLE
    number = _number(error)
    if number in _UNREACHABLE:
        return Reason.UNREACHABLE
    if number == errno.ECONNREFUSED:
        return Reason.REFUSED
    if number in _BROKEN_OFF:
        return Reason.BAD_REPLY
    return Reason.CONFIG if number in _OURS else None


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
    if error.errno is not None:
        return error.errno
    found = _RUST_NUMBER.search(str(error))
    return int(found[1]) if found else None
