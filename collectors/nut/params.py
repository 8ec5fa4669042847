"""What can be set of a check ``nut``."""

from __future__ import annotations

from pydantic import Field

from config.base import Id, Model


class NutParams(Model):
    """A UPS served by Network UPS Tools (RFC 9271)."""

    name: Id = Field(description="Name of the UPS on the NUT server.")
    clients: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="Computers that must be connected to be shut down in time, the NUT server's own included; 0: none. "
        "Without it one suffices where something is to be shut down.",
    )
