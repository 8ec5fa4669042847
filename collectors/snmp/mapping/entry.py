"""The entries of a profile: which object fills which neutral family, for which rows, under which labels, and how."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.contract import MetricFamily
from agent.neutral import NEUTRAL
from collectors.snmp.modules.checked import Oid, Regex, Strict, listed
from collectors.snmp.modules.dates import check_pattern
from config.errors import did_you_mean

STATE = "state"
"""The last label of a family that is a state set."""
_FAMILIES: Mapping[str, MetricFamily] = {family.name: family for family in NEUTRAL}


def _family(name: str) -> str:
    if name not in _FAMILIES:
        hint = did_you_mean(name, set(_FAMILIES))
        raise ValueError(f"{name} is no neutral family{f'; {hint}' if hint else ''}")
    return name


def _pattern(text: str) -> str:
    check_pattern(text)
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


def _sources(raw: object) -> object:
    return tuple({"const": one} if isinstance(one, str) else one for one in listed(raw))


class Way(Strict):
    """A column and the row of it that belongs to a row of the entry's table; by itself the one of the same index.

    ``first``: the row whose index is so many first parts of the entry's (0: a scalar). ``parts``: those parts of it,
    from 0. ``via``: the row whose index that column holds, found by the same index, ``first`` or ``parts``.
    """

    column: Oid | None = None
    first: int | None = Field(default=None, ge=0)
    parts: tuple[int, ...] | None = None
    via: Oid | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        return tuple(oid for oid in (self.column, self.via) if oid)


class Where(Way):
    """A row counts only if a column's text, or the row's ``index`` itself, matches; ``not`` turns that round.

    A row without a value in that column does not count, unless ``missing``. ``empty`` instead of a match: rows
    count only where that column has no row at all, because the device does not have the table.
    """

    match: Regex = ""
    index: Regex | None = None
    negate: bool = Field(default=False, alias="not")
    missing: bool = False
    empty: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.column is None) == (self.index is None):
            raise ValueError("a condition needs a column and match, or an index, not both")
        if self.empty and (self.column is None or self.match):
            raise ValueError("empty goes with a column alone")
        return self


class Source(Way):
    """Where a label's text comes from; exactly one way.

    ``column``: a text of the device. ``ordinal``: 1, 2, … by ascending index of the rows of that column whose text
    matches ``match``; a row without a place there is dropped (if no row matches, all rows of ``fallback`` count).
    ``part``: that part of the row's index. ``index``: the index as text, MAC address, IPv4 address or as it stands.
    ``group``: a group of the first ``where.match``. ``const``: the text itself. ``map`` replaces what was found;
    ``else`` is taken where nothing was. ``first``, ``parts`` and ``via`` say of which row or index.
    """

    ordinal: Oid | None = None
    match: Regex = ""
    fallback: Oid | None = None
    part: int | None = None
    index: Literal["text", "mac", "ipv4", "dotted"] | None = None
    group: int | None = None
    const: str | None = None
    map: dict[str, str] | None = None
    otherwise: Annotated[tuple[Source, ...], BeforeValidator(_sources)] = Field(default=(), alias="else")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.column, self.ordinal, self.part, self.index, self.group, self.const)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a label needs exactly one of column, ordinal, part, index, group, or a text")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        own = [oid for oid in (self.column, self.via, self.ordinal, self.fallback) if oid]
        return (*own, *(oid for source in self.otherwise for oid in source.columns))


Sources = Annotated[tuple[Source, ...], BeforeValidator(_sources)]


class Power(Way):
    """Multiplies a row by ``base`` to the power of a column's value plus ``offset``, as ENTITY-SENSOR-MIB scales."""

    base: float = 10.0
    offset: float = 0.0


class Term(Way):
    """A column that is added to an object, ``scale`` times: -1 takes it away."""

    scale: float = 1.0


