"""Guards that hold for every test: nothing blocks the loop, nothing leaks in from the environment.

The third guard, sockets to loopback only, is pytest-socket's and stands in pyproject.toml.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
import structlog
from blockbuster import BlockBuster
from hypothesis import settings

from tests.harness.clock import FakeClock

# No timed assertions: how long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# `config` is read in a thread by the daemon; a test may load a file itself.
GUARDED = ("agent", "collectors", "exporters")
FOREIGN = ("RINGWACHT_", "NOTIFY_SOCKET", "WATCHDOG_", "CREDENTIALS_DIRECTORY", "http_proxy", "https_proxy")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their place: in those of gzip stands the second, and each worker must find the same tests."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def no_blocking_call_on_the_loop() -> Iterator[None]:
    """Raise BlockingError where our own code blocks on a running loop; threads and the tests themselves may block."""
    guard = BlockBuster(scanned_modules=list(GUARDED))
    del guard.functions["socket.socket.connect"]  # pytest-socket replaces it for each test
    guard.activate()
    yield
    guard.deactivate()


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Take away what the machine's environment would tell the daemon; a test sets what it needs with monkeypatch."""
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):
            if name.lower().startswith(tuple(prefix.lower() for prefix in FOREIGN)):
                environment.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Have programs started here hear SIGINT: a shell that runs the tests in the background has it ignored by all."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Undo what a command did to the log: it writes to the standard error of its own test, which is closed then."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()
