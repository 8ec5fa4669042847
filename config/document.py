"""The whole file: settings and inventory side by side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.base import Text
from config.inventory import Inventory
from config.settings import Settings


class Document(Inventory, Settings):
    """A complete configuration, all files merged."""

    include: Annotated[tuple[Text, ...], Field(max_length=1000)] = Field(
        default=(), description="Further files (globs), merged by section; only in the first file."
    )

    def inventory(self) -> Inventory:
        """Return the part that says what there is to watch."""
        return Inventory.model_construct(**{name: getattr(self, name) for name in Inventory.model_fields})

    def settings(self) -> Settings:
        """Return the part that says how."""
        return Settings.model_construct(**{name: getattr(self, name) for name in Settings.model_fields})
