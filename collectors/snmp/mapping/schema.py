"""The section ``profile`` of a vendor's file: how to recognise a device, what to read, what its objects mean.

All of it is checked when it is read; what only several sections together can show is in ``checks``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from collectors.snmp.mapping.entry import Neutral, Sources
from collectors.snmp.modules.checked import Oid, Regex, Strict, listed, oid_of

Kind = Literal[
    "radio",
    "power",
    "climate",
    "ring",
    "firewall",
    "network",
    "wlan",
    "server",
    "storage",
    "printer",
    "optical",
    "mobile",
]
KINDS: tuple[str, ...] = get_args(Kind)


def _fact(text: str) -> str:
    return text if text.startswith("=") else oid_of(text)


def _subtrees(raw: object) -> object:
    return tuple({"oid": one} if isinstance(one, (str, int, float)) else one for one in listed(raw))


Fact = Annotated[str, AfterValidator(_fact)]
Facts = Annotated[tuple[Fact, ...], BeforeValidator(listed)]


class Match(Strict):
    """How a device is recognised: by sysObjectID, else by sysDescr; and by an object that it answers.

    ``probe`` is an instance, a column or a table: the profile applies besides any other to each device that has it.
    """

    sys_object_id: tuple[Oid, ...] = ()
    sys_descr: Regex = ""
    probe: Oid | None = None


class Quirks(Strict):
    """What a device cannot do: GETBULK, keep its rows in order, answer many rows at once."""

    bulk: bool = True
    unordered: bool = False
    max_repetitions: int | None = Field(default=None, ge=1)
    no_bulk: tuple[Oid, ...] = ()
    """Subtrees of which a GETBULK brings other values than a GETNEXT (failures F04)."""


class Subtree(Strict):
    """A subtree to walk; in YAML its OID, or a mapping with ``every`` for what changes slowly.

    ``every`` is in seconds: the subtree is walked in the first poll of each such period of the daemon's clock, later
    than the settling time of 15-minute registers, and its rows serve until the next. Without it, each poll walks it.
    """

    oid: Oid
    every: int | None = Field(default=None, ge=1)


class Profile(Strict):
    """A vendor's section of its file; ``title`` and ``kind`` are what the table of devices shows.

    Each of the ``facts`` has one source or several, of which the first with a text counts.
    """

    title: str = ""
    kind: Kind | None = None
    tested: tuple[str, ...] = ()
    match: Match = Match()
    instead_of: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    walk: Annotated[tuple[Subtree, ...], BeforeValidator(_subtrees)] = ()
    get: tuple[Oid, ...] = ()
    facts: dict[str, Facts] = Field(default_factory=dict[str, Facts])
    quirks: Quirks = Quirks()
    labels: dict[str, Sources] = Field(default_factory=dict[str, Sources])
    neutral: tuple[Neutral, ...] = ()

    @cached_property
    def entries(self) -> tuple[Neutral, ...]:
        """Its mapping, each entry with all of its label sources."""
        return tuple(entry.named_by(self.labels) for entry in self.neutral)
