"""DNS messages (RFC 1035): a question, and what its answer says. No I/O, no clock.

``dns.message.from_wire`` is not used for answers: one of 64 kB whose names are as long as may be takes it ten seconds.
Here records are walked over, and only those that matter are decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import NamedTuple

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
from collectors.probe.parse import failed as failed_samples
from collectors.probe.parse_tls import tls
from collectors.probe.regex import text_regex
from config.address import parse_ip
from config.dns import DnsParams, Records, same_record

FAILURE_REASONS = ("rcode", "authoritative", "answer")
SECTIONS = ("answer", "authority", "additional")
PHASES = ("resolve", "connect", "request")
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")  # by number
MAX_DECODED = 64
"""So many records of the type that is asked for, and of a section, are looked at; no name has more."""

_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")


@dataclass(frozen=True, slots=True)
class Query:
    """A question: its wire format without the id, and what is wanted of the answer."""

    wire: bytes
    kind: dns.rdatatype.RdataType
    params: DnsParams
    rdclass: dns.rdataclass.RdataClass = dns.rdataclass.IN

    def tests(self, section: int) -> Records | None:
        """What the records of a section must look like: 0 the answer, 1 authority, 2 additional."""
        return (self.params.answer, self.params.authority, self.params.additional)[section]

    def asks_for(self, section: int, kind: int, rdclass: int) -> bool:
        """Whether a record is of the answer, and of the type and class asked for."""
        return section == 0 and rdclass == self.rdclass and self.kind in {kind, dns.rdatatype.ANY}

    @property
    def question(self) -> bytes:
        """Name, type and class as they follow the header."""
        return self.wire[_HEADER.size - 2 :]

    def numbered(self, number: int) -> bytes:
        """Return the message with its id, 16 bits."""
        return struct.pack("!H", number) + self.wire


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: flags, records in each section, the records of the type asked for as text, the zone's serial.

    ``sections``: the records of those sections that are tested, a line each, as `config.dns.Records` has it.
    """

    rcode: str
    authoritative: bool
    truncated: bool
    answers: int = 0
    authority: int = 0
    additional: int = 0
    records: tuple[str, ...] = ()
    serial: int | None = None
    sections: tuple[tuple[str, ...], ...] = ((), (), ())


def make_query(params: DnsParams) -> Query:
    """Build the message once; only its id differs from poll to poll. Raises ValueError where there is no such name."""
    address = parse_ip(params.query)
    name = params.query if address is None else ip_address(params.query).reverse_pointer
    kind, rdclass = dns.rdatatype.from_text(params.type), dns.rdataclass.from_text(params.query_class)
    try:
        message = dns.message.make_query(dns.name.from_text(name), kind, rdclass, id=0)
    except dns.exception.DNSException as error:
        raise ValueError(f"{type(error).__name__}: {name}") from None
    if not params.recursion:
        message.flags &= ~dns.flags.RD
    with suppress(dns.exception.DNSException):  # loads the type's module: reads a file, which is not to be done later
        dns.rdata.from_wire(rdclass, kind, b"", 0, 0)
    return Query(message.to_wire()[2:], kind, params, rdclass)


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


class _Found(NamedTuple):
    """One record, not decoded: of which section, from where its name and its data begin."""

    section: int
    name: int
    kind: int
    rdclass: int
    ttl: int
    start: int
    size: int


def _walk(wire: bytes, position: int, counts: Sequence[int]) -> Iterator[_Found]:
    """Go over all records. Raises struct.error, IndexError, NotAnAnswerError."""
    for section, count in enumerate(counts):
        for _ in range(count):
            name, position = position, _skip_name(wire, position)
            kind, rdclass, ttl, size = _RECORD.unpack_from(wire, position)
            position += _RECORD.size
            if position + size > len(wire):
                raise NotAnAnswerError("broken off within a record")
            yield _Found(section, name, kind, rdclass, ttl, position, size)
            position += size


