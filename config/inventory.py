"""What there is to watch. The root of the inventory; its parts are re-exported here."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, ValidationInfo, field_validator

from config.address import Address
from config.assets import Asset, AssetFile, Warranty, registered
from config.base import Id, Model
from config.contracts import Contract, Deadline, Licence
from config.heartbeats import Heartbeat
from config.network import Device, End, Link, LinkProbe, Partner, Radio, Ring, Site, resolve_ends
from config.operations import Function, Room, RoomLimits, Rule
from config.schools import Fleet, Projector, Source
from config.services import Service
from config.spreadsheet import AssetExport
from config.support.reading import SupportFile
from config.webpage import Expect

__all__ = [
    "Address",
    "Asset",
    "AssetFile",
    "Contract",
    "Deadline",
    "Device",
    "End",
    "Expect",
    "Fleet",
    "Function",
    "Heartbeat",
    "Inventory",
    "Licence",
    "Link",
    "LinkProbe",
    "Partner",
    "Projector",
    "Radio",
    "Ring",
    "Room",
    "RoomLimits",
    "Rule",
    "Service",
    "Site",
    "Source",
    "Warranty",
]


class Inventory(Model):
    """Everything that is watched, by id. Attribute names are the keys of the file."""

    sites: Mapping[Id, Site] = Field(default_factory=dict, description="Places.")
    rings: Mapping[Id, Ring] = Field(default_factory=dict, description="Links that close a circle.")
    devices: Mapping[Id, Device] = Field(default_factory=dict, description="Devices that are polled.")
    # after the devices: a link's ends are told apart by them
    links: Mapping[Id, Link] = Field(default_factory=dict, description="Ways between places.")
    partners: Mapping[Id, Partner] = Field(default_factory=dict, description="Who rents bandwidth.")
    rooms: Mapping[Id, Room] = Field(default_factory=dict, description="Rooms that hold infrastructure.")
    services: Mapping[Id, Service] = Field(default_factory=dict, description="What people use, seen from outside.")
    functions: Mapping[Id, Function] = Field(
        default_factory=dict, description="What must be possible, and its two legs."
    )
    rules: Mapping[Id, Rule] = Field(default_factory=dict, description="Own thresholds on any collected family.")
    deadlines: Mapping[Id, Deadline] = Field(default_factory=dict, description="What runs out.")
    contracts: Mapping[Id, Contract] = Field(default_factory=dict, description="What providers owe.")
    licences: Mapping[Id, Licence] = Field(default_factory=dict, description="Seats of products.")
    sources: Mapping[Id, Source] = Field(default_factory=dict, description="Where the state of fleets is read.")
    fleets: Mapping[Id, Fleet] = Field(default_factory=dict, description="Stock, plan and replacement.")
    projectors: Mapping[Id, Projector] = Field(default_factory=dict, description="Projectors that speak PJLink.")
    assets: tuple[AssetExport, ...] = Field(
        default=(), description="Spreadsheet exports (CSV, XLSX) of the asset register."
    )
    end_of_support: tuple[SupportFile, ...] = Field(
        default=(), description="Own tables (CSV) of when versions of systems and firmware lose support."
    )

    @field_validator("links", mode="before")
    @classmethod
    def _resolve_ends(cls, links: object, info: ValidationInfo) -> object:
        return resolve_ends(links, info.data)

    @field_validator("assets")
    @classmethod
    def _register(cls, files: tuple[AssetFile, ...], info: ValidationInfo) -> tuple[AssetFile, ...]:
        # without the sites, which then are wrong themselves, every row would be
        return registered(files, info.data["sites"]) if "sites" in info.data else files
