from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from collectors.probe import parse, parse_http, parse_tls
from collectors.probe.parse import Hop, Peer
from collectors.probe.parse_body import Unpacked
from collectors.probe.parse_http import Page, Visit
from config.webpage import Expect
from tests.collectors.probe.servers import DAY, NOW

PHASES = {"resolve": 0.25, "connect": 0.5, "tls": 1.0}


def visit(*hops: Hop, page: Page | None = None, stopped: str | None = None) -> Visit:
    return Visit(hops, page or Page(200, 1.1), 9.0, {"processing": 2.0, "transfer": 4.0}, stopped)


def test_phases_are_summed_over_redirects() -> None:
    hop = Hop("www.example", "192.0.2.1", PHASES)
    got = {(s.family.name, *s.labels): s.value for s in parse_http.samples(visit(hop, hop), b"", {})}
    assert got["probe_http_duration_seconds", "resolve"] == got["probe_dns_lookup_time_seconds",] == 0.5
    assert got["probe_http_duration_seconds", "tls"] == 2.0
    assert got["probe_http_duration_seconds", "transfer"] == 4.0
    assert got["probe_http_redirects",] == 1
    assert got["probe_http_content_length",] == -1


def test_one_unverified_connection_of_several_is_told() -> None:
    bad, good = Peer("TLS 1.2", (), "self-signed certificate"), Peer("TLS 1.3", (), None)
    hops = (Hop("a.example", "192.0.2.1", PHASES, bad), Hop("b.example", "192.0.2.2", PHASES, good))
    got = {(s.family.name, *s.labels): s.value for s in parse_tls.tls(hops)}
    assert got == {("probe_tls_version_info", "TLS 1.3"): 1, ("ringwacht_probe_tls_verified",): 0}
    assert parse_tls.distrusted(hops, None) == {
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
    assert parse_tls.must_verify(host, verify) is must


def test_all_that_is_wrong_is_told() -> None:
    page = Page(500, 1.1, cut=True)
    failures = parse_http.http_failures(
        visit(Hop("a", "192.0.2.1", PHASES), page=page), Unpacked(b""), Expect(text="x"), None
    )
    assert parse.failure_facts(failures) == {
        "probe_failure": "status 500, not 2xx; expected text not found in the first megabyte"
    }


@given(body=st.binary(max_size=200), encoding=st.sampled_from(["", "gzip", "deflate", "br"]), charset=st.text())
def test_any_body_becomes_text(body: bytes, encoding: str, charset: str) -> None:
    page = Page(200, 1.1, (("content-encoding", encoding), ("content-type", f"text/html; charset={charset}")), body)
    assert isinstance(parse_http.page_text(page, parse_http.unpack_page(page).data), str)


@given(st.lists(st.binary(max_size=100), max_size=3))
def test_certificates_that_cannot_be_read_have_no_expiry(chain: list[bytes]) -> None:
    assert parse_tls.earliest_expiry(chain) is None


@pytest.mark.parametrize("san", ["300ba300820778 2e6c6f63616c", "3002a500", "3003a00106"])
def test_a_name_of_a_kind_that_nobody_uses_is_passed_over(san: str) -> None:
    der = certificate(bytes.fromhex(san))
    leaf = parse_tls.describe_leaf((der,))
    assert leaf is not None
    assert (leaf.subject, leaf.names) == ("CN=x", "")
    assert parse_tls.earliest_expiry((der,)) is not None


def test_a_certificate_of_an_unknown_version_is_unreadable() -> None:
    der = certificate(b"\x30\x00").replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09", 1)
    assert (parse_tls.describe_leaf((der,)), parse_tls.earliest_expiry((der,))) == (None, None)


def test_a_certificate_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    der = certificate(b"\x30\x00")
    leaf = parse_tls.describe_leaf((der,))
    monkeypatch.setattr(parse_tls, "_parse", None)
    assert parse_tls.describe_leaf((bytes(bytearray(der)),)) == leaf


def certificate(san: bytes) -> bytes:
    """A certificate whose subject alternative names are as given."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, NOW - DAY, NOW + DAY)
    odd = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, san)
    return builder.add_extension(odd, critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


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
    assert parse_http.redirect_target("https://www.example/start", location) == target


@given(st.text())
def test_any_redirect_is_followable_or_refused(location: str) -> None:
    target = parse_http.redirect_target("https://www.example/", location)
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
