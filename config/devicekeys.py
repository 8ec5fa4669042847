"""Keys of a device whose model is the configuration's own.

No collector brings it: what is configured so is read by other parts of the daemon, or by no code of this release yet,
and is checked all the same. A collector's own model replaces the one here.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field

from config.base import Model, Text
from config.plugin import PluginParams
from config.ssh import SshParams


class TlsParams(Model):
    """A port whose certificate is looked at."""

    server_name: Text | None = Field(default=None, description="Name sent in SNI; default: the host.")


DEVICE_KEYS: Mapping[str, type[BaseModel]] = {
    "plugin": PluginParams,  # read, and by services as well
    "ssh": SshParams,  # read by the nightly backups, which are no check
    "tls": TlsParams,
}
