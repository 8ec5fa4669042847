"""Which v3 datagram answers a request, and what the others say about why there was none (RFC 3414, 3.2). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.contract import CollectError, Unreachable
from collectors.snmp.transport.ber import element
from collectors.snmp.transport.ciphers import Guard
from collectors.snmp.transport.reply import Reply, read_pdu
from collectors.snmp.transport.sieve import Undecodable
from collectors.snmp.transport.v3frame import AUTHENTICATED, ENCRYPTED, Frame, Report, read_frame, report_in, scoped_pdu

_VERSION_3 = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A datagram that fits the request; a response is authentic, of a report ``authentic`` says whether it is."""

    frame: Frame
    content: Reply | Report
    authentic: bool


@dataclass(slots=True)
class V3Sieve:
    """Takes datagrams until one answers the message of that id. A report is an answer, a response only if authentic.

    ``earlier`` holds the request-ids by message-id of the same question's earlier tries, whose answers count too (F13);
    ``late`` is set where it was one of these.
    """

    message_id: int
    request_id: int
    engine_id: bytes
    user: bytes
    guard: Guard | None
    earlier: Mapping[int, int] = field(default_factory=dict[int, int])
    garbled: str = ""
    late: bool = False

    def take(self, datagram: bytes) -> Answer | None:
        """Return the answer, or None for a datagram that is none: late, doubled, forged, garbled."""
        try:
            return self._answer(datagram)
        except (ValueError, IndexError) as error:
            self.garbled = str(error)
        return None

    def failure(self) -> CollectError:
        """Return why there was no answer."""
        return Undecodable(f"the answer cannot be used ({self.garbled})") if self.garbled else Unreachable("no answer")

    def _answer(self, datagram: bytes) -> Answer | None:
        frame = read_frame(datagram)
        request_id = self._request_of(frame)
        if request_id is None:
            return None
        authentic = self.guard is not None and self.guard.is_authentic(datagram, frame)
        scoped = self._readable(frame, authentic=authentic)
        report = report_in(frame, scoped)
        self.late = frame.message_id != self.message_id
        if report is not None:
            return Answer(frame, report, authentic)
        if not self._is_trusted(frame, authentic=authentic):
            raise ValueError("it is not authentic")
        reply = read_pdu(scoped, scoped_pdu(scoped)[1], _VERSION_3)
        return Answer(frame, reply, authentic) if reply.request_id == request_id else None

    def _request_of(self, frame: Frame) -> int | None:
        return self.request_id if frame.message_id == self.message_id else self.earlier.get(frame.message_id)

    def _readable(self, frame: Frame, *, authentic: bool) -> bytes:
        if not frame.encrypted:
            return frame.data
        if self.guard is None or not authentic:
            raise ValueError("it is not authentic")
        return element(self.guard.decrypted(frame), 0)[1]

    def _is_trusted(self, frame: Frame, *, authentic: bool) -> bool:
        """Whether a response comes from our engine, to our user, at no weaker level than we asked."""
        guard = self.guard
        if guard is None or (frame.engine_id, frame.user) != (self.engine_id, self.user):
            return False
        level = AUTHENTICATED * authentic | ENCRYPTED * frame.encrypted
        return level & guard.flags == guard.flags
