"""How the daemon works and whom it tells. The root of the settings; its parts are re-exported here."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

import holidays as public_holidays
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config.address import Address, IpLiteral, Listen, Url
from config.alerting import (
    Accepted,
    Alerting,
    DeadMansSwitch,
    Duty,
    Escalation,
    Hold,
    Maintenance,
    Match,
    RateLimit,
    Receiver,
    Route,
)
from config.base import AnyPath, ExistingFile, Id, Model, Text
from config.credentials import Credential, HttpCredential, SnmpCredential, SshCredential
from config.errors import Wrong, did_you_mean, shown
from config.hours import When
from config.kinds import Params, lift_params
from config.network import CheckName
from config.rules import RuleOptions
from config.secrets import Secret
from config.units import ClosedDay, Interval, TimeOfDay

__all__ = [
    "Accepted",
    "Alerting",
    "Backups",
    "Credential",
    "DeadMansSwitch",
    "Defaults",
    "Duty",
    "Escalation",
    "Hold",
    "HttpCredential",
    "Maintenance",
    "Match",
    "Member",
    "Municipality",
    "RateLimit",
    "Receiver",
    "RoleDefaults",
    "Route",
    "RuleOptions",
    "Settings",
    "SnmpCredential",
    "SshCredential",
    "State",
    "Traps",
    "Uplink",
    "Web",
]


def _check_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        hint = did_you_mean(name, zoneinfo.available_timezones())
        raise Wrong(f"there is no time zone {shown(name)}", hint or "e.g. Europe/Berlin") from None
    return name


_REGION = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"


def _check_holidays(region: str) -> str:
    country, _, part = region.partition("-")
    try:
        public_holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        hint = did_you_mean(region, _regions(country))
        raise Wrong(f"no public holidays are known for {shown(region)}", hint or "e.g. DE-NW") from None
    return region


def _regions(country: str) -> list[str]:
    """Every country, and the parts of the one given."""
    known = public_holidays.list_supported_countries()
    return [*known, *(f"{country}-{part}" for part in known.get(country, ()))]


class Municipality(Model):
    """Whose infrastructure it is."""

    id: Id = Field(default="ringwacht", description="Short name.")
    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    timezone: Annotated[str, Field(max_length=64), AfterValidator(_check_zone)] = Field(
        default="Europe/Berlin",
        validate_default=True,  # read here, once, and not when the first alert is decided
        description="Time zone of every local time in the configuration.",
    )
    holidays: Annotated[str, Field(pattern=_REGION), AfterValidator(_check_holidays)] | None = Field(
        default=None,
        description="Country and region whose public holidays are outside office hours, `DE-NW`.",
    )
    closed: tuple[ClosedDay, ...] = Field(
        default=(), description="Further closed days: `12-24` each year, or `2027-02-08` once."
    )
    school_holidays: str | None = Field(
        default=None, pattern=_REGION, description="Country and region of the school holidays."
    )
    school_calendar: AnyPath | None = Field(
        default=None,
        description="iCalendar file (.ics) of school holidays, where the region's are not known or others.",
    )
    language: Literal["de", "en"] = Field(default="de", description="Language of alerts, report and status page.")


_SHORTEST_TOKEN = 16


class Member(Model):
    """A municipality among several that share one Ringwacht."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    token: Secret | None = Field(
        default=None,
        description="Secret of at least 16 characters; it shows on page and API what is this municipality's, nothing "
        "else.",
    )

    @model_validator(mode="after")
    def _long_enough(self) -> Member:
        if self.token is not None and len(self.token.get_secret_value().strip()) < _SHORTEST_TOKEN:
            raise Wrong(f"token has fewer than {_SHORTEST_TOKEN} characters", "take a random one: openssl rand -hex 16")
        return self


class Backups(Model):
    """Nightly backups of the configuration of devices that have an `ssh` key."""

    at: TimeOfDay = Field(default=time(2, 30), description="Local time.")
    repository: AnyPath | None = Field(
        default=None, description="Folder of the git repository; default: `configurations` in the state's folder."
    )
    parallel: int = Field(default=4, ge=1, le=32, description="Devices that are asked at the same time.")
    deadline: Interval = Field(default=120.0, le=1800, description="Time that one device may take.")


class Web(Model):
    """The page, the API and /metrics."""

    listen: Listen = Field(default=Address("127.0.0.1", 9595), description="Address and port.")
    external_url: Url | None = Field(
        default=None,
        description="Address at which people reach the page; messages link to it, and acknowledge by it.",
    )
    token: Secret | None = Field(
        default=None,
        description="Secret (`Authorization: Bearer …`) with which the API may acknowledge, silence and send "
        "tests from other machines; without it only this machine may.",
    )
    web_config: ExistingFile | None = Field(
        default=None, description="TLS and basic authentication, in exporter-toolkit's web-config format."
    )