class Neutral(Strict):
    """How one object becomes a neutral family: ``raw * scale + offset``, with the sentinels in ``absent`` dropped.

    A text counts as the number that it begins with. ``map`` replaces raw values first (what it does not name is
    absent); ``above`` gives 1 for larger ones, else 0. ``states`` and ``bits`` give a series for each state that they
    name. ``scale_column`` names a column with a divisor (negative) or factor (positive) for each row, ``powers``
    columns with exponents. ``log`` turns milliwatts into dBm. Results outside ``between`` are absent. With ``reduce``
    rows of equal labels become one. ``register`` makes a counter of a 15-minute register. Of two entries that give the
    same series the first with a value counts; rows of one table that have equal labels get their index (see ``twins``).

    An entry with ``empty`` gives that value, once, where its column was read and has no row, and nothing otherwise: a
    table of far ends without a row is a hop that is down.

    ``plus`` adds other columns and ``per`` divides by one, before the scale; a row that lacks one of them is absent.
    ``unsigned`` takes a number below zero for one that an agent wrapped at 32 bits, in these columns too.

    ``dates`` are patterns of strptime(3): a text is the date, in UTC, of the first that it fits; more than a day ahead
    of the poll it is absent. ``ago``: the result, zero or below, is so many seconds back from the poll and becomes that
    moment: a TimeStamp (RFC 2579) less sysUpTime.
    """

    family: Annotated[str, AfterValidator(_family)]
    oid: Oid
    object: str = ""
    scale: float = 1.0
    offset: float = 0.0
    scale_column: Oid | None = None
    powers: tuple[Power, ...] = ()
    plus: tuple[Term, ...] = ()
    per: Way | None = None
    unsigned: bool = False
    log: bool = False
    absent: tuple[str, ...] = ()
    between: tuple[float, float] | None = None
    above: float | None = None
    map: dict[str, float] | None = None
    dates: Annotated[tuple[Pattern, ...], BeforeValidator(listed)] = ()
    ago: bool = False
    states: dict[str, str] | None = None
    bits: dict[int, str] | None = None
    where: Annotated[tuple[Where, ...], BeforeValidator(listed)] = ()
    reduce: Literal["max", "min", "mean", "sum", "count"] | None = None
    empty: float | None = None
    interval: Literal["finished", "current"] | None = Field(default=None, alias="register")
    labels: dict[str, Sources] = Field(default_factory=dict[str, Sources])

    @model_validator(mode="after")
    def _fits_its_family(self) -> Self:
        labels = self.metric_family.labels
        names_states = self.states is not None or self.bits is not None
        constant = STATE in self.labels
        if labels[-1:] == (STATE,) and not (names_states or constant):
            raise ValueError(f"{self.family} is a state set: it needs states or bits")
        if names_states and labels[-1:] != (STATE,):
            raise ValueError(f"{self.family} has no label state: states and bits do not fit it")
        for name in self.labels:
            if name not in labels:
                raise ValueError(f"{self.family} has no label {name}; it has {', '.join(labels) or 'none'}")
        if any(way.column is None for way in self._beside):
            raise ValueError("plus and per need a column")
        if self.empty is not None and any(one.const is None for many in self.labels.values() for one in many):
            raise ValueError("empty needs labels that are texts: there is no row to take them from")
        if self.interval is not None and self.metric_family.type != "counter":
            raise ValueError(f"{self.family} is no counter: a register does not fit it")
        return self

    @cached_property
    def metric_family(self) -> MetricFamily:
        """The neutral family that it fills."""
        return _FAMILIES[self.family]

    @property
    def _beside(self) -> tuple[Way, ...]:
        return (*self.plus, *((self.per,) if self.per else ()))

    @cached_property
    def choosing(self) -> frozenset[str]:
        """Columns whose values decide which rows there are, their labels and factors: not what the values are."""
        ways: list[Way] = [*self.where, *self.powers, *(one for many in self.labels.values() for one in many)]
        single = (self.scale_column, *(way.via for way in self._beside))
        return frozenset(oid for way in ways for oid in way.columns).union(oid for oid in single if oid)

    @property
    def columns(self) -> frozenset[str]:
        """All columns that it reads."""
        return self.choosing | {self.oid, *(oid for way in self._beside for oid in way.columns)}

    def named_by(self, labels: Mapping[str, tuple[Source, ...]]) -> Neutral:
        """Return it with its profile's label sources where it has none of its own."""
        wanted = {name: labels[name] for name in self.metric_family.labels if name in labels}
        return self.model_copy(update={"labels": {**wanted, **self.labels}}) if wanted else self
