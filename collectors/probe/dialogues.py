"""What is said over a TCP connection: the configuration's turns, and how each protocol begins TLS. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from collectors.probe.regex import BytesRegex, Found, bytes_regex
from config.conversation import GROUP, Dialogue, StartTls, Turn

_GROUP = re.compile(GROUP.pattern.encode())
_XMPP = (
    "<?xml version='1.0'?><stream:stream to='{host}' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
_LDAP_OID = b"1.3.6.1.4.1.1466.20037"
# LDAPMessage 1: extendedReq of that name (RFC 4511, 4.14.1), in BER
_LDAP_REQUEST = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + _LDAP_OID
# extendedResp with resultCode success; lengths in their short form or in one of up to four bytes
_LDAP_SUCCESS = r"(?s)^\x30.{1,5}\x02\x01\x01\x78.{1,5}\x0a\x01\x00"
_LDAP_ANSWER = r"(?s)^\x30.{1,5}\x02\x01.\x78.{1,5}\x0a\x01[^\x00]"


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: wait, send, begin TLS. ``lines``: whether lines are waited for, or any bytes that match.

    ``name``: what it is called towards people. ``refuses``: what the server says where it will not; ``why`` is then the
    sentence.
    """

    expect: BytesRegex | None = None
    send: bytes = b""
    starttls: bool = False
    lines: bool = True
    name: str = "STARTTLS"
    refuses: BytesRegex | None = None
    why: str = "the server does not offer STARTTLS"

    def answer(self, found: Found | None) -> bytes:
        """Return what is sent, with the groups of the match filled in; one that does not exist is empty."""
        return _GROUP.sub(lambda at: _group(found, at), self.send)


def _group(found: Found | None, at: re.Match[bytes]) -> bytes:
    name = at[1] or at[2]
    if name is None or found is None:
        return b"$" if name is None else b""
    try:
        return found.group(int(name) if name.isdigit() else name.decode()) or b""
    except (IndexError, KeyError):
        return b""


def make_steps(dialogue: Dialogue, host: str) -> tuple[Step, ...]:
    """Return all that is said to a host: first how TLS begins, then the configuration's turns."""
    opening = () if dialogue.starttls is None else _OPENINGS[dialogue.starttls](host)
    turns = tuple(_of_turn(number, turn) for number, turn in enumerate(dialogue.conversation, start=1))
    if dialogue.starttls is None or turns:
        return (*opening, *turns)
    return (*opening, *_FAREWELLS.get(dialogue.starttls, ()))


def _of_turn(number: int, turn: Turn) -> Step:
    send = b"" if turn.send is None else turn.send.encode() + b"\n"
    expect = None if turn.expect is None else bytes_regex(turn.expect)
    return Step(expect, send, turn.starttls, name=f"turn {number}")


def _lines(*turns: tuple[str, str, str]) -> Callable[[str], tuple[Step, ...]]:
    """Expressions for lines, each with what is answered, and with that for a refusal; TLS begins after the last."""
    first = Step(
        bytes_regex(turns[0][0]), _line(turns[0][1]), refuses=bytes_regex(turns[0][2]), why="the server refuses to talk"
    )
    steps = (Step(bytes_regex(expect), _line(send), refuses=bytes_regex(no)) for expect, send, no in turns[1:-1])
    last = Step(bytes_regex(turns[-1][0]), starttls=True, refuses=bytes_regex(turns[-1][2]))
    opening = (first, *steps, last)
    return lambda _host: opening


def _line(text: str) -> bytes:
    return text.encode() + b"\r\n"


def _bytes(requests: Iterable[tuple[str, bytes]], last: str, refuses: str) -> tuple[Step, ...]:
    no = bytes_regex(refuses)
    steps = (Step(bytes_regex(expect) if expect else None, send, lines=False, refuses=no) for expect, send in requests)
    return (*steps, Step(bytes_regex(last), starttls=True, lines=False, refuses=no))


def _xmpp(host: str) -> tuple[Step, ...]:
    hello, ask = _XMPP.format(host=host).encode(), b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    return _bytes((("", hello), ("<starttls", ask)), "<proceed", "</stream:features>|<failure|<stream:error")


_OPENINGS: Mapping[StartTls, Callable[[str], tuple[Step, ...]]] = {
    # the greeting is over with its last line: who speaks before is taken for a sender of spam
    "smtp": _lines(
        ("^220( |$)", "EHLO ringwacht.invalid", "^[45][0-9][0-9]( |$)"),
        ("(?i)^250[ -]STARTTLS", "STARTTLS", "^(250|[45][0-9][0-9])( |$)"),
        ("^220( |$)", "", "^[45][0-9][0-9]( |$)"),
    ),
    "imap": _lines(("(?i)^\\* OK", "a STARTTLS", r"(?i)^\* BYE"), ("(?i)^a OK", "", "(?i)^a (NO|BAD)")),
    "pop3": _lines((r"^\+OK", "STLS", "^-ERR"), (r"^\+OK", "", "^-ERR")),
    "ftp": _lines(("^220( |$)", "AUTH TLS", "^[45][0-9][0-9]( |$)"), ("^234", "", "^[45][0-9][0-9]( |$)")),
    "nntp": _lines(("^20[01]( |$)", "STARTTLS", "^[45]"), ("^382", "", "^[45]")),
    "sieve": _lines(("(?i)^OK", "STARTTLS", "(?i)^(NO|BYE)"), ("(?i)^OK", "", "(?i)^(NO|BYE)")),
    "xmpp": _xmpp,
    "ldap": lambda _host: _bytes((("", _LDAP_REQUEST),), _LDAP_SUCCESS, _LDAP_ANSWER),
    # SSLRequest of PostgreSQL's protocol: length and code; `S` is yes
    "postgres": lambda _host: _bytes((("", b"\x00\x00\x00\x08\x04\xd2\x16\x2f"),), "^S", "^[NE]"),
}
# so that the server's log has a session that ended in order
_FAREWELLS: Mapping[StartTls, tuple[Step, ...]] = {
    "smtp": (Step(send=_line("QUIT")),),
    "imap": (Step(send=_line("b LOGOUT")),),
    "pop3": (Step(send=_line("QUIT")),),
    "nntp": (Step(send=_line("QUIT")),),
    "sieve": (Step(send=_line("LOGOUT")),),
}
