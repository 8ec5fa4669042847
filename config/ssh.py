"""How a device's configuration is fetched over SSH: what a device's key ``ssh`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, Field

from config.base import Id, Model

# As netmiko names them. What else netmiko knows is added only once its session is known to change nothing: fortinet's
# turns paging off in the device's configuration.
SshType = Literal[
    "aruba_aoscx",
    "aruba_osswitch",
    "aruba_procurve",
    "cisco_ios",
    "cisco_nxos",
    "cisco_xe",
    "hp_procurve",
    "mikrotik_routeros",
]


class SshParams(Model):
    """How the device's configuration is fetched."""

    credential: Id = Field(description="Credential with an `ssh` part.")
    type: SshType = Field(description="Device type as netmiko names it, e.g. `hp_procurve`.")
    port: int = Field(default=22, ge=1, le=65535, description="Port of its SSH server.")


def ssh_of(params: Mapping[str, BaseModel]) -> SshParams | None:
    """Return how a device's configuration is fetched, from the keys of its kinds of check; None where it is not."""
    found = params.get("ssh")
    return found if isinstance(found, SshParams) else None
