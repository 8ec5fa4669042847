"""One poll of this machine; a filesystem that hangs holds up neither the poll nor the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from agent.contract import BadReply, CollectError, Harvest, Target, Wire
from agent.layout import Sample, clean_text
from collectors.host import client
from collectors.host.mounts import Mount, Space, filesystem
from collectors.host.tables import Arranger, block
from config.base import Model

Asking = asyncio.Task[Space | str]


class HostParams(Model):
    """``host`` has nothing to set."""


class HostCollector:
    """Reads this machine in the pool ``psutil``; what may hang, each filesystem by itself, in the pool ``statfs``."""

    def __init__(
        self,
        target: Target,
        wire: Wire,
        roots: client.Roots | None = None,
        read_space: Callable[[str], Space] = client.read_space,
    ) -> None:
        self._target = target
        self._wire = wire
        self._read_space = read_space
        self._reader = client.HostReader(roots or client.Roots(), read_space)
        self._asking: dict[Mount, Asking] = {}
        self._arranger = Arranger()

    async def collect(self) -> Harvest:
        """Read this machine once. Raises BadReply where nothing can be read, CannotCheck where the pool is full."""
        snapshot = await self._wire.blocking("psutil", self._reader.read)
        partial = list(snapshot.partial)
        samples: list[Sample] = []
        for mount, answer in (await self._ask_mounts(snapshot.mounts)).items():
            samples += filesystem(mount, answer if isinstance(answer, Space) else None)
            if isinstance(answer, str):
                partial.append(clean_text(f"filesystem {mount.mountpoint}: {answer}"))
        layout, values = self._arranger.arrange((*snapshot.blocks, block(samples)))
        if not values:
            raise BadReply("; ".join(partial))
        return Harvest(layout, values, partial=tuple(partial))

    async def _ask_mounts(self, mounts: tuple[Mount, ...]) -> dict[Mount, Space | str]:
        """Each mount's space, or what is wrong. One that still hangs from an earlier poll is not asked again."""
        self._asking = {mount: task for mount, task in self._asking.items() if not task.done()}
        stuck = frozenset(self._asking)
        fresh = {mount: asyncio.create_task(self._ask(mount)) for mount in mounts if mount not in stuck}
        self._asking.update(fresh)
        if fresh:
            # wait(), not timeout(): a thread cannot be cancelled, and its task tells us when the mount is back.
            await asyncio.wait(fresh.values(), timeout=self._target.timeout_seconds)
        return {mount: _answer(self._asking[mount], mount in stuck) for mount in mounts}

    async def _ask(self, mount: Mount) -> Space | str:
        try:
            return await self._wire.blocking("statfs", lambda: self._read_space(mount.mountpoint))
        except OSError as error:
            return error.strerror or str(error)
        except CollectError as error:
            return error.detail

    async def close(self) -> None:
        """Stop waiting for filesystems that hang; their threads are left behind."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
        self._asking.clear()


def _answer(task: Asking, stuck: bool) -> Space | str:
    if stuck or not task.done():
        return "hangs since an earlier poll" if stuck else "no answer in time"
    return task.result()


def build(target: Target, _params: HostParams, wire: Wire) -> HostCollector:
    """Build the collector of one ``host`` check."""
    return HostCollector(target, wire)
