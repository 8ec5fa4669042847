"""DNS messages (RFC 1035): a question, and what its answer says. No I/O, no clock.

``dns.message.from_wire`` is not used for answers: one of 64 kB whose names are as long as may be takes it ten seconds.
Here records are walked over, and only those that matter are decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.txtbase import TXTBase

from agent.layout import Sample
from collectors.probe import families as f
from collectors.probe.parse import Failures, Hop, NotAnAnswerError, common
from config.address import parse_ip
from config.dns import DnsParams, same_record

FAILURE_REASONS = ("rcode", "authoritative", "answer")
PHASES = ("resolve", "connect", "request")
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")  # by number
MAX_DECODED = 64
"""So many records of the type that is asked for are looked at; no name has more."""

_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")


@dataclass(frozen=True, slots=True)
class Query:
    """A question: its wire format without the id, and what is wanted of the answer."""

    wire: bytes
    kind: dns.rdatatype.RdataType
    params: DnsParams

    @property
    def question(self) -> bytes:
        """Name, type and class as they follow the header."""
        return self.wire[_HEADER.size - 2 :]

    def numbered(self, number: int) -> bytes:
        """Return the message with its id, 16 bits."""
        return struct.pack("!H", number) + self.wire


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: flags, records in each section, the records of the type asked for as text, the zone's serial."""

    rcode: str
    authoritative: bool
    truncated: bool
    answers: int = 0
    authority: int = 0
    additional: int = 0
    records: tuple[str, ...] = ()
    serial: int | None = None


def make_query(params: DnsParams) -> Query:
    """Build the message once; only its id differs from poll to poll. Raises ValueError where there is no such name."""
    address = parse_ip(params.query)
    name = params.query if address is None else ip_address(params.query).reverse_pointer
    kind = dns.rdatatype.from_text(params.type)
    try:
        message = dns.message.make_query(dns.name.from_text(name), kind, id=0)
    except dns.exception.DNSException as error:
        raise ValueError(f"{type(error).__name__}: {name}") from None
    if not params.recursion:
        message.flags &= ~dns.flags.RD
    with suppress(dns.exception.DNSException):  # loads the type's module: reads a file, which is not to be done later
        dns.rdata.from_wire(dns.rdataclass.IN, kind, b"", 0, 0)
    return Query(message.to_wire()[2:], kind, params)


def read(wire: bytes, query: Query, number: int) -> Reply:
    """Return the answer to a question. Raises NotAnAnswerError: it answers another one, or cannot be read."""
    if len(wire) < _HEADER.size:
        raise NotAnAnswerError("shorter than a DNS header")
    got, flags, questions, *counts = _HEADER.unpack_from(wire)
    if got != number:
        raise NotAnAnswerError("wrong id")
    if not flags & dns.flags.QR or flags >> 11 & 15:
        raise NotAnAnswerError("not the answer to a query")
    rcode = int(flags) & 15
    named = RCODES[rcode] if rcode < len(RCODES) else str(rcode)
    reply = Reply(named, bool(flags & dns.flags.AA), bool(flags & dns.flags.TC))
    if questions == 0 and rcode and not any(counts):
        return reply  # refused without repeating what
    end = _HEADER.size + len(query.question)
    if questions != 1 or wire[_HEADER.size : end].lower() != query.question.lower():
        raise NotAnAnswerError("another question")
    return reply if reply.truncated else _with_records(reply, wire, end, counts, query)


def _with_records(reply: Reply, wire: bytes, start: int, counts: list[int], query: Query) -> Reply:
    """Walk over all records; decode those of the answer section that are of the type asked for."""
    records: list[str] = []
    serial = None
    position = start
    try:
        for index in range(sum(counts)):
            position = _skip_name(wire, position)
            kind, rdclass, _ttl, size = _RECORD.unpack_from(wire, position)
            position += _RECORD.size
            if position + size > len(wire):
                raise NotAnAnswerError("broken off within a record")
            if kind == query.kind and rdclass == dns.rdataclass.IN and index < counts[0] and len(records) < MAX_DECODED:
                rdata = dns.rdata.from_wire(dns.rdataclass.IN, query.kind, wire, position, size)
                records.append(_text(rdata, query.params.type))
                serial = getattr(rdata, "serial", serial)
            position += size
    except (struct.error, IndexError):
        raise NotAnAnswerError("broken off") from None
    except (dns.exception.DNSException, ValueError) as error:
        raise NotAnAnswerError(f"a record that cannot be read ({type(error).__name__})") from None
    answers, authority, additional = counts
    return replace(
        reply,
        answers=answers,
        authority=authority,
        additional=additional,
        records=tuple(records),
        serial=serial,
    )


def _skip_name(wire: bytes, position: int) -> int:
    """Return where a name ends: after its root label or its first pointer, which is not followed."""
    while (size := wire[position]) != 0:
        if size >= 192:
            return position + 2
        if size > 63:
            raise NotAnAnswerError("a label of an unknown kind")
        position += size + 1
    return position + 1


def _text(rdata: dns.rdata.Rdata, kind: str) -> str:
    """A record as ``same_record`` writes it; the strings of a TXT record joined (RFC 7208, 3.3)."""
    if isinstance(rdata, TXTBase):
        return b"".join(rdata.strings).decode("utf-8", "replace")
    return same_record(kind, rdata.to_text())


def failures(reply: Reply, params: DnsParams) -> Failures:
    """In which respects the answer is not what was expected, with a sentence for people."""
    failed: dict[str, str] = {}
    if reply.rcode != params.rcode:
        failed["rcode"] = f"response code {reply.rcode}, not {params.rcode}"
    elif params.rcode == "NOERROR":
        missing = [record for record in params.expect if record not in reply.records]
        if missing:
            failed["answer"] = f"the answer lacks {', '.join(missing)}"
        elif not reply.records:
            failed["answer"] = f"the answer holds no {params.type} record"
    if params.authoritative and not reply.authoritative:
        failed["authoritative"] = "the server is not authoritative for the name"
    return failed


def samples(hop: Hop, seconds: float, reply: Reply, failed: Failures) -> Iterator[Sample]:
    """An answer; ``hop`` has the phases of ``PHASES``."""
    yield from common(hop.address, hop.phases["resolve"], seconds, success=not failed)
    for phase in PHASES:
        yield Sample(f.DNS_DURATION, (phase,), hop.phases[phase])
    yield Sample(f.DNS_ANSWERS, (), reply.answers)
    yield Sample(f.DNS_AUTHORITY, (), reply.authority)
    yield Sample(f.DNS_ADDITIONAL, (), reply.additional)
    yield Sample(f.DNS_SUCCEEDED, (), 1)
    if reply.serial is not None:
        yield Sample(f.DNS_SERIAL, (), reply.serial)
    for reason in FAILURE_REASONS:
        yield Sample(f.FAILED, (reason,), float(reason in failed))
