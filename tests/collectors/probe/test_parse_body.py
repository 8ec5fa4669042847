"""Bodies and headers that a server should not have sent: nothing escapes, nothing takes long."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.probe import parse_http
from collectors.probe.http1 import plain_text
from collectors.probe.parse import Hop
from collectors.probe.parse_body import MAX_BODY_BYTES, MAX_MEMBERS, decode, header_text, unpack
from collectors.probe.parse_http import Page, Visit
from config.webpage import Expect

TEXT = b"Serviceportal " * 100
HOP = Hop("www.example", "192.0.2.1", {"resolve": 0.0})


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "coding", "whole"),
    [
        (gzip.compress(TEXT), "gzip", True),
        (gzip.compress(TEXT[:700]) + gzip.compress(TEXT[700:]), " X-GZIP", True),
        (zlib.compress(TEXT), "deflate", True),
        (raw_deflate(TEXT), "deflate", True),
        (TEXT, "br", True),
        (b"", "gzip", True),
        (gzip.compress(TEXT)[:-9], "gzip", False),
        (gzip.compress(TEXT) + b"garbage", "gzip", False),
        (b"garbage", "gzip", False),
        (b"\xff", "deflate", False),
        (gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip", False),
    ],
)
def test_a_body_is_unpacked(body: bytes, coding: str, whole: bool) -> None:
    unpacked = unpack(body, coding, cut=False)
    assert unpacked.whole is whole
    assert unpacked.data == (TEXT if whole and body else b"") or not whole


def test_what_was_cut_is_not_called_broken() -> None:
    assert unpack(gzip.compress(TEXT)[:-9], "gzip", cut=True).whole
    bomb = unpack(zlib.compress(b"x" * 50_000_000), "gzip", cut=False)
    assert (len(bomb.data), bomb.whole) == (MAX_BODY_BYTES, True)


def test_a_broken_page_fails() -> None:
    page = Page(200, 1.1, (("content-encoding", "gzip"),), b"garbage")
    visit = Visit((HOP,), page, 1.0)
    failures = parse_http.http_failures(visit, parse_http.unpack_page(page), Expect(), None)
    assert failures == {"compression": "the page is compressed, and broken or not whole"}
    told = [sample.labels for sample in parse_http.samples(visit, b"", failures) if sample.value == 1]
    assert ("compression",) in told


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=ISO-8859-1", b"M\xfcll", "Müll"),
        ('text/html; x=y; charset="windows-1252"', b"\x80\x81", "€\ufffd"),
        ("text/html;charset=utf-16", "Müll".encode("utf-16"), "Müll"),
        ("text/html; charset=utf-16", b"\x00\xd8\x00", "\0\ufffd\0"),
        ("text/html", "Müll".encode(), "Müll"),
        ("text/html; charset=punycode", b"a-", "a-"),
        ("text/html; charset=unicode_escape", b"\\ud800", "\\ud800"),
        ("text/html; charset=utf-7", b"+2AA-", "+2AA-"),
        ("text/html; charset*0*=*=;charset*=", b"x", "x"),
    ],
)
def test_only_charsets_that_pages_have_are_decoded(content_type: str, body: bytes, text: str) -> None:
    assert decode(body, content_type) == text


@given(
    st.lists(
        st.sampled_from(["text/html", ";", "charset", "=", "*0*=", "utf-16", "''", '"', "%ff", "é", "\udcff", "\0"])
    ),
    st.binary(max_size=50),
)
def test_any_page_can_be_judged(content_type: list[str], body: bytes) -> None:
    page = Page(200, 1.1, (("content-type", "".join(content_type)),), body)
    expect = Expect(matches=("a",), absent_matches=("b",))
    parse_http.http_failures(Visit((HOP,), page, 1.0), parse_http.unpack_page(page), expect, None)


@given(st.binary(max_size=30))
def test_any_header_can_be_matched(raw: bytes) -> None:
    value = plain_text(raw.decode("utf-8", "surrogateescape"))
    assert value == header_text(raw)
    visit = Visit((HOP,), Page(200, 1.1, (("x-kind", value),)), 1.0)
    expect = Expect(headers={"x-kind": "."}, absent_headers={"x-kind": "y"})
    parse_http.http_failures(visit, parse_http.unpack_page(visit.page), expect, None)


def test_a_header_is_utf_8_or_latin_1() -> None:
    assert header_text(b"M\xfcll") == header_text("Müll".encode()) == "Müll"


@pytest.mark.parametrize("text", ["Wed, 21 Oct 2015 07:28:00", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_time_without_a_zone_is_universal(text: str) -> None:
    assert parse_http.last_modified(Page(200, 1.1, (("last-modified", text),))) == 1445412480
