"""Nothing that names a person leaves the parsers, whatever goes wrong, and wherever it does."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

import collectors.mdm.census
import collectors.mdm.collector
import collectors.mdm.pages
from agent.contract import Harvest
from agent.layout import LayoutCache
from agent.wire.attempt import Failure, attempt
from agent.wire.logs import configure_logging
from collectors.mdm.collector import MdmCollector
from collectors.mdm.survey import Record
from tests.collectors.mdm.management_lab import of_intune, of_jamf, of_relution
from tests.harness.mdm.intune_mock import Graph, graph, intune_device
from tests.harness.mdm.jamf_mock import jamf_device, jamf_school
from tests.harness.mdm.managements import CANARY, Management
from tests.harness.mdm.relution_mock import relution, relution_device

Opened = Callable[[], AbstractAsyncContextManager[MdmCollector]]


@asynccontextmanager
async def jamf_with_canaries() -> AsyncGenerator[MdmCollector]:
    management = Management([jamf_device(number) for number in range(20)])
    async with jamf_school(management) as url:
        yield of_jamf(url, per_device="asset_tag")


@asynccontextmanager
async def relution_with_canaries() -> AsyncGenerator[MdmCollector]:
    async with relution(Management([relution_device(number) for number in range(20)])) as url:
        yield of_relution(url)


@asynccontextmanager
async def intune_with_canaries() -> AsyncGenerator[MdmCollector]:
    """It tells all that it has, though but some fields are asked for."""
    management = Graph([intune_device(number) for number in range(20)])
    management.select = False
    async with graph(management) as origin:
        yield of_intune(origin)


ALL = pytest.mark.parametrize("opened", [jamf_with_canaries, relution_with_canaries, intune_with_canaries])


async def polled(collector: MdmCollector) -> tuple[Harvest | Failure, str]:
    """Return what a poll brought, and all that was said on the way: log with tracebacks, narration."""
    narrated: list[str] = []
    collector.trace = narrated.append
    result = await attempt(collector.collect, 30.0, "source:schulen/mdm")
    return result, repr((result, narrated))


@ALL
async def test_a_good_poll_holds_no_person(opened: Opened) -> None:
    async with opened() as collector:
        result, said = await polled(collector)
    assert isinstance(result, Harvest)
    assert len(result.managed) == 20
    assert CANARY not in said
    assert CANARY not in repr([(one.family, one.rows.values) for one in result.layout.columns])


def broken(*args: Any, **keys: Any) -> Any:
    """An error of the kind that quotes what it could not take; none that is foreseen."""
    raise AssertionError(repr((args, keys)))


def quoting(_: Record, *paths: str) -> str:
    raise KeyError(f"{CANARY} {paths}")


STAGES = [
    (collectors.mdm.pages.ArrayReader, "feed", broken),
    (collectors.mdm.census.Census, "take", broken),
    (collectors.mdm.census.Census, "_add", broken),
    (Record, "text", quoting),
    (collectors.mdm.census.Census, "devices", broken),
    (collectors.mdm.collector, "grouped", broken),
    (LayoutCache, "arrange", broken),
]


@ALL
@pytest.mark.parametrize(("place", "name", "instead"), STAGES)
async def test_an_error_at_any_stage_quotes_no_person(
    opened: Opened, place: object, name: str, instead: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(place, name, instead)
    configure_logging(debug=True)
    async with opened() as collector:
        result, said = await polled(collector)
    assert isinstance(result, Failure) or result.partial
    assert CANARY not in said
    assert CANARY not in log.getvalue()


@ALL
async def test_after_a_poll_no_person_is_in_memory(opened: Opened) -> None:
    async with opened() as collector:
        with capture_logs() as logged:
            result, _ = await polled(collector)
        assert isinstance(result, Harvest)
        assert CANARY not in repr(logged)
        held = repr(reachable(collector))
    assert "ringwacht_mdm_managed_devices" in held
    assert CANARY not in held


def reachable(root: object) -> list[str]:
    """All texts that the collector holds on to, however deep."""
    found: list[str] = []
    seen: set[int] = set()
    waiting: list[object] = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ in {"module", "function"}:
            continue
        seen.add(id(one))
        if isinstance(one, str):
            found.append(one)
        elif not type(one).__module__.startswith(("asyncio", "aiohttp", "_pytest")):
            waiting.extend(gc.get_referents(one))
    return found
