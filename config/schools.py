"""The devices of schools and administration: where they are read, what is planned for them, projectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.address import HostPort, Url
from config.base import ExistingFile, Id, Model, Text
from config.errors import Wrong
from config.hours import When
from config.secrets import Secret
from config.units import Duration, Interval

DeviceKind = Literal["tablet", "notebook", "pc", "projector", "phone", "printer", "apple_tv", "other"]
GRAPH = ("intune", "microsoft365")  # asked through Microsoft Graph, which has one address for all


class Source(Model):
    """Where the state of a fleet is read (`mdm`: mobile device management), or that of a cloud service (`cloud`)."""

    mdm: Literal["jamf_school", "relution", "intune"] | None = Field(default=None, description="Product.")
    cloud: Literal["microsoft365"] | None = Field(default=None, description="Cloud service.")
    url: Url | None = Field(
        default=None, description="Address of its interface; default for Microsoft: Graph's own address."
    )
    tenant: Text | None = Field(default=None, description="Microsoft: id of the tenant.")
    login_url: Url | None = Field(
        default=None, description="Microsoft: address that gives tokens (OAuth 2.0); default: the tenant's own."
    )
    organisation: Text | None = Field(default=None, description="Relution: id of the tenant's organisation.")
    credential: Id = Field(description="Credential it is asked with.")
    interval: Interval = Field(default=1800.0, description="Time between polls; at least 15 minutes.")
    read: tuple[Literal["health", "seats"], ...] = Field(
        default=("health", "seats"), min_length=1, description="Cloud service: what of it is read."
    )
    important: tuple[Text, ...] = Field(
        default=(), description="Cloud service: services of it whose interruption is critical, by its own names."
    )
    site: Id | None = Field(default=None, description="Site whose devices it manages.")
    locations: Mapping[Text, Id] = Field(
        default_factory=dict[str, str],
        description="Sites by the number or name that the product gives a location or group; all others are of `site`.",
    )
    kinds: Mapping[Text, DeviceKind] = Field(
        default_factory=dict[str, DeviceKind],
        description="Kinds of devices by pattern of the model (`20W0*`), the first that fits; else they are guessed.",
    )
    smallest_group: int = Field(
        default=5, ge=2, le=1000, description="Groups of fewer devices are exported as `other`, so that none is told."
    )
    per_device: Literal["asset_tag", "hash"] | None = Field(
        default=None,
        description="Exports series of single devices as well, under their asset tag or under a keyed hash of their "
        "serial number.",
    )
    hash_key: Secret | None = Field(default=None, description="Key of that hash, at least 16 characters.")
    verify: bool = Field(default=True, description="Whether its certificate must be trusted.")
    ca: ExistingFile | None = Field(default=None, description="Certificates (PEM) to trust instead of the system's.")

    @property
    def product(self) -> str:
        """What is asked."""
        return self.mdm or self.cloud or ""

    @model_validator(mode="after")
    def _one_product(self) -> Source:
        if (self.mdm is None) == (self.cloud is None):
            raise Wrong("needs exactly one of mdm and cloud")
        if self.mdm is not None and not self.model_fields_set.isdisjoint(("read", "important")):
            raise Wrong("read and important are for a cloud service")
        if self.product in GRAPH:
            if self.tenant is None and self.login_url is None:
                raise Wrong(f"{self.product} needs a tenant")
        elif self.url is None:
            raise Wrong(f"{self.product} needs a url")
        if self.per_device == "hash" and self.hash_key is None:
            raise Wrong("per_device: hash needs a hash_key")
        if self.hash_key is not None and len(self.hash_key.get_secret_value()) < 16:
            raise Wrong("hash_key has fewer than 16 characters", "serial numbers can be guessed: take a random one")
        return self


Year = Annotated[int, Field(ge=1990, le=2100)]


class Fleet(Model):
    """Devices of one kind at one site: stock, plan and replacement."""

    site: Id = Field(description="Where they are used.")
    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    source: Id | None = Field(default=None, description="Where their state is read.")
    kind: DeviceKind = Field(description="What.")
    plan: Mapping[Year, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict[int, int], description="Planned stock by year."
    )
    lifetime: Duration | None = Field(default=None, description="Age at which they are replaced.")
    unit_cost: float | None = Field(default=None, ge=0, description="Cost of one.")


class Projector(Model):
    """A projector that speaks PJLink."""

    site: Id = Field(description="Where it hangs.")
    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    room: Id | None = Field(default=None, description="Class room or meeting room it hangs in.")
    address: HostPort = Field(description="Host, with the port where it is not 4352.")
    password: Secret | None = Field(default=None, description="PJLink password.")
    interval: Interval = Field(default=300.0, description="Time between polls.")
    lamp_life: Duration | None = Field(
        default=None,
        description="Time of use that its lamp or laser is meant for; default: `lamp` of rule `projector_service_due`.",
    )
    when: When | None = Field(
        default=None,
        description="When it matters; default: as its room, else `school_hours` at schools, `office_hours`.",
    )
