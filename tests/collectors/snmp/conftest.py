from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.collectors.snmp.lab import Bench


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    """Collectors for agents on loopback."""
    made = Bench()
    yield made
    await made.close()
