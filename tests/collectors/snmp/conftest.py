from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from collectors.snmp.transport import budget, client, compat, secure
from tests.collectors.snmp.failures.v3lab import OurClock
from tests.collectors.snmp.lab import Bench


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    """Collectors for agents on loopback."""
    made = Bench()
    yield made
    await made.close()


@pytest.fixture
def our_clock(monkeypatch: pytest.MonkeyPatch) -> OurClock:
    """The clock of both engines; the sockets' patience stays that of the wall."""
    clock = OurClock()
    for module in (budget, client, compat, secure):
        monkeypatch.setattr(module, "perf_counter", clock)
    return clock
