"""What can be set of a probe."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.address import IpLiteral, Url
from config.base import ExistingFile, Model
from config.operations import Expect
from config.units import Duration


class IcmpParams(Model):
    """An echo request (RFC 792, RFC 4443)."""

    source: IpLiteral | None = Field(default=None, description="Address of this machine that the request leaves from.")
    count: int = Field(
        default=1, ge=1, le=20, description="Requests in one poll; with more than one the loss is measured."
    )
    spread: Duration = Field(
        default=0.0,
        le=10,
        description="Time over which the requests of one poll are spread, half of `timeout` at most; 0: all at once.",
    )
    size: int = Field(default=64, ge=64, le=1500, description="Size of the packet with its IP header, in bytes.")


class TrustParams(Model):
    """How far a certificate is believed."""

    verify: bool | None = Field(
        default=None,
        description="Whether an untrusted certificate fails the probe; default: yes for names, no for IP addresses "
        "and localhost, where it is only reported.",
    )
    ca: ExistingFile | None = Field(
        default=None, description="Certificates (PEM) to trust instead of the system's, e.g. those of an own authority."
    )


class HttpParams(TrustParams):
    """A page that is fetched."""

    url: Url = Field(description="Page that is fetched.")
    method: Literal["GET", "HEAD"] = Field(default="GET", description="Method of the request.")
    expect: Expect | None = Field(default=None, description="What a good answer looks like; default: any status 2xx.")
    follow_redirects: bool = Field(default=True, description="Whether redirects are followed, five at most.")


class TcpParams(TrustParams):
    """A port that must accept a connection."""

    tls: bool = Field(default=False, description="Whether TLS is spoken on the port.")


class NtpParams(Model):
    """A time server that is asked."""

    count: int = Field(
        default=1,
        ge=1,
        le=4,
        description="Requests in one poll; the one that travelled least counts. Many servers refuse more than one.",
    )
