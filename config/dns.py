"""A question to a name server, and what its answer must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from config.address import HostPort, parse_ip
from config.base import Model, Text
from config.errors import Wrong, shown
from config.route import Route
from config.trust import TrustParams
from config.webpage import Regexes, listed, one_or_several

# fmt: off
RecordType = Literal[
    "A", "AAAA", "ANY", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "SSHFP",
    "SVCB", "TLSA", "TXT",
]
# fmt: on
Rcode = Literal["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
Rcodes = Annotated[
    tuple[Rcode, ...],
    BeforeValidator(one_or_several),
    Field(min_length=1),
    listed("response code", {"enum": ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]}),
]

# How many fields a record's text has, and one that is right.
_FORMS: Mapping[str, tuple[int, str]] = {
    "CAA": (3, "0 issue letsencrypt.org"),
    "CNAME": (1, "www.example.org"),
    "MX": (2, "10 mail.example.org"),
    "NS": (1, "ns1.example.org"),
    "PTR": (1, "www.example.org"),
    "SOA": (7, "ns1.example.org hostmaster.example.org 2026112201 3600 900 604800 300"),
    "SRV": (4, "0 100 389 dc1.example.org"),
}


def ascii_name(text: str) -> str:
    """Return a domain name in lower case without the final dot, umlauts in ASCII (RFC 5891). Raises Wrong."""
    name = text.lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            raise Wrong(f"{shown(text)} is not a domain name") from None
    return name[:-1] if name.endswith(".") else name


def same_record(kind: str, text: str) -> str:
    """Return a record's text as all its spellings are compared: `MX`, ``10 Mail.Example.`` -> ``10 mail.example``.

    Names lose case and final dot, addresses are written one way, texts (TXT) their quotes. Raises Wrong where it is no
    record of that kind.
    """
    if kind in {"A", "AAAA"}:
        address = parse_ip(text)
        if address is None or address.version != (4 if kind == "A" else 6):
            raise Wrong(f"{shown(text)} is not an IPv{4 if kind == 'A' else 6} address")
        return str(address)
    if kind == "TXT":
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if kind not in _FORMS:
        return " ".join(text.split())
    fields, example = _FORMS[kind]
    # the value of a CAA record may hold blanks
    parts = [ascii_name(part.strip('"')) for part in text.split(maxsplit=2 if kind == "CAA" else -1)]
    if len(parts) != fields:
        raise Wrong(f"{shown(text)} is not a {kind} record", f"e.g. {example}")
    return " ".join(parts)


def check_query(text: str) -> str:
    """Return the name that is asked for, as `ascii_name` writes it; an IP address stays one. Raises Wrong."""
    if text == "." or parse_ip(text) is not None:
        return text
    name = ascii_name(text)
    labels = name.split(".")
    if len(name) > 253 or not all(0 < len(label) < 64 and label.isprintable() for label in labels) or " " in name:
        raise Wrong(f"{shown(text)} is not a domain name")
    return name


class Records(Model):
    """What the records of one section must look like, each written as a line: name, TTL, class, type, data.

    The parts are separated by tabs, as blackbox_exporter has them; names end in a dot.
    """

    every: Regexes = Field(default=(), description="Every record must match each of these; there must be one.")
    some: Regexes = Field(default=(), description="At least one record must match one of these.")
    none: Regexes = Field(default=(), description="No record may match any of these.")
    not_all: Regexes = Field(default=(), description="At least one record must not match all of these.")


class Question(Model):
    """What a name server is asked, and what its answer must be."""

    server: HostPort | None = Field(
        default=None, description="Name server, with the port where it is not 53; default: the device's address."
    )
    query: Annotated[Text, AfterValidator(check_query)] = Field(
        description="Name that is asked for; with type PTR also an IP address."
    )
    type: RecordType = Field(default="A", description="Record type.")
    expect: tuple[Text, ...] = Field(
        default=(),
        max_length=64,
        description="Records that the answer must hold, others may be there as well; without it, at least one of the "
        "type. Case, final dots and spelling of addresses do not matter.",
    )
    rcode: Rcodes = Field(default=("NOERROR",), description="Response code that the answer must have, or several.")
    answer: Records | None = Field(default=None, description="What the records of the answer must look like.")
    authority: Records | None = Field(default=None, description="What the records of the authority section must.")
    additional: Records | None = Field(default=None, description="What the records of the additional section must.")
    authoritative: bool = Field(default=False, description="Whether the server must answer as authority of the zone.")
    recursion: bool = Field(default=True, description="Whether the server is asked to find out what it does not know.")
    query_class: Literal["IN", "CH", "HS"] = Field(
        default="IN", description="Class of the question; `CH`: what the server says of itself."
    )
    transport: Literal["udp", "tcp", "tls"] = Field(
        default="udp",
        description="How it is asked; an answer too long for `udp` is asked for again over `tcp`. `tls`: DNS over TLS "
        "(RFC 7858), port 853.",
    )

    @field_validator("expect")
    @classmethod
    def _records(cls, expect: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = info.data.get("type")
        if kind == "ANY" and expect:
            raise Wrong("type ANY has no expect", "answer: {some: …} tests records of any type")
        return expect if kind is None else tuple(same_record(kind, text) for text in expect)

    @model_validator(mode="after")
    def _sensible(self) -> Question:
        if self.expect and self.rcode != ("NOERROR",):
            raise Wrong("expect goes with rcode NOERROR only")
        if self.type != "PTR" and parse_ip(self.query) is not None:
            raise Wrong(f"query {self.query} is an address", "its name is asked for with type: PTR")
        return self


class DnsParams(Route, TrustParams, Question):
    """A name server that is asked."""

    @model_validator(mode="after")
    def _trusting(self) -> DnsParams:
        if self.transport != "tls" and (self.ca is not None or self.verify is not None):
            raise Wrong("verify and ca go with transport tls only")
        return self
