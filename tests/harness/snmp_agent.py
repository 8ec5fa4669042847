"""A scripted SNMP agent on loopback (v1, v2c): a table of objects, and a hook for every way to misbehave.

``async with snmp_agent(Agent(table)) as agent:`` then poll ``agent.host:agent.port`` with community ``public``. The
table maps dotted OIDs to encoded values (``encode``, ``counter64``, ...) and may be changed while the agent runs;
``read_snmprec`` reads one from a recording.
"""

from __future__ import annotations

import asyncio
import bz2
from bisect import bisect_right
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from agent.demo import ber
from agent.demo.ber import Request

Misbehave = Callable[["Agent", Request], Sequence[bytes] | None]
"""Returns the datagrams to send instead of the right answer (``()`` for silence), or None for the right answer."""

SYSTEM = {
    "1.3.6.1.2.1.1.1.0": ber.octets("scripted agent"),
    "1.3.6.1.2.1.1.2.0": ber.oid((1, 3, 6, 1, 4, 1, 99999, 1)),
    "1.3.6.1.2.1.1.3.0": ber.integer(123456, ber.TIMETICKS),
    "1.3.6.1.2.1.1.5.0": ber.octets("scripted"),
    "1.3.6.1.2.1.1.6.0": ber.octets("Serverraum"),
}
TYPES = {"2": ber.INTEGER, "65": ber.COUNTER32, "66": ber.GAUGE32, "67": ber.TIMETICKS, "70": ber.COUNTER64}
ERROR_TOO_BIG, ERROR_GEN = 1, 5


def numbers(oid: str) -> tuple[int, ...]:
    """The sub-identifiers of a dotted OID."""
    return tuple(map(int, oid.split(".")))


def encode(value: int | str | bytes) -> bytes:
    """An INTEGER or an OCTET STRING."""
    return ber.integer(value) if isinstance(value, int) else ber.octets(value)


def counter64(value: int) -> bytes:
    """A Counter64."""
    return ber.integer(value, ber.COUNTER64)


def varbind(oid: str, value: bytes) -> bytes:
    """One variable binding."""
    return ber.tlv(ber.SEQUENCE, ber.oid(numbers(oid)) + value)


def interfaces(count: int, name: Callable[[int], str | bytes] = lambda index: f"eth{index}") -> dict[str, bytes]:
    """ifTable and ifXTable of so many interfaces: names, states and a few counters."""
    table = dict(SYSTEM) | {"1.3.6.1.2.1.2.1.0": encode(count), "1.3.6.1.6.3.1.1.6.1.0": encode(1)}
    for index in range(1, count + 1):
        columns = {
            "2.2.1.1": encode(index),
            "2.2.1.2": encode(name(index)),
            "2.2.1.3": encode(6),
            "2.2.1.7": encode(1),
            "2.2.1.8": encode(1 + index % 2),
            "2.2.1.10": ber.integer(1000 + index, ber.COUNTER32),
            "31.1.1.1.1": encode(name(index)),
            "31.1.1.1.6": counter64((1 << 60) + index),
            "31.1.1.1.15": ber.integer(1000, ber.GAUGE32),
            "31.1.1.1.18": encode(f"alias {index}"),
        }
        table |= {f"1.3.6.1.2.1.{column}.{index}": value for column, value in columns.items()}
    return table


def read_snmprec(path: Path) -> dict[str, bytes]:
    """Read a recording (``OID|TYPE|VALUE``, also bz2); lines with variation modules are passed over."""
    text = bz2.decompress(path.read_bytes()) if path.suffix == ".bz2" else path.read_bytes()
    return recorded(text.decode("latin-1").splitlines())


def recorded(lines: Iterable[str]) -> dict[str, bytes]:
    """Return the objects of a recording's lines."""
    table: dict[str, bytes] = {}
    for line in lines:
        oid, _, rest = line.partition("|")
        tag, _, value = rest.partition("|")
        encoded = _recorded(tag, value)
        if encoded is not None:
            table[oid] = encoded
    return table


