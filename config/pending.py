"""What may be configured already although no code of this release reads it.

A device's keys whose collector is not here yet are checked against these models, so that a configuration stays strict;
a collector's own model replaces the one here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from config.address import HostPort
from config.base import Id, Model, Text


class ScrapeParams(Model):
    """An existing exporter whose page is read."""

    path: str = Field(default="/metrics", pattern="^/", description="Path of the page.")
    scheme: Literal["http", "https"] = Field(default="http", description="Protocol.")
    preset: Id | None = Field(default=None, description="Named selection of families, e.g. `node_exporter`.")


class PluginParams(Model):
    """A monitoring plug-in (Nagios plug-in interface)."""

    command: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(description="Program and arguments; no shell.")


class NutParams(Model):
    """A UPS served by Network UPS Tools (RFC 9271)."""

    name: Id = Field(description="Name of the UPS on the NUT server.")


class SshParams(Model):
    """How the device's configuration is fetched."""

    credential: Id = Field(description="Credential with an `ssh` part.")
    type: Id = Field(description="Device type as netmiko names it, e.g. `hp_procurve`.")


class RedfishParams(Model):
    """A management controller that speaks Redfish (DMTF DSP0266)."""

    verify: bool = Field(default=True, description="Whether the certificate must be valid.")


class DnsParams(Model):
    """A name server that is asked."""

    server: HostPort = Field(description="Name server, with the port where it is not 53.")
    query: Text = Field(description="Name that is asked for.")
    type: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = Field(
        default="A", description="Record type."
    )


class TlsParams(Model):
    """A port whose certificate is looked at."""

    server_name: Text | None = Field(default=None, description="Name sent in SNI; default: the host.")


PENDING_PARAMS: Mapping[str, type[BaseModel]] = {
    "scrape": ScrapeParams,
    "plugin": PluginParams,
    "nut": NutParams,
    "ssh": SshParams,
    "redfish": RedfishParams,
    "dns": DnsParams,
    "tls": TlsParams,
}
