from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.collectors.plugin.lab import Bench, benched


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with benched() as made:
        yield made
