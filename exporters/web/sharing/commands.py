"""The daemon as the viewer of a request may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agent.contract import Commands, Heard, Heartbeat, HeartbeatSignal, Network, OnCall, Refused, Snapshot, Subject
from agent.estate import StateChange
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.sharing.on_call import SharedOnCall
from exporters.web.sharing.share import Share, share_of
from exporters.web.sharing.view import shared
from exporters.web.sharing.viewers import MUNICIPALITY


class _Made(NamedTuple):
    """What was made of a configuration for one municipality."""

    inventory: Inventory
    settings: Settings
    share: Share
    theirs: Settings


class SharedCommands:
    """Implements ``contract.Commands`` before the daemon's own: a municipality's request sees its share, no more."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._made: dict[str, _Made] = {}

    async def snapshot(self) -> Snapshot:
        """Return the present state."""
        snapshot, share = await self._commands.snapshot(), self._share()
        return snapshot if share is None else shared(snapshot, share)

    def inventory(self) -> Inventory:
        """Return the inventory in force."""
        share = self._share()
        return self._commands.inventory() if share is None else share.inventory

    def settings(self) -> Settings:
        """Return the settings in force; the municipality is the viewer's."""
        name = MUNICIPALITY.get()
        return self._commands.settings() if name is None else self._of(name).theirs

    def network(self) -> Network:
        """Return what was last judged of the network; of a share nothing, since it is about what belongs to all."""
        network = self._commands.network()
        return network if MUNICIPALITY.get() is None else Network(network.at)

    def heard(self) -> Sequence[Heard]:
        """Return the notifications that came last; of a share none."""
        return self._commands.heard() if MUNICIPALITY.get() is None else ()

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        """Return the changes of a subject's state within a span; of what is not the share's nothing. Raises Refused."""
        share = self._share()
        if share is not None and not share.has(subject):
            return ()
        return await self._commands.history(subject, start, end)

    @property
    def on_call(self) -> OnCall:
        """What may be asked about alerts."""
        share = self._share()
        return self._commands.on_call if share is None else SharedOnCall(self._commands.on_call, share)

    def ready(self) -> bool:
        """Whether the first configuration is in force and the state store is open."""
        return self._commands.ready()

    async def reload(self) -> str | None:
        """Load the configuration anew. Raises Refused."""
        self._whole_only()
        return await self._commands.reload()

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        """Take the report of a job, which has a secret of its own. Raises Refused."""
        self._whole_only()
        return await self._commands.report(service, token, signal, exit_code, size_bytes)

    def _whole_only(self) -> None:
        if MUNICIPALITY.get() is not None:
            raise Refused("forbidden", "the token of a municipality changes nothing")

    def _share(self) -> Share | None:
        name = MUNICIPALITY.get()
        return None if name is None else self._of(name).share

    def _of(self, name: str) -> _Made:
        """Return what a municipality sees of the configuration in force, made once for each."""
        inventory, settings = self._commands.inventory(), self._commands.settings()
        made = self._made.get(name)
        if made is None or made.inventory is not inventory or made.settings is not settings:
            share = share_of(name, inventory, settings)
            made = self._made[name] = _Made(inventory, settings, share, _theirs(name, settings))
        return made


def _theirs(name: str, settings: Settings) -> Settings:
    """Return the settings with a municipality's name, without what was decided about others."""
    member = settings.municipalities.get(name)  # one that a reload has just taken away has no name any more
    called = name if member is None else member.name or name
    town = settings.municipality.model_copy(update={"id": name, "name": called})
    alerting = settings.alerting.model_copy(update={"accept": (), "maintenance": ()})
    return settings.model_copy(update={"municipality": town, "alerting": alerting, "municipalities": {}})
