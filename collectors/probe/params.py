"""What can be set of a probe."""

from __future__ import annotations

from pydantic import Field, model_validator

from config.address import Url
from config.base import Model
from config.conversation import Dialogue
from config.route import Route
from config.services import check_page, check_secrets
from config.trust import TrustParams
from config.units import Duration
from config.webpage import Expect, Request


class IcmpParams(Route):
    """An echo request (RFC 792, RFC 4443)."""

    count: int = Field(
        default=1, ge=1, le=20, description="Requests in one poll; with more than one the loss is measured."
    )
    spread: Duration = Field(
        default=0.0,
        le=10,
        description="Time over which the requests of one poll are spread, half of `timeout` at most; 0: all at once.",
    )
    size: int = Field(default=64, ge=64, le=9000, description="Size of the packet with its IP header, in bytes.")
    ttl: int | None = Field(
        default=None, ge=1, le=255, description="Hops that the request may take; default: the system's."
    )
    dont_fragment: bool = Field(
        default=False, description="Whether the request must arrive in one piece: shows a path that takes less."
    )


class _Page(Model):
    """Which page, and what it must be."""

    url: Url = Field(description="Page that is fetched.")
    expect: Expect | None = Field(default=None, description="What a good answer looks like; default: any status 2xx.")


class HttpParams(Route, TrustParams, Request, _Page):
    """A page that is fetched."""

    @model_validator(mode="after")
    def _secret(self) -> HttpParams:
        check_secrets(self.url, self, logs_in=False)
        check_page(self.url, self, self.expect)
        return self


class TcpParams(Route, TrustParams, Dialogue):
    """A port that must accept a connection."""


class NtpParams(Model):
    """A time server that is asked."""

    count: int = Field(
        default=1,
        ge=1,
        le=4,
        description="Requests in one poll; the one that travelled least counts. Many servers refuse more than one.",
    )
