"""What can be set of a management controller that is read over Redfish."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from config.base import ExistingFile, Model
from config.errors import Wrong

_HEX_DIGITS = 64


def _fingerprint(value: object) -> object:
    """Return the hex digits of a SHA-256 fingerprint as openssl and browsers write it. Raises Wrong."""
    if not isinstance(value, str):
        raise Wrong("is no SHA-256 fingerprint", "64 hex digits, with or without colons")
    digits = re.sub(r"[:\s]", "", value).lower()
    if len(digits) != _HEX_DIGITS or not re.fullmatch(r"[0-9a-f]+", digits):
        raise Wrong("is no SHA-256 fingerprint", "64 hex digits, with or without colons")
    return digits


class RedfishParams(Model):
    """A management controller that speaks Redfish (DMTF DSP0266)."""

    scheme: Literal["auto", "https", "http"] = Field(
        default="auto", description="Protocol; `auto`: https, on a loopback address http where it speaks no TLS."
    )
    verify: bool | None = Field(
        default=None, description="Whether the certificate must be valid; default: yes, but for loopback addresses."
    )
    ca: ExistingFile | None = Field(
        default=None, description="Certificates (PEM) to trust instead of the system's, e.g. those of an own authority."
    )
    fingerprint: Annotated[str, BeforeValidator(_fingerprint)] | None = Field(
        default=None, description="SHA-256 fingerprint of the one certificate that is trusted."
    )

    @model_validator(mode="after")
    def _one_trust(self) -> RedfishParams:
        given = [key for key in ("verify", "ca", "fingerprint") if getattr(self, key) is not None]
        if self.scheme == "http" and given:
            raise Wrong(f"{given[0]} goes with https only")
        if self.fingerprint is not None and len(given) > 1:
            raise Wrong("fingerprint goes without verify and ca", "it is all that is looked at")
        return self
