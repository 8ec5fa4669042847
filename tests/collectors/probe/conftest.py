"""A wire, and a socket that answers as told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agent.wire.wire import LocalWire
from tests.collectors.probe.ping_socket import FakeSocket
from tests.collectors.probe.servers import local_wire


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


@pytest.fixture
async def fake() -> AsyncIterator[FakeSocket]:
    sock = FakeSocket()
    yield sock
    sock.close()
