"""One request for one reply: what the compatible engine is built on (v1, v2c: plain.py; v3: secure.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol

from collectors.snmp.transport.budget import Patience
from collectors.snmp.transport.reply import Reply

Kind = Literal["get", "next", "bulk"]
"""GET, GETNEXT, GETBULK (RFC 3416 section 4.2)."""
Engine = Literal["auto", "gufo", "pysnmp"]
"""gufo is the fast one, pysnmp the compatible one; auto changes over where the fast one cannot read a device."""

Offload = Callable[[Callable[[], object]], Awaitable[object]]
"""Runs off the event loop what takes a tenth of a second."""


async def on_the_spot(call: Callable[[], object]) -> object:
    """Be an Offload of those who have no threads to spare: the loop stands still meanwhile."""
    return call()


class Exchange(Protocol):
    """Sends one request and returns its reply; one request is under way at a time."""

    engine_id: str
    """Of v3, in hexadecimal; empty before it is known, and for v1 and v2c."""
    resyncs: Counter[str]
    """Why clock or engine of a v3 device were read anew, counted; see Login."""

    async def ask(self, kind: Kind, oids: Sequence[str], repetitions: int, patience: Patience) -> Reply:
        """Send once, wait so long at most, for a slow device up to its limit. ``repetitions`` counts for ``bulk`` only.

        An error-status is part of the Reply. Raises Unreachable (no answer: reason timeout), AuthFailed, BadReply (an
        answer that is none), CannotCheck.
        """
        ...

    def begin_poll(self) -> None:
        """Take no answer to what an earlier poll asked from now on (F13)."""
        ...

    def close(self) -> None:
        """Release the socket; the next request opens another."""
        ...
