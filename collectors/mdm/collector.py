"""One poll of a mobile device management: all its devices, and of them counts for the exposition."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from agent.contract import Harvest, Layout, Target, Unreachable, Wire
from agent.estate import Managed
from agent.facets import is_held
from agent.layout import LayoutCache, Sample, clean_text
from agent.wire.oauth import TokenKeeper
from agent.wire.patience import Busy, Sleep
from agent.wire.trust import Trust, TrustShare
from collectors.mdm.aggregate import grouped
from collectors.mdm.census import Census, Places
from collectors.mdm.client import Client, Listener
from collectors.mdm.families import UNREADABLE
from collectors.mdm.product import PageEnd, Product
from collectors.mdm.singles import Pseudonym, singles
from config.schools import Source

BUDGET_SHARE = (
    0.95  # of the poll's time until all must be there: what went wrong is told before the runner cuts it short
)
LONGEST_REST_SECONDS = 6 * 3600.0  # a number that is out of its mind must not end the watch
MOST_REMARKS = 20
REMARK_BYTES = 200


@dataclass(frozen=True, slots=True)
class Setup:
    """How one management is read. ``keeper``: where it is asked with tokens that are given for a while.

    ``naming``: under what single devices are exported; None: they are not.
    """

    source: Source
    product: Product
    keeper: TokenKeeper | None = None
    naming: Pseudonym | None = None

    @property
    def is_plain(self) -> bool:
        """Whether no TLS is spoken there."""
        return self.product.first().url.scheme == "http"


class MdmCollector:
    """Polls one management. Between polls it keeps no connection and of the devices nothing but the last layout."""

    def __init__(self, target: Target, setup: Setup, share: TrustShare, wire: Wire) -> None:
        self.trace: Listener | None = None
        self.sleep: Sleep = asyncio.sleep
        self._target = target
        self._setup = setup
        self._share = share
        self._wire = wire
        self._trust: Trust | None = None
        self._layouts = LayoutCache()
        self._rest: tuple[float, Busy] | None = None

    async def collect(self) -> Harvest:
        """Read all devices and count them.

        Raises:
            Unreachable: nothing answers in time.
            AuthFailed: the credential is refused.
            BadReply: what answers is no list of devices, or asks to come later: that is respected over polls.
            CannotCheck: this machine cannot ask.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._target.budget_seconds * BUDGET_SHARE
        if self._rest is not None and loop.time() < self._rest[0]:
            raise Busy(self._rest[1].place, self._rest[1].status, self._rest[0] - loop.time())
        try:
            return await self._poll(until)
        except Busy as busy:
            if busy.after_seconds is not None:
                self._rest = (loop.time() + min(busy.after_seconds, LONGEST_REST_SECONDS), busy)
            raise

    async def _poll(self, until: float) -> Harvest:
        setup, source, now = self._setup, self._setup.source, self._wire.now()
        census = Census(setup.product, Places(source.locations, source.site), now)
        client = Client(setup.product, setup.keeper, self._wire, self._tell, self.sleep)
        connect_seconds = 2 * self._target.timeout_seconds
        try:
            end = await client.fill(census, await self._tls(), connect_seconds, until)
        except TimeoutError:
            came = census.survey.seen
            raise Unreachable(f"no answer in time ({came} devices came)" if came else "no answer in time") from None
        return await self._wire.blocking("parse", partial(self._harvest, census, end, now))

    async def _tls(self) -> ssl.SSLContext | None:
        if self._setup.is_plain:
            return None
        self._trust = await self._share.borrow(self._setup.source.ca, self._wire)
        return self._trust.strict if self._setup.source.verify else self._trust.lax

    def _harvest(self, census: Census, end: PageEnd, now: float) -> Harvest:
        """Count; runs in the pool, since a shared service has many thousand devices."""
        devices = census.devices()
        layout, values = self._arranged(devices, census, now)
        remarks = list(census.remarks(end))
        if len(remarks) > MOST_REMARKS:
            remarks[MOST_REMARKS:] = [f"and {len(remarks) - MOST_REMARKS} more"]
        removed = sum(not is_held(one) for one in devices)
        told = {
            "devices": len(devices) - removed,
            "removed": removed,
            **census.survey.left_out,
            "repeated": census.repeated,
        }
        return Harvest(
            layout,
            values,
            {name: str(count) for name, count in told.items() if count or name == "devices"},
            partial=tuple(clean_text(one, REMARK_BYTES) for one in remarks),
            managed=devices,
        )

    def _arranged(self, devices: Sequence[Managed], census: Census, now: float) -> tuple[Layout, list[float]]:
        samples = [Sample(UNREADABLE, (), float(census.survey.unreadable))]
        samples.extend(grouped(devices, self._setup.source.smallest_group, now))
        if self._setup.naming is not None:
            samples.extend(singles(devices, self._setup.naming))
        return self._layouts.arrange(samples)

    def _tell(self, what: str) -> None:
        if self.trace is not None:
            self.trace(what)

    async def close(self) -> None:
        """Close nothing: each poll closes its own connection."""
