"""Whom a check believes over TLS."""

from __future__ import annotations

from pydantic import Field

from config.base import ExistingFile, Model


class TrustParams(Model):
    """How far a certificate is believed."""

    verify: bool | None = Field(
        default=None,
        description="Whether an untrusted certificate fails the check; default: yes for names, no for IP addresses "
        "and localhost, where it is only reported.",
    )
    ca: ExistingFile | None = Field(
        default=None, description="Certificates (PEM) to trust instead of the system's, e.g. those of an own authority."
    )
