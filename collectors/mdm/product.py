"""What the clients of all products have in common: how they are asked, page by page, and how a device is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from yarl import URL

from agent.estate import Managed
from collectors.mdm.survey import Record

MAX_PAGES = 2000
MAX_DEVICES = 100_000
MAX_PAGE_BYTES = 16 * 2**20
MAX_LIST_BYTES = 256 * 2**20
"""Of a product that gives all devices in one answer; only one device of it is held at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request: ``payload`` is sent as JSON."""

    url: URL
    method: Literal["GET", "POST"] = "GET"
    payload: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


class PageEnd(NamedTuple):
    """What a whole page told: how many devices it held, how many all pages up to it, and what stood beside them.

    ``listed``: whether it held a list at all; where it did not, it told of no devices, not of none.
    """

    devices: int
    total: int
    beside: Mapping[str, object]
    listed: bool = True


def count_of(value: object) -> int | None:
    """Return a number of devices, which some products write as a text; None where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


LeftOut = Literal["in_trash", "private"]


class Product(Protocol):
    """How one product is asked. Pure but for what ``after`` remembers of one poll, which ``first`` forgets."""

    array: str
    """The name of the array of devices in an answer."""

    beside: frozenset[str]
    """What else is read of an answer."""

    page_bytes: int
    """How large an answer may be."""

    always: frozenset[str]
    """Fields that every device has: one that lacks them is worth a remark."""

    usual: frozenset[str]
    """Fields that a few devices lack: only where none has them is it worth a remark."""

    def first(self) -> Question:
        """Return the first request of a poll."""
        ...

    def after(self, asked: Question, page: PageEnd) -> Question | None:
        """Return the next request, None at the end. Raises BadReply where the product names no usable one."""
        ...

    def awaited(self, page: PageEnd) -> int | None:
        """Return how many devices the product says it has, None where it does not say; of the last page."""
        ...

    def read(self, record: Record) -> Device | LeftOut:
        """Return what is known of a device, or why it is none of ours."""
        ...


class Device(NamedTuple):
    """One device, and where the product says it is: the number or name of a location, "" where it says none.

    ``charge``: of its battery in a scale that only all devices together tell; None where nothing is left to be told.
    """

    managed: Managed
    location: str = ""
    charge: float | None = None
