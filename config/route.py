"""Which way a probe takes to its target."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.address import IpLiteral
from config.base import Model


class Route(Model):
    """Which of a name's addresses is asked, and from where."""

    ip_version: Literal[4, 6] | None = Field(
        default=None, description="IP version that is preferred; default: the system's order."
    )
    ip_fallback: bool = Field(
        default=True, description="Whether the other IP version is used where the name has no address of this one."
    )
    source: IpLiteral | None = Field(default=None, description="Address of this machine that the probe leaves from.")
