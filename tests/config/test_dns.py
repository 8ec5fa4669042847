"""What may be asked of a name server."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.dns import DnsParams
from config.services import Service


@pytest.mark.parametrize(
    ("raw", "query", "expect"),
    [
        ({"query": "Rathaus.Example."}, "rathaus.example", ()),
        ({"query": "münster.example", "type": "NS", "expect": ["NS.Köln.example."]}, "xn--mnster-3ya.example",
         ("ns.xn--kln-sna.example",)),
        ({"query": ".", "type": "NS"}, ".", ()),
        ({"query": "_ldap._tcp.dc._msdcs.rathaus.example", "type": "SRV"}, "_ldap._tcp.dc._msdcs.rathaus.example", ()),
        ({"query": "2001:db8::80", "type": "PTR", "expect": ["www.example."]}, "2001:db8::80", ("www.example",)),
        ({"query": "a.example", "type": "AAAA", "expect": ["2001:DB8:0::1"]}, "a.example", ("2001:db8::1",)),
        ({"query": "a.example", "type": "TXT", "expect": ['"Wie es steht."']}, "a.example", ("Wie es steht.",)),
    ],
)  # fmt: skip
def test_names_and_records_are_written_one_way(raw: dict[str, Any], query: str, expect: tuple[str, ...]) -> None:
    params = DnsParams.model_validate(raw)
    assert (params.query, params.expect) == (query, expect)
    assert DnsParams.model_validate(params.model_dump(exclude_none=True)) == params


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"query": "a..example"}, "'a..example' is not a domain name"),
        ({"query": "a b.example"}, "'a b.example' is not a domain name"),
        ({"query": "x" * 64 + ".example"}, "is not a domain name"),
        ({"query": ".".join(["abcdefg"] * 40)}, "is not a domain name"),
        ({"query": "ä" * 80}, "is not a domain name"),
        ({"query": "192.0.2.80"}, "query 192.0.2.80 is an address"),
        ({"expect": ["www.example"]}, "'www.example' is not an IPv4 address"),
        ({"type": "AAAA", "expect": ["192.0.2.1"]}, "'192.0.2.1' is not an IPv6 address"),
        ({"type": "MX", "expect": ["mail.example"]}, "'mail.example' is not a MX record"),
        ({"type": "AXFR"}, "Input should be 'A'"),
        ({"type": "ANY", "expect": ["192.0.2.1"]}, "type ANY has no expect"),
        ({"verify": True}, "verify and ca go with transport tls only"),
        ({"answer": {"some": "("}}, "is not a regular expression"),
        ({"rcode": "NXDOMAIN", "expect": ["192.0.2.1"]}, "expect goes with rcode NOERROR only"),
    ],
)
def test_refusals(raw: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        DnsParams.model_validate({"query": "a.example", **raw})


def test_a_service_needs_a_server() -> None:
    with pytest.raises(ValidationError, match="dns needs a server"):
        Service.model_validate({"dns": {"query": "a.example"}})


@given(st.text())
def test_any_query_is_a_name_or_refused(text: str) -> None:
    try:
        params = DnsParams(query=text)
    except ValidationError:
        return
    assert DnsParams(query=params.query).query == params.query
