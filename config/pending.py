"""What may be configured already although no code of this release reads it.

A device's keys whose collector is not here yet are checked against these models, so that a configuration stays strict;
a collector's own model replaces the one here.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field

from config.base import Id, Model, Text
from config.plugin import PluginParams


class SshParams(Model):
    """How the device's configuration is fetched."""

    credential: Id = Field(description="Credential with an `ssh` part.")
    type: Id = Field(description="Device type as netmiko names it, e.g. `hp_procurve`.")


class TlsParams(Model):
    """A port whose certificate is looked at."""

    server_name: Text | None = Field(default=None, description="Name sent in SNI; default: the host.")


PENDING_PARAMS: Mapping[str, type[BaseModel]] = {
    "plugin": PluginParams,  # read, and by services as well: its model is the configuration's own
    "ssh": SshParams,
    "tls": TlsParams,
}
