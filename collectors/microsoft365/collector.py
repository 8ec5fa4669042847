"""One poll: three collections of Microsoft Graph, each of which may be forbidden or fail by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import aiohttp

from agent.contract import AuthFailed, BadReply, CollectError, Harvest, Target, Wire
from agent.estate import CloudIssue
from agent.layout import LayoutCache, Sample, clean_text
from agent.wire.graph import GraphDoor
from agent.wire.session import open_session
from agent.wire.trust import Trust, TrustShare
from collectors.microsoft365 import families, parse
from collectors.microsoft365.client import Forbidden, Graph, TokenRefused
from config.schools import Source

MARGIN_SECONDS = 5.0
"""Of the time for a poll that is kept back: what was read is worth more than the last page."""

MOST_ISSUES_TOLD = 30
MAX_REMARK_BYTES = 200


class Collection(NamedTuple):
    """What is asked for, which of it is kept, and the permission that it takes."""

    name: str
    path: str
    keys: tuple[str, ...]
    permission: str


_ISSUE = ("service", "classification", "title", "impactDescription", "startDateTime")
_SKU = ("skuPartNumber", "prepaidUnits", "consumedUnits")
_ANNOUNCED = "/admin/serviceAnnouncement"
_HEALTH_PERMISSION = "ServiceHealth.Read.All"
_OPEN = f"$filter=isResolved%20eq%20false&$select={','.join(_ISSUE)}"

HEALTH = Collection("healthOverviews", f"{_ANNOUNCED}/healthOverviews", ("service", "id", "status"), _HEALTH_PERMISSION)
ISSUES = Collection("issues", f"{_ANNOUNCED}/issues?{_OPEN}", _ISSUE, _HEALTH_PERMISSION)
SKUS = Collection("subscribedSkus", f"/subscribedSkus?$select={','.join(_SKU)}", _SKU, "LicenseAssignment.Read.All")

READ: Mapping[str, tuple[Collection, ...]] = {"health": (HEALTH, ISSUES), "seats": (SKUS,)}

Objects = list[Mapping[str, Any]]


class Microsoft365Collector:
    """Reads one tenant; satisfies contract.Collector and Traceable."""

    def __init__(self, source: Source, door: GraphDoor, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Callable[[str], None] | None = None
        self._source = source
        self._graph = Graph(door, wire)
        self._target = target
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Read health, issues and seats; what of them fails is named in ``partial``.

        Raises:
            Unreachable: nothing answers in time.
            AuthFailed: the application is refused, or may read none of them.
            BadReply: none of the answers can be used.
            CannotCheck: this machine cannot ask.
        """
        until = asyncio.get_running_loop().time() + max(1.0, self._target.budget_seconds - MARGIN_SECONDS)
        self._trust = await self._share.borrow(self._source.ca, self._wire)
        tls = self._trust.strict if self._source.verify else self._trust.lax
        poll = _Poll(self._tell)
        async with open_session(self._wire, tls, 2 * self._target.timeout_seconds) as session:
            for collection in (one for name, them in READ.items() if name in self._source.read for one in them):
                await self._read(poll, collection, session, until)
        if not poll.found:
            raise poll.failures[0]
        return await self._wire.blocking("parse", partial(self._harvest, poll))

    async def _read(self, poll: _Poll, collection: Collection, session: aiohttp.ClientSession, until: float) -> None:
        objects: Objects = []
        reduce = partial(parse.slim, keys=collection.keys)
        try:
            async with asyncio.timeout_at(until):
                async for page in self._graph.pages(session, collection.path, until, reduce):
                    objects.extend(page.objects)
                    poll.odd(collection, page.odd)
        except TimeoutError:
            poll.fail(collection, BadReply(f"{collection.name}: not read in time"))
        except Forbidden:
            poll.fail(collection, AuthFailed(f"{collection.name}: the permission {collection.permission} is missing"))
        except TokenRefused as error:
            poll.fail(collection, error)
        except AuthFailed:
            raise  # no token: the others would fare no better, and the far side counts attempts
        except CollectError as error:
            poll.fail(collection, error)
        else:
            self._tell(f"{collection.name}: {len(objects)} objects")
            poll.found[collection] = objects

    def _harvest(self, poll: _Poll) -> Harvest:
        samples: list[Sample] = []
        told: tuple[CloudIssue, ...] | None = None
        if HEALTH in poll.found:
            samples.extend(_healths(parse.health(poll.found[HEALTH], poll.oddities(HEALTH))))
        if ISSUES in poll.found:
            issues = parse.issues(poll.found[ISSUES], self._wire.now(), poll.oddities(ISSUES))
            samples.extend(_issues(issues))
            told = issues[:MOST_ISSUES_TOLD]
        if SKUS in poll.found:
            samples.extend(_seats(parse.seats(poll.found[SKUS], poll.oddities(SKUS))))
        layout, values = self._layouts.arrange(samples)
        return Harvest(layout, values, partial=tuple(poll.remarks()), issues=told)

    def _tell(self, line: str) -> None:
        if self.trace is not None:
            self.trace(clean_text(line))

    async def close(self) -> None:
        """Nothing stays open between polls."""


class _Poll:
    """What one poll brought, and what it did not."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.found: dict[Collection, Objects] = {}
        self.failures: list[CollectError] = []
        self._oddities: dict[Collection, parse.Oddities] = {}
        self._tell = tell

    def oddities(self, collection: Collection) -> parse.Oddities:
        """Return where what is odd in a collection is counted."""
        return self._oddities.setdefault(collection, parse.Oddities(collection.name))

    def odd(self, collection: Collection, count: int) -> None:
        """Count entries that are no objects."""
        if count:
            self.oddities(collection).fields["an entry"] += count

    def fail(self, collection: Collection, error: CollectError) -> None:
        """Note that a collection is missing."""
        self._tell(f"{collection.name}: {error.detail}")
        self.failures.append(error)

    def remarks(self) -> Iterator[str]:
        """Yield what is missing from the reading, each once."""
        lines = (error.detail for error in self.failures)
        yield from (clean_text(line, MAX_REMARK_BYTES) for line in dict.fromkeys(lines))
        for one in self._oddities.values():
            yield from one.remarks()


def _healths(found: Mapping[str, str]) -> Iterator[Sample]:
    for service, state in found.items():
        if state != parse.UNKNOWN:
            yield Sample(families.HEALTHY, (service,), float(state == parse.OPERATIONAL))
        for one in parse.STATES:
            yield Sample(families.STATUS, (service, one), float(one == state))


def _issues(found: tuple[CloudIssue, ...]) -> Iterator[Sample]:
    counts = Counter((one.service, one.classification) for one in found)
    for service in islice(dict.fromkeys(one.service for one in found), parse.MAX_SERVICES):
        for classification in parse.CLASSIFICATIONS:
            yield Sample(families.OPEN_ISSUES, (service, classification), float(counts[service, classification]))


def _seats(found: Mapping[str, parse.Seats]) -> Iterator[Sample]:
    for sku, seats in found.items():
        yield Sample(families.SEATS, (sku,), float(seats.held))
        yield Sample(families.SEATS_USED, (sku,), float(seats.used))
        yield Sample(families.SEATS_IN_GRACE, (sku,), float(seats.in_grace))
        yield Sample(families.SEATS_SUSPENDED, (sku,), float(seats.suspended))