def _recorded(tag: str, value: str) -> bytes | None:
    raw = bytes.fromhex(value) if tag.endswith("x") else value.encode("latin-1")
    tag = tag.removesuffix("x")
    if tag in TYPES:
        return ber.integer(int(raw), TYPES[tag])
    if tag == "4":
        return ber.octets(raw)
    if tag == "6":
        return ber.oid(numbers(value))
    if tag == "64":
        return ber.tlv(ber.IP_ADDRESS, raw if len(raw) == 4 else bytes(map(int, value.split("."))))
    return None


class Agent(asyncio.DatagramProtocol):
    """Answers from ``table``; ``requests`` records what it was asked."""

    def __init__(
        self, table: Mapping[str, bytes], misbehave: Misbehave | None = None, community: bytes = b"public"
    ) -> None:
        self.table = dict(table)
        self.misbehave = misbehave
        self.community = community
        self.requests: list[Request] = []
        self.host, self.port = "127.0.0.1", 0
        self.transport: asyncio.DatagramTransport | None = None
        self._asker: tuple[str | int, ...] = ()
        self._order: tuple[int, list[tuple[int, ...]]] = (-1, [])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.port = cast("tuple[str, int]", transport.get_extra_info("sockname"))[1]

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        try:
            request = ber.parse_request(data)
        except ber.BadMessage:
            return
        if request.community != self.community or self.transport is None:
            return
        self.requests.append(request)
        replies = self.misbehave(self, request) if self.misbehave else None
        for reply in [self.answer(request)] if replies is None else replies:
            self.transport.sendto(reply, addr)
        self._asker = addr

    def send(self, datagram: bytes) -> None:
        """Send to whoever asked last, if the agent still runs."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(datagram, self._asker)

    def answer(self, request: Request) -> bytes:
        """The right answer."""
        if request.kind == ber.GET:
            found = [(dotted(oid), self.table.get(dotted(oid), ber.NO_SUCH_INSTANCE)) for oid in request.oids]
            if request.version == ber.V1 and any(value == ber.NO_SUCH_INSTANCE for _, value in found):
                return self.error(request, 2)
            return self.reply(request, found)
        following = self.after(request.oids[0], request.second if request.kind == ber.GET_BULK else 1)
        if request.version == ber.V1 and following[0][1] == ber.END_OF_MIB_VIEW:
            return self.error(request, 2)
        return self.reply(request, following)

    def reply(self, request: Request, rows: Sequence[tuple[str, bytes]]) -> bytes:
        """A response with these rows."""
        return ber.response(request, [varbind(oid, value) for oid, value in rows])

    def error(self, request: Request, status: int) -> bytes:
        """A response with an error status and no values."""
        return ber.response(request, [varbind(dotted(oid), b"\x05\x00") for oid in request.oids], status, 1)

    def after(self, oid: tuple[int, ...], count: int) -> list[tuple[str, bytes]]:
        """So many rows after an OID, ending with endOfMibView."""
        if self._order[0] != len(self.table):
            self._order = (len(self.table), sorted(map(numbers, self.table)))
        start = bisect_right(self._order[1], oid)
        rest = [dotted(one) for one in self._order[1][start : start + count]]
        rows = [(one, self.table[one]) for one in rest]
        return rows if len(rows) == count else [*rows, (rest[-1] if rest else dotted(oid), ber.END_OF_MIB_VIEW)]


def dotted(oid: tuple[int, ...]) -> str:
    """The dotted form of an OID."""
    return ".".join(map(str, oid))


@asynccontextmanager
async def snmp_agent(agent: Agent) -> AsyncGenerator[Agent]:
    """The agent, answering on a free port of 127.0.0.1 (or on ``agent.port`` if it is set)."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: agent, local_addr=(agent.host, agent.port))
    try:
        yield agent
    finally:
        transport.close()
