"""Servers on loopback that answer a datagram with whatever the test says; and a name server's answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Answers = Callable[[bytes], Iterable[bytes]]


class _Server(asyncio.DatagramProtocol):
    def __init__(self, answers: Answers, heard: list[Any]) -> None:
        self._answers = answers
        self._heard = heard
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._heard.append(addr)
        for answer in self._answers(data):
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def datagram_server(answers: Answers, port: int = 0, heard: list[Any] | None = None) -> AsyncGenerator[int]:
    """Yields the port; the senders' addresses go to ``heard``."""
    senders: list[Any] = [] if heard is None else heard
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Server(answers, senders), local_addr=("127.0.0.1", port)
    )
    try:
        yield int(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


def answer_to(
    request: bytes, *records: str, rcode: str = "NOERROR", flags: str = "", extra: Iterable[str] = ()
) -> dns.message.Message:
    """A well-formed answer: ``records`` (``name ttl IN type data``) in the answer section, ``extra`` in the last."""
    response = dns.message.make_response(dns.message.from_wire(request))
    response.answer += [rrset(record) for record in records]
    response.additional += [rrset(record) for record in extra]
    response.set_rcode(dns.rcode.from_text(rcode))
    response.flags |= dns.flags.from_text(flags)
    return response


def rrset(record: str) -> dns.rrset.RRset:
    name, ttl, rdclass, rdtype, data = record.split(maxsplit=4)
    return dns.rrset.from_text(name, int(ttl), rdclass, rdtype, data)
