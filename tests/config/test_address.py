from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.address import Address, check_url, parse_address
from config.errors import Wrong


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.1.11:1161", Address("127.0.1.11", 1161)),
        ("127.0.1.11", Address("127.0.1.11")),
        ("sw-1.musterdorf.example:161", Address("sw-1.musterdorf.example", 161)),
        ("2001:db8::1", Address("2001:db8::1")),
        ("[2001:db8::1]:161", Address("2001:db8::1", 161)),
        ("[::1]", Address("::1")),
        ("fe80::1%eth0", Address("fe80::1%eth0")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":161",
        "a b",
        "1.2.3.400",
        "1.2.3",
        "host:",
        "host:0",
        "host:65536",
        "host:x",
        "[::1",
        "[host]:1",
        "-a",
        "a/b",
        "host:²",
        "x" * 300,
        "http://a",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        parse_address(text)


@given(st.text())
def test_any_text_is_an_address_or_wrong(text: str) -> None:
    with contextlib.suppress(Wrong):
        assert parse_address(text).host


@pytest.mark.parametrize(
    "text", ["ftp://a", "a.b", "http://", "http://[::1", "http://a:99999/", "http://a b/", "http://u:pw@a/"]
)
def test_what_is_no_url_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        check_url(text)
    assert text not in str(caught.value)
