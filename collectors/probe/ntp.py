"""Check ``ntp``: a time server must answer and be synchronised; how far its clock is from ours is measured."""

from __future__ import annotations

import secrets
from functools import partial
from time import perf_counter

from agent.contract import BadReply, Collector, CollectorSpec, Harvest, ParamError, Target, Unreachable, Wire
from agent.layout import LayoutCache
from collectors.probe import parse, parse_ntp
from collectors.probe.datagram import Line, open_line
from collectors.probe.families import NTP_FAMILIES
from collectors.probe.params import NtpParams
from collectors.probe.parse import Hop
from collectors.probe.parse_ntp import Measured, Packet
from collectors.probe.trace import Listener, say, tell


class NtpCollector:
    """Asks ``count`` times in a poll, one after the other; the answer that travelled least counts."""

    def __init__(self, host: str, port: int, params: NtpParams, target: Target, wire: Wire) -> None:
        self.trace: Listener | None = None
        self._host = host
        self._port = port
        self._count = params.count
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Ask for the time. Raises Unreachable, BadReply (no NTP there), CannotCheck."""
        started = perf_counter()
        address = await self._wire.resolve(self._host)
        hop = Hop(self._host, address, {"resolve": perf_counter() - started})
        with open_line(address, self._port) as line:
            packet, clock = await self._ask(line)
        failures = parse_ntp.failures(packet)
        for failure in failures.values():
            say(self.trace, f"{self._host} ({address}) failed: {failure}")
        layout, values = self._layouts.arrange(parse_ntp.samples(hop, perf_counter() - started, packet, clock))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def _ask(self, line: Line) -> tuple[Packet, Measured | None]:
        """Return the first answer and the best measurement; who answered once may leave out the rest."""
        packet, clock = await self._once(line)
        clocks = [] if clock is None else [clock]
        while clocks and len(clocks) < self._count:
            try:
                _, clock = await self._once(line)
            except (Unreachable, BadReply):
                break  # servers limit how often one may ask
            if clock is None:
                break
            clocks.append(clock)
        return packet, parse_ntp.best(clocks)

    async def _once(self, line: Line) -> tuple[Packet, Measured | None]:
        origin = secrets.token_bytes(8)
        departed = self._wire.now()
        read = partial(parse_ntp.read, origin=origin, now=departed)
        packet, seconds = await line.exchange(parse_ntp.request(origin), read, self._seconds)
        clock = parse_ntp.measured(packet, departed, seconds)
        self._tell(line, packet, clock, seconds)
        return packet, clock

    def _tell(self, line: Line, packet: Packet, clock: Measured | None, seconds: float) -> None:
        tell(self.trace, line.where, {"request": seconds})
        say(self.trace, f"{line.where} leap {packet.leap}, stratum {packet.stratum} {packet.code}")
        if clock is not None:
            doubt = max(0.0, clock.delay) / 2
            say(self.trace, f"{line.where} offset {clock.offset:+.6f} s, give or take {doubt:.6f} s")

    async def close(self) -> None:
        """Nothing stays open between polls."""


def make_spec() -> CollectorSpec:
    """Return the spec of ``ntp``."""

    def build(target: Target, params: NtpParams, wire: Wire) -> Collector:
        if target.host is None or target.port is None:
            raise ParamError("address", "ntp needs a host and a port")
        return NtpCollector(target.host, target.port, params, target, wire)

    return CollectorSpec("ntp", NtpParams, NTP_FAMILIES, build)