def _with_records(reply: Reply, wire: bytes, start: int, counts: list[int], query: Query) -> Reply:
    """Walk over all records; decode those of the type asked for, and those of sections that are tested."""
    records: list[str] = []
    lines: tuple[list[str], ...] = ([], [], [])
    serial = None
    try:
        for found in _walk(wire, start, counts):
            asked = query.asks_for(found.section, found.kind, found.rdclass) and len(records) < MAX_DECODED
            tested = query.tests(found.section) is not None and len(lines[found.section]) < MAX_DECODED
            if not asked and not tested:
                continue
            rdata = _decode(wire, found)
            if asked:
                records.append(_text(rdata, query.params.type))
                serial = getattr(rdata, "serial", serial)
            if tested:
                lines[found.section].append(_as_line(wire, found, rdata))
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
        sections=tuple(map(tuple, lines)),
    )


def _decode(wire: bytes, found: _Found) -> dns.rdata.Rdata:
    rdclass, kind = dns.rdataclass.RdataClass.make(found.rdclass), dns.rdatatype.RdataType.make(found.kind)
    return dns.rdata.from_wire(rdclass, kind, wire, found.start, found.size)


def _as_line(wire: bytes, found: _Found, rdata: dns.rdata.Rdata) -> str:
    """A record as blackbox_exporter's expressions see it: name, TTL, class, type and data, with tabs between them."""
    name, _ = dns.name.from_wire(wire, found.name)
    kind, rdclass = dns.rdatatype.to_text(rdata.rdtype), dns.rdataclass.to_text(rdata.rdclass)
    return "\t".join((name.to_text(), str(found.ttl), rdclass, kind, rdata.to_text()))


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
    if reply.rcode not in params.rcode:
        failed["rcode"] = f"response code {reply.rcode}, not {' or '.join(params.rcode)}"
    elif reply.rcode == "NOERROR" and (why := _wrong_answer(reply, params)) is not None:
        failed["answer"] = why
    if params.authoritative and not reply.authoritative:
        failed["authoritative"] = "the server is not authoritative for the name"
    if reply.rcode in params.rcode:
        for name, lines in zip(SECTIONS, reply.sections, strict=True):
            tests: Records | None = getattr(params, name)
            if tests is not None and (why := wrong_records(lines, tests)) is not None:
                failed.setdefault("records", f"{name}: {why}")
    return failed


def _wrong_answer(reply: Reply, params: DnsParams) -> str | None:
    missing = [record for record in params.expect if record not in reply.records]
    if missing:
        return f"the answer lacks {', '.join(missing)}"
    if not reply.records and params.answer is None and params.rcode == ("NOERROR",):
        return f"the answer holds no {params.type} record"
    return None


def wrong_records(lines: Sequence[str], tests: Records) -> str | None:
    """What is wrong with a section's records; an expression matches anywhere in a line."""
    if not lines and (tests.every or tests.some):
        return "there is no record"

    def matches(regex: str, line: str) -> bool:
        return text_regex(regex).search(line) is not None

    if any(matches(regex, line) for regex in tests.none for line in lines):
        return "a record is what none may be"
    if not all(matches(regex, line) for regex in tests.every for line in lines):
        return "a record is not what every one must be"
    if tests.some and not any(matches(regex, line) for regex in tests.some for line in lines):
        return "no record is what one must be"
    if tests.not_all and lines and all(matches(regex, line) for regex in tests.not_all for line in lines):
        return "all records are what not all may be"
    return None


def reasons_of(params: DnsParams) -> tuple[str, ...]:
    """What an answer can fail of, given what is asked of it."""
    tested = any(getattr(params, section) is not None for section in SECTIONS)
    certified = params.transport == "tls"
    return (*FAILURE_REASONS, *(("records",) if tested else ()), *(("certificate",) if certified else ()))


def samples(
    hop: Hop, seconds: float, reply: Reply, failed: Failures, reasons: tuple[str, ...] = FAILURE_REASONS
) -> Iterator[Sample]:
    """An answer; ``hop`` has the phases of ``PHASES``, ``reasons`` is what it could fail of."""
    yield from common(hop.address, hop.phases["resolve"], seconds, success=not failed)
    for phase in PHASES:
        yield Sample(f.DNS_DURATION, (phase,), hop.phases[phase])
    yield Sample(f.DNS_ANSWERS, (), reply.answers)
    yield Sample(f.DNS_AUTHORITY, (), reply.authority)
    yield Sample(f.DNS_ADDITIONAL, (), reply.additional)
    yield Sample(f.DNS_SUCCEEDED, (), 1)
    if reply.serial is not None:
        yield Sample(f.DNS_SERIAL, (), reply.serial)
    yield from failed_samples(failed, reasons)
    yield from tls((hop,))
