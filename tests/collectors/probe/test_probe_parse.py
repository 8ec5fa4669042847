from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.probe import parse
from collectors.probe.parse import MAX_BODY_BYTES, Hop, Page, Peer, Visit
from config.operations import Expect

PHASES = {"resolve": 0.25, "connect": 0.5, "tls": 1.0}


def visit(*hops: Hop, page: Page | None = None, stopped: str | None = None) -> Visit:
    return Visit(hops, page or Page(200, 1.1), 9.0, {"processing": 2.0, "transfer": 4.0}, stopped)


def test_phases_are_summed_over_redirects() -> None:
    hop = Hop("www.example", "192.0.2.1", PHASES)
    got = {(s.family.name, *s.labels): s.value for s in parse.http(visit(hop, hop), "", {})}
    assert got["probe_http_duration_seconds", "resolve"] == got["probe_dns_lookup_time_seconds",] == 0.5
    assert got["probe_http_duration_seconds", "tls"] == 2.0
    assert got["probe_http_duration_seconds", "transfer"] == 4.0
    assert got["probe_http_redirects",] == 1
    assert got["probe_http_content_length",] == -1


def test_one_unverified_connection_of_several_is_told() -> None:
    bad, good = Peer("TLS 1.2", (), "self-signed certificate"), Peer("TLS 1.3", (), None)
    hops = (Hop("a.example", "192.0.2.1", PHASES, bad), Hop("b.example", "192.0.2.2", PHASES, good))
    got = {(s.family.name, *s.labels): s.value for s in parse.tls(hops)}
    assert got == {("probe_tls_version_info", "TLS 1.3"): 1, ("ringwacht_probe_tls_verified",): 0}
    assert parse.distrusted(hops, None) == {
        "certificate": "certificate of a.example not trusted: self-signed certificate"
    }


@pytest.mark.parametrize(
    ("host", "verify", "must"),
    [
        ("www.example", None, True),
        ("localhost", None, False),
        ("192.0.2.1", None, False),
        ("2001:db8::1", None, False),
        ("192.0.2.1", True, True),
        ("www.example", False, False),
    ],
)
def test_who_must_be_trusted(host: str, verify: bool | None, must: bool) -> None:
    assert parse.must_verify(host, verify) is must


def test_all_that_is_wrong_is_told() -> None:
    page = Page(500, 1.1, cut=True)
    failures = parse.http_failures(visit(Hop("a", "192.0.2.1", PHASES), page=page), "", Expect(text="x"), None)
    assert parse.failure_facts(failures) == {
        "probe_failure": "status 500, not 2xx; expected text not found in the first megabyte"
    }


def test_a_bomb_is_cut() -> None:
    page = Page(200, 1.1, encoding="gzip", body=zlib.compress(b"x" * 50_000_000))
    assert len(parse.page_text(page)) == MAX_BODY_BYTES


@given(body=st.binary(max_size=200), encoding=st.sampled_from(["", "gzip", "deflate", "br"]), charset=st.text())
def test_any_body_becomes_text(body: bytes, encoding: str, charset: str) -> None:
    assert isinstance(parse.page_text(Page(200, 1.1, encoding=encoding, charset=charset, body=body)), str)


@given(st.lists(st.binary(max_size=100), max_size=3))
def test_certificates_that_cannot_be_read_have_no_expiry(chain: list[bytes]) -> None:
    assert parse.earliest_expiry(chain) is None


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/a", "https://www.example/a"),
        ("//other.example/a", "https://other.example/a"),
        ("http://other.example:8080/", "http://other.example:8080/"),
        ("", "https://www.example/start"),
        ("javascript:alert(1)", None),
        ("http://", None),
        ("https://user@other.example/", None),
        ("http://[::1", None),
    ],
)
def test_where_a_redirect_leads(location: str, target: str | None) -> None:
    assert parse.redirect_target("https://www.example/start", location) == target


@given(st.text())
def test_any_redirect_is_followable_or_refused(location: str) -> None:
    target = parse.redirect_target("https://www.example/", location)
    assert target is None or target.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("address", "inner"),
    [
        ("127.0.3.1", True),
        ("::1", True),
        ("169.254.169.254", True),
        ("fe80::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("www.example", False),
    ],
)
def test_inner_addresses(address: str, inner: bool) -> None:
    assert parse.is_inner(address) is inner
