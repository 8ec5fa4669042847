"""What to read and how to name it: the ``snmp.yml`` schema of prometheus/snmp_exporter, 0.19 to 0.31.

Of 0.30 and 0.31 that is ``display_hint`` of metrics and look-ups (#1549), ``enum_values`` of look-ups (#1624), and
several filters of one target (#1625).

Values are shown as it shows them (its documentation, generator/README.md). What says how to log in (``auth``,
``auths``, ``version``) is passed over: credentials belong to the inventory.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from agent.contract import MetricFamily, MetricType
from collectors.snmp.modules.checked import MayBeNothing, Names, Oid, OidOrNone, WholePattern, no_names
from collectors.snmp.modules.dates import check_pattern
from collectors.snmp.modules.filters import Filters
from collectors.snmp.modules.hints import Hint, parse_hint
from collectors.snmp.modules.patterns import Pattern, compile_whole
from collectors.snmp.oid import is_under
from config.errors import did_you_mean

COMBINED = frozenset({"InetAddress", "InetAddressMissingSize", "LldpPortId"})
"""Types that the object before says how to read."""
TEXT_TYPES = COMBINED | {
    "DisplayString",
    "InetAddressIPv4",
    "InetAddressIPv6",
    "IpAddr",  # of files before 0.14
    "OctetString",
    "PhysAddress48",
}
NUMERIC_TYPES = frozenset({"counter", "gauge", "Float", "Double", "DateAndTime", "ParseDateAndTime", "NTPTimeStamp"})
LABELLING = frozenset({"EnumAsInfo", "EnumAsStateSet", "Bits"})
"""Types whose values become labels, besides the text types."""
INDEX_TYPES = TEXT_TYPES | {"Integer", "Integer32", "gauge", "counter", "EnumAsInfo"}
NO_LOGIN = frozenset({"auth", "version"})
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class ModuleError(ValueError):
    """A module file cannot be used; the text says which, where and why."""


class _Node(BaseModel):
    """Frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_of(known: frozenset[str], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
            raise ValueError(f"{name!r} is no type of {what}; {hint}")
        return name

    return AfterValidator(check)


def _name(raw: str) -> str:
    if not re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", raw, re.ASCII):
        raise ValueError(f"{raw!r} is no metric or label name of Prometheus")
    return raw


def _seconds(raw: object) -> object:
    """Read a duration as Go writes it: 5s, 1m30s, 500ms."""
    if not isinstance(raw, str):
        return raw
    pairs = _DURATION.findall(raw)
    if not pairs or "".join(number + unit for number, unit in pairs) != raw:
        raise ValueError(f"{raw!r} is no duration, such as 5s or 500ms")
    return sum(float(number) * _UNITS[unit] for number, unit in pairs)


def _strptime(text: str) -> str:
    if text:
        check_pattern(text)
    return text


Name = Annotated[str, AfterValidator(_name)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]


class _Hinted(_Node):
    """What may have a DISPLAY-HINT; it counts for octets of no other type."""

    display_hint: str = ""

    @property
    def hint(self) -> Hint | None:
        """The hint, taken apart."""
        return parse_hint(self.display_hint) if self.display_hint else None


class Index(_Node):
    """One part of a row's index, and the label that shows it."""

    labelname: Name
    type: Annotated[str, _one_of(INDEX_TYPES, "an index that can be rendered")] = "gauge"
    fixed_size: int = Field(default=0, ge=0)
    implied: bool = False
    enum_values: Names = {}


class Lookup(_Hinted):
    """A label that another column knows at the index that ``labels`` name; without ``labels`` the label is dropped."""

    labelname: Name
    labels: Annotated[tuple[str, ...], MayBeNothing] = ()
    oid: OidOrNone = ""
    type: Annotated[str, _one_of(INDEX_TYPES | NUMERIC_TYPES | LABELLING | {""}, "a lookup")] = ""
    enum_values: Names = {}


class RegexExtract(_Node):
    """A number found in a text: ``value`` is a template over the groups (``$1``) of ``regex``, which must match all."""

    regex: WholePattern
    value: str = "$1"

    @cached_property
    def pattern(self) -> Pattern:
        """The expression, compiled."""
        return compile_whole(self.regex)


class Metric(_Hinted):
    """One object: a column or a scalar."""

    name: Name
    oid: Oid
    type: Annotated[str, _one_of(TEXT_TYPES | NUMERIC_TYPES | LABELLING, "a metric")] = "gauge"
    help: str = ""
    indexes: Annotated[tuple[Index, ...], MayBeNothing] = ()
    lookups: Annotated[tuple[Lookup, ...], MayBeNothing] = ()
    enum_values: Names = {}
    regex_extracts: Annotated[dict[str, tuple[RegexExtract, ...]], BeforeValidator(no_names)] = {}
    datetime_pattern: Annotated[str, AfterValidator(_strptime)] = ""
    scale: float = Field(default=0.0, allow_inf_nan=False)
    offset: float = Field(default=0.0, allow_inf_nan=False)

    @cached_property
    def index_labels(self) -> tuple[str, ...]:
        """Names of the labels that name a row, in order."""
        names = [index.labelname for index in self.indexes]
        for lookup in self.lookups:
            if not lookup.labels:
                names = [name for name in names if name != lookup.labelname]
            elif lookup.labelname not in names:
                names.append(lookup.labelname)
        return tuple(dict.fromkeys(names))

    @cached_property
    def recipe(self) -> str:
        """Identity of how its rows are labelled: columns with one recipe share their rows."""
        return repr((self.indexes, self.lookups))

    @property
    def is_extracted(self) -> bool:
        """Whether numbers are taken out of its texts."""
        return bool(self.regex_extracts) and self.type in TEXT_TYPES

    @property
    def is_text(self) -> bool:
        """Whether its values are shown as a label of a series that is always 1."""
        return self.type in TEXT_TYPES and not self.regex_extracts

    @property
    def is_labelled(self) -> bool:
        """Whether its values become labels: texts, enumerations, bits."""
        return self.is_text or self.type in LABELLING

    @property
    def helpers(self) -> frozenset[str]:
        """Columns that say how its rows are labelled or its values read."""
        found = {lookup.oid for lookup in self.lookups if lookup.labels}
        found |= {before(lookup.oid) for lookup in self.lookups if lookup.labels and lookup.type in COMBINED}
        return frozenset(found | ({before(self.oid)} if self.type in COMBINED else set()))

    @cached_property
    def family(self) -> MetricFamily:
        """The family of its series; for regex_extracts use ``families``."""
        kind: MetricType = "counter" if self.type == "counter" else "gauge"
        name, labels, about = self.name, self.index_labels, self.help
        if self.type in LABELLING:
            about = f"{about} ({self.type})"
        if self.type == "EnumAsInfo":
            name += "_info"
        if self.is_labelled and self.name not in labels:
            labels = (*labels, self.name)
        return MetricFamily(name, kind, about, labels)

    @cached_property
    def extracts(self) -> tuple[tuple[MetricFamily, tuple[RegexExtract, ...]], ...]:
        """The family and the patterns of each suffix of ``regex_extracts``."""
        return tuple(
            (MetricFamily(self.name + suffix, "gauge", f"{self.help} (regex extracted)", self.index_labels), patterns)
            for suffix, patterns in self.regex_extracts.items()
        )

    @property
    def families(self) -> tuple[MetricFamily, ...]:
        """All families that it yields."""
        return tuple(family for family, _ in self.extracts) if self.is_extracted else (self.family,)


class Module(_Node):
    """A named set of objects: subtrees to walk, instances to get, and the metrics in them.

    How to ask is the file's say where it says it (see ``asking``): what it leaves out, device and inventory decide.
    """

    walk: tuple[Oid, ...] = ()
    get: tuple[Oid, ...] = ()
    metrics: tuple[Metric, ...] = ()
    filters: Filters = Filters()
    max_repetitions: int | None = Field(default=None, ge=0)
    retries: int | None = Field(default=None, ge=0)
    timeout: Seconds | None = None
    allow_nonincreasing_oids: bool = False
    use_unconnected_udp_socket: bool = False

    @model_validator(mode="before")
    @classmethod
    def _without_login(cls, raw: Any) -> Any:
        """Leave out who logs in, and keys without a value."""
        if not isinstance(raw, dict):
            return raw
        keys = cast("dict[str, Any]", raw)
        return {key: value for key, value in keys.items() if key not in NO_LOGIN and value is not None and value != ""}

    @cached_property
    def walked(self) -> tuple[str, ...]:
        """Subtrees to walk whole: what a filter restricts is got row by row."""
        return tuple(oid for oid in self.walk if oid not in self.filters.targets)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """All subtrees that are walked, those by which filters choose as well."""
        return (*self.walked, *(one.oid for one in self.filters.dynamic))

    @cached_property
    def got(self) -> tuple[str, ...]:
        """Instances to get in each poll, with those that static filters name."""
        kept = [oid for oid in self.get if not any(is_under(oid, target) for target in self.filters.targets)]
        return tuple(dict.fromkeys([*kept, *self.leaves, *self.filters.instances]))

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Subtrees to walk that may be single instances, which GETNEXT and GETBULK step over."""
        columns = {metric.oid for metric in self.metrics}
        scalars = {metric.oid for metric in self.metrics if not metric.indexes}
        return tuple(oid for oid in self.walked if oid in scalars or _has_ancestor(oid, columns))


def before(oid: str) -> str:
    """Return the object before this one in its table."""
    head, _, last = oid.rpartition(".")
    return f"{head}.{int(last) - 1}"


def _has_ancestor(oid: str, columns: set[str]) -> bool:
    while oid := oid.rpartition(".")[0]:
        if oid in columns:
            return True
    return False
