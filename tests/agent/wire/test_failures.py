from __future__ import annotations

import errno
import os
import socket
import ssl

import pytest

from agent.contract import BadReply, CannotCheck, CollectError, Reason, Unreachable
from agent.wire.failures import collect_error, describe, reason_of


def as_rust_says(number: int) -> OSError:
    """What gufo raises: the number stands in the text only."""
    return OSError(f"{os.strerror(number)} (os error {number})")


NUMBERS = [
    (errno.ECONNREFUSED, Reason.REFUSED),
    (errno.ETIMEDOUT, Reason.TIMEOUT),
    (errno.EHOSTUNREACH, Reason.UNREACHABLE),
    (errno.ENETUNREACH, Reason.UNREACHABLE),
    (errno.EADDRNOTAVAIL, Reason.CONFIG),
    (errno.EAGAIN, Reason.CONFIG),
    (errno.ECONNRESET, Reason.BAD_REPLY),
    (errno.EPIPE, Reason.BAD_REPLY),
    (errno.EMFILE, Reason.CONFIG),
    (errno.ENFILE, Reason.CONFIG),
    (errno.ENOBUFS, Reason.CONFIG),
    (errno.EACCES, Reason.CONFIG),
    (errno.EPERM, Reason.CONFIG),
    (errno.ENOTDIR, None),
]


@pytest.mark.parametrize(("number", "reason"), NUMBERS)
def test_python_and_rust_errors_mean_the_same(number: int, reason: Reason | None) -> None:
    assert reason_of(OSError(number, "text")) is reason
    assert reason_of(as_rust_says(number)) is reason
    assert describe(OSError(number, "text")) == describe(as_rust_says(number)) == os.strerror(number)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), Reason.TIMEOUT),
        (ConnectionRefusedError("no number"), Reason.REFUSED),
        (ConnectionAbortedError("SSL handshake is taking longer than 60 seconds"), Reason.BAD_REPLY),
        (PermissionError("permission denied"), Reason.CONFIG),
        (OSError("os error twenty"), None),
        (OSError(), None),
    ],
)
def test_errors_without_a_number(error: OSError, reason: Reason | None) -> None:
    assert reason_of(error) is reason
    assert describe(error)


@pytest.mark.parametrize("error", [ssl.SSLError(1, "[SSL] wrong version number"), ssl.SSLCertVerificationError(1, "x")])
def test_a_tls_error_is_the_far_sides_though_its_number_is_that_of_eperm(error: ssl.SSLError) -> None:
    assert error.errno == errno.EPERM
    assert reason_of(error) is Reason.BAD_REPLY
    assert describe(error) == error.strerror


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (socket.EAI_NONAME, Reason.UNREACHABLE),
        (socket.EAI_NODATA, Reason.UNREACHABLE),
        (socket.EAI_AGAIN, Reason.CONFIG),
        (socket.EAI_FAIL, Reason.CONFIG),
    ],
)
def test_a_name_server_that_is_gone_says_nothing_of_the_name(number: int, reason: Reason) -> None:
    assert reason_of(socket.gaierror(number, "words")) is reason
    assert describe(socket.gaierror(number, "words")) == "words"


@pytest.mark.parametrize(
    ("number", "made", "reason"),
    [
        (errno.EMFILE, CannotCheck, Reason.CONFIG),
        (errno.ECONNRESET, BadReply, Reason.BAD_REPLY),
        (errno.ECONNREFUSED, Unreachable, Reason.REFUSED),
        (errno.ETIMEDOUT, Unreachable, Reason.TIMEOUT),
        (errno.ENOTDIR, Unreachable, Reason.UNREACHABLE),
    ],
)
def test_each_reason_has_its_error(number: int, made: type[CollectError], reason: Reason) -> None:
    error = collect_error(as_rust_says(number), "sw-1: why")
    assert type(error) is made
    assert (error.reason, error.detail) == (reason, "sw-1: why")
