"""Check ``nut``: one connection a poll, two questions; nothing is changed or logged in to on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agent.contract import BadReply, CollectError, Harvest, ParamError, Target, Wire
from agent.families import VALUES_REFUSED
from agent.layout import LayoutCache, clean_text
from collectors.nut.client import Conversation, Endpoint
from collectors.nut.params import NutParams
from collectors.nut.parse import meaning
from collectors.nut.status import STATUS, is_waiting
from config.credentials import Credential, NutCredential

KIND = "nut"


class NutCollector:
    """Reads one UPS; satisfies contract.Collector and Traceable."""

    def __init__(self, host: str, port: int, params: NutParams, target: Target, wire: Wire) -> None:
        self.trace: Callable[[str], None] | None = None
        self._host = host
        self._port = port
        self._ups = params.name
        self._target = target
        self._wire = wire
        self._login = _login(target.credential)
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Read the UPS once. Raises Unreachable, AuthFailed, BadReply, CannotCheck."""
        address = await self._wire.resolve(self._host)
        endpoint = Endpoint(self._host, address, self._port, self._login)
        conversation = Conversation(endpoint, self._target.timeout_seconds)
        try:
            variables = await conversation.variables(self._ups)
            self._tell_all(variables)
            clients, missing = await self._clients(conversation)
        finally:
            conversation.close()
        if not variables:
            raise BadReply(f"{endpoint.where} says nothing of {self._ups}")
        if is_waiting(variables.get(STATUS, "")):
            raise BadReply(f"{self._ups}: its driver has only just started and says nothing yet (WAIT)")
        found = meaning(variables, clients, self._target.room or "", self._wire.now())
        self._count(found.refused)
        layout, values = self._layouts.arrange(found.samples)
        return Harvest(layout, values, found.facts, partial=(*found.partial, *missing))

    async def _clients(self, conversation: Conversation) -> tuple[int | None, tuple[str, ...]]:
        """Return how many clients there are, or why that is not known: the rest is worth having all the same."""
        try:
            clients = await conversation.logins(self._ups)
        except CollectError as error:
            self._tell(f"GET NUMLOGINS {self._ups}: {error.detail}")
            return None, (f"GET NUMLOGINS: {error.detail}",)
        self._tell(f"GET NUMLOGINS {self._ups}: {clients}")
        return clients, ()

    def _count(self, refused: Sequence[str]) -> None:
        for remark in refused:
            self._tell(f"refused: {remark}")
        if refused:
            self._wire.telemetry.count(VALUES_REFUSED, (*self._target.labels, ("check", KIND)), len(refused))

    def _tell_all(self, variables: Mapping[str, str]) -> None:
        self._tell(f"LIST VAR {self._ups}: {len(variables)} variables")
        for name, value in variables.items():
            self._tell(f"{name}: {value}")

    def _tell(self, line: str) -> None:
        if self.trace is not None:
            self.trace(clean_text(line))

    async def close(self) -> None:
        """Nothing stays open between polls."""


def _login(credential: Credential | None) -> NutCredential | None:
    return None if credential is None else credential.nut


def build(target: Target, params: NutParams, wire: Wire) -> NutCollector:
    """Build the collector of one ``nut`` check."""
    if target.host is None or target.port is None:
        raise ParamError("address", "nut needs a host and a port")
    return NutCollector(target.host, target.port, params, target, wire)