class State(Model):
    """Where the daemon keeps what must survive a restart."""

    directory: AnyPath = Field(
        default=Path("state"), description="Folder of the SQLite files; created 0700 if missing."
    )


class Uplink(Model):
    """Where this daemon stands. Silent gateway and references are its own problem: no verdicts about others."""

    site: Id = Field(description="Site it stands at.")
    gateway: IpLiteral | None = Field(default=None, description="First hop; it must answer ping.")
    references: tuple[IpLiteral, ...] = Field(
        default=(), description="Addresses beyond the gateway that are always there and answer ping."
    )
    interval: Interval = Field(default=10.0, description="Time between pings of gateway and references.")


class RoleDefaults(Model):
    """What a role brings along; a device's own key wins. May hold keys of kinds of check as a device does."""

    when: When | None = Field(default=None, description="When it matters.")
    profile: Id | None = Field(default=None, description="SNMP profile.")
    modules: tuple[Id, ...] | None = Field(default=None, description="SNMP modules.")
    credential: Id | None = Field(default=None, description="Credential.")
    checks: tuple[CheckName, ...] | None = Field(default=None, description="Checks.")
    interval: Interval | None = Field(default=None, description="Time between polls.")
    timeout: Interval | None = Field(default=None, description="Patience for one answer.")
    params: Params = Field(default_factory=dict, description="The keys of its kinds of check, validated.")

    _lift = model_validator(mode="before")(lift_params)


class Defaults(Model):
    """What holds where nothing else is said."""

    interval: Interval = Field(default=60.0, description="Time between polls.")
    timeout: Interval = Field(default=5.0, description="Patience for one answer.")
    stale_after: int = Field(
        default=3, ge=1, le=1000, description="Intervals without success until a job's series disappear."
    )
    needs: tuple[Id, ...] = Field(
        default=(), description="Sites that every site must reach to work; default: any site marked `core`."
    )
    roles: Mapping[Id, RoleDefaults] = Field(default_factory=dict, description="What a role brings along.")


def _written(value: object) -> object:
    """Refuse what YAML read as a number or a truth value, before it is taken for an address."""
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no network", "e.g. 192.0.2.0/24")
    return value


Network = Annotated[IPvAnyNetwork, BeforeValidator(_written)]


class Traps(Model):
    """SNMP traps and informs that devices send by themselves."""

    listen: Listen = Field(description="UDP address and port.")
    allow: tuple[Network, ...] = Field(default=(), description="Networks that traps are taken from; default: none.")
    credentials: tuple[Id, ...] = Field(default=(), description="Credentials (SNMP) that traps may come with.")


class Settings(Model):
    """How the daemon works and whom it tells. Attribute names are the keys of the file."""

    municipality: Municipality = Field(default_factory=Municipality, description="Whose infrastructure it is.")
    web: Web = Field(default_factory=Web, description="The page, the API and /metrics.")
    state: State = Field(default_factory=State, description="What must survive a restart.")
    uplink: Uplink | None = Field(default=None, description="Where this daemon stands.")
    defaults: Defaults = Field(default_factory=Defaults, description="What holds where nothing else is said.")
    credentials: Mapping[Id, Credential] = Field(default_factory=dict, description="Login data.")
    municipalities: Mapping[Id, Member] = Field(
        default_factory=dict, description="Municipalities that share this Ringwacht."
    )
    backups: Backups = Field(default_factory=Backups, description="Configuration backups.")
    traps: Traps | None = Field(default=None, description="SNMP traps.")
    alerting: Alerting = Field(default_factory=Alerting, description="Alerts, and who hears of them.")
    snmp_modules: tuple[ExistingFile, ...] = Field(default=(), description="Extra `snmp.yml` files of snmp_exporter.")

    @field_validator("municipalities")
    @classmethod
    def _told_apart(cls, members: Mapping[str, Member], info: ValidationInfo) -> Mapping[str, Member]:
        tokens = [one.token.get_secret_value().strip() for one in members.values() if one.token is not None]
        if len(set(tokens)) < len(tokens):
            raise Wrong("two municipalities have the same token", "each needs one of its own: it decides what is shown")
        web: Web | None = info.data.get("web")
        whole = "" if web is None or web.token is None else web.token.get_secret_value().strip()
        if tokens and web is not None and web.token is not None and (whole in tokens or len(whole) < _SHORTEST_TOKEN):
            hint = f"it shows everything: a random one of at least {_SHORTEST_TOKEN} characters, and nobody else's"
            raise Wrong("web.token is short, or that of a municipality", hint)
        return members
