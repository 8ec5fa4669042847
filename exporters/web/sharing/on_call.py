"""What a municipality may ask about alerts: who was told, and the silences of what is its own. It can do nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from agent.contract import AlarmTest, Alert, Deed, OnCall, Refused, Sent, Silence, Tried
from exporters.web.sharing.share import Share


class SharedOnCall:
    """Implements ``contract.OnCall`` for a share."""

    def __init__(self, whole: OnCall, share: Share) -> None:
        self._whole = whole
        self._share = share

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was told; only alerts of a share are looked up."""
        return self._whole.told()

    def silences(self) -> Sequence[Silence]:
        """Return those of what is the share's own."""
        return [one for one in self._whole.silences() if self._is_own(one)]

    def _is_own(self, silence: Silence) -> bool:
        own = self._share.inventory
        names = {*self._share.sites, *own.devices, *own.links, *own.services, *own.rooms}
        meant = (name for kind, name in silence.match.named.items() if kind not in {"rule", "severity"})
        return all(name.rpartition(":")[2] in names for name in meant)

    async def acknowledge(self, alert_id: str, by: str, until: float | None = None, why: str = "") -> Alert:
        """Raise Refused."""
        del alert_id, by, until, why
        _refuse()

    async def unacknowledge(self, alert_id: str, by: str, why: str = "") -> Alert:
        """Raise Refused."""
        del alert_id, by, why
        _refuse()

    async def silence(self, wanted: Silence) -> Silence:
        """Raise Refused."""
        del wanted
        _refuse()

    async def unsilence(self, silence_id: str, by: str, why: str = "") -> Silence:
        """Raise Refused."""
        del silence_id, by, why
        _refuse()

    async def deeds(self, limit: int = 100) -> Sequence[Deed]:
        """Raise Refused."""
        del limit
        _refuse()

    async def deliveries(self, limit: int = 100) -> Sequence[Sent]:
        """Raise Refused."""
        del limit
        _refuse()

    async def test(self, receiver: str, by: str) -> Sequence[Tried]:
        """Raise Refused."""
        del receiver, by
        _refuse()

    def tests(self) -> Mapping[str, AlarmTest]:
        """Return none: the ways to receivers are not a municipality's."""
        return {}

    async def redeem(self, token: str) -> Alert:
        """Raise Refused."""
        del token
        _refuse()

    def claimed(self, token: str) -> Alert:
        """Raise Refused."""
        del token
        _refuse()


def _refuse() -> NoReturn:
    raise Refused("forbidden", "the token of a municipality changes nothing")
