"""Check ``heartbeat``: reads what a job last said from the state; nobody is asked over the network."""

from __future__ import annotations

from agent.contract import CannotCheck, Harvest, Target, Wire
from agent.layout import LayoutCache
from collectors.heartbeat.parse import facts, samples
from config.heartbeats import Heartbeat


class HeartbeatCollector:
    """One job that reports by itself."""

    def __init__(self, service: str, wire: Wire) -> None:
        self._service = service
        self._wire = wire
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Return what the job last said. Raises CannotCheck while it is not noted since when it is awaited."""
        heartbeat = self._wire.heartbeat(self._service)
        if heartbeat is None:
            raise CannotCheck(
                "the state does not hold since when reports are awaited; only the running daemon notes it"
            )
        return Harvest(*self._layouts.arrange(samples(heartbeat)), facts(heartbeat))

    async def close(self) -> None:
        """Nothing is open."""


def build(target: Target, params: Heartbeat, wire: Wire) -> HeartbeatCollector:
    """Build the collector of one service; judgement, not the collector, knows how often it must report."""
    del params
    return HeartbeatCollector(target.subject.id, wire)
