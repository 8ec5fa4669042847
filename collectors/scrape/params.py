"""What can be set of a scrape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, WithJsonSchema

from collectors.scrape.presets import FamilyName
from config.base import ExistingFile, Id, Model
from config.units import Size

MAX_BYTES = 16 * 2**20
MAX_SERIES = 20_000

_ONE = {"type": "string"}
_SCHEMA: dict[str, Any] = {"title": "name or names", "anyOf": [_ONE, {"type": "array", "items": _ONE}]}


def _many(value: object) -> object:
    return tuple(cast("Sequence[object]", value)) if isinstance(value, (list, tuple)) else (value,)


class ScrapeParams(Model):
    """Another exporter's page that is read."""

    path: str = Field(default="/metrics", pattern="^/", max_length=2000, description="Path of the page.")
    scheme: Literal["http", "https"] = Field(default="http", description="Protocol.")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Port; default: that of the address, or the preset's usual one."
    )
    preset: Annotated[tuple[Id, ...], BeforeValidator(_many), WithJsonSchema(_SCHEMA)] = Field(
        default=(), description="Named selections of families, e.g. `node_exporter`; without any, all are kept."
    )
    allow: tuple[FamilyName, ...] = Field(
        default=(), description="Families that are kept besides those of the presets; `*` stands for any characters."
    )
    max_bytes: Annotated[Size, Field(ge=1024, le=2**30)] = Field(
        default=MAX_BYTES, description="Size at which a page is given up."
    )
    max_series: int = Field(
        default=MAX_SERIES, ge=1, le=1_000_000, description="Series that are kept; what exceeds is left out."
    )
    verify: bool = Field(default=True, description="Whether the certificate must be valid.")
    ca: ExistingFile | None = Field(
        default=None, description="Certificates (PEM) to trust instead of the system's, e.g. those of an own authority."
    )
