"""What people use, seen from outside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from config.address import HostPort, Url, parse_ip
from config.base import Id, Model, Text
from config.conversation import Dialogue
from config.dns import DnsParams
from config.errors import Wrong
from config.heartbeats import Heartbeat
from config.hours import When
from config.plugin import PluginParams
from config.route import Route
from config.trust import TrustParams
from config.units import Interval
from config.webpage import PERSONAL, Expect, Request

_WAYS = ("url", "dns", "ntp", "tcp", "heartbeat", "plugin")


class _Way(Model):
    """How a service is seen."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    url: Url | None = Field(default=None, description="Page that is fetched.")
    dns: DnsParams | None = Field(default=None, description="Name that is asked for.")
    ntp: HostPort | None = Field(default=None, description="Time server, with the port where it is not 123.")
    tcp: HostPort | None = Field(default=None, description="Host and port that must accept a connection.")
    heartbeat: Heartbeat | None = Field(default=None, description="Report that must come by itself.")
    plugin: PluginParams | None = Field(default=None, description="Monitoring plug-in that checks it.")
    expect: Expect | None = Field(default=None, description="What a good answer to the `url` looks like.")
    credential: Id | None = Field(
        default=None,
        description="Login for the `url`: the credential's `http` part, or its `token`. Sent over https only (or to "
        "this machine itself), where the certificate could be verified, and to no other server.",
    )


class Service(Route, TrustParams, Dialogue, Request, _Way):
    """Something that people use, seen from outside in one way: `url`, `dns`, `ntp`, `tcp`, `heartbeat` or `plugin`."""

    site: Id | None = Field(default=None, description="Where it runs.")
    contract: Id | None = Field(default=None, description="Contract it is delivered under.")
    critical: bool = Field(default=False, description="Its failure is critical.")
    interval: Interval | None = Field(default=None, description="Time between checks; default: `defaults.interval`.")
    depends_on: tuple[Id, ...] = Field(default=(), description="Devices, links, services and contracts it needs.")
    when: When = Field(default="always", description="When it matters.")

    @model_validator(mode="after")
    def _one_way(self) -> Service:
        if sum(getattr(self, way) is not None for way in _WAYS) != 1:
            raise Wrong("needs exactly one of url, dns, ntp, tcp, heartbeat and plugin")
        if self.tcp is not None and self.tcp.port is None:
            raise Wrong("tcp needs a port")
        if self.dns is not None and self.dns.server is None:
            raise Wrong("dns needs a server")
        self._check_keys()
        check_secrets(self.url, self, logs_in=self.credential is not None)
        check_page(self.url, self, self.expect)
        return self

    def _check_keys(self) -> None:
        for key in (*Request.model_fields, "expect", "credential"):
            if self._says(key) and self.url is None:
                raise Wrong(f"{key} goes with url only")
        for key in Dialogue.model_fields:
            if self._says(key) and self.tcp is None:
                raise Wrong(f"{key} goes with tcp only")
        for key in (*TrustParams.model_fields, *Route.model_fields):
            if self._says(key) and self.url is None and self.tcp is None:
                raise Wrong(f"{key} goes with url and tcp only", "dns has keys of its own" if self.dns else "")

    def _says(self, key: str) -> bool:
        default: object = Service.model_fields[key].get_default(call_default_factory=True)
        return bool(getattr(self, key) != default)

    def page(self) -> dict[str, Any]:
        """Return the keys of a page that is fetched, as its collector takes them."""
        keys = {"url", "expect", *Request.model_fields, *TrustParams.model_fields, *Route.model_fields}
        return self.model_dump(include=keys, exclude_unset=True)

    def dialogue(self) -> dict[str, Any]:
        """Return the keys of a TCP connection, as its collector takes them."""
        keys = {*Dialogue.model_fields, *TrustParams.model_fields, *Route.model_fields}
        return self.model_dump(include=keys, exclude_unset=True)


def check_secrets(url: str | None, request: Request, *, logs_in: bool) -> None:
    """Refuse to say a secret to all who listen on the way. Raises Wrong."""
    if url is None or may_hold_secrets(url):
        return
    if logs_in:
        raise Wrong("credential goes with https only", "over http everybody on the way could read it")
    for name, value in request.headers.items():
        if isinstance(value, SecretStr) or name in PERSONAL:
            what = "a secret header" if isinstance(value, SecretStr) else f"header {name}"
            raise Wrong(f"{what} goes with https only", "over http everybody on the way could read it")


def check_page(url: str | None, request: Request, expect: Expect | None) -> None:
    """Refuse what no answer can ever be. Raises Wrong."""
    if url is None or expect is None:
        return
    is_secured = urlsplit(url).scheme == "https"
    if expect.http_version == ("2",) and not (request.http2 and (is_secured or request.follow_redirects)):
        raise Wrong("expect.http_version 2 needs https and http2: true", "over http nobody speaks HTTP/2 here")
    if expect.tls is not None and expect.tls != is_secured and not request.follow_redirects:
        raise Wrong(f"expect.tls: {str(expect.tls).lower()} can never hold for this url without redirects")


def may_hold_secrets(url: str) -> bool:
    """Whether what is sent to an address stays between us and the server: over TLS, or on this machine."""
    parts = urlsplit(url)
    ip = parse_ip(parts.hostname or "")
    return parts.scheme == "https" or parts.hostname == "localhost" or (ip is not None and ip.is_loopback)
