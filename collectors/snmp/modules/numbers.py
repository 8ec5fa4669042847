"""From values to numbers, as snmp_exporter reads them; but what is no number is no sample, never a 0. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite

from collectors.snmp.modules.dates import date_and_time, ntp_timestamp, parsed_time
from collectors.snmp.modules.module import Metric, RegexExtract
from collectors.snmp.modules.patterns import expand, go_float
from collectors.snmp.oid import Value

Convert = Callable[[Value], float | None]
MANTISSA = 1 << 53
"""Counters wrap here: beyond it a float, which is what Prometheus keeps, would lose the last bits."""


def number(value: Value) -> float | None:
    """Return a finite number, or None: a text, a NULL or a NaN is no sample."""
    if isinstance(value, int):
        return value if value < MANTISSA else value % MANTISSA
    if isinstance(value, float):
        return value if isfinite(value) else None
    return opaque(value) if isinstance(value, bytes) else None


def opaque(value: bytes) -> float | None:
    """Return the float or double in an Opaque (net-snmp's encoding); None where it is none, or not finite."""
    if value[:3] == b"\x9f\x78\x04" and len(value) == 7:
        found = struct.unpack(">f", value[3:])[0]
    elif value[:3] == b"\x9f\x79\x08" and len(value) == 11:
        found = struct.unpack(">d", value[3:])[0]
    else:
        return None
    return found if isfinite(found) else None


def real(value: Value) -> float | None:
    """Return a number from Opaque float or double, or from a decimal text; else None (F21)."""
    found = number(value)
    if found is not None or not isinstance(value, bytes):
        return found
    try:
        found = float(value.decode("ascii").replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None


def extract(patterns: Sequence[RegexExtract], text: str) -> float | None:
    """Return the number that the first expression finds that matches the whole text, or None."""
    for one in patterns:
        found = one.pattern.search(text)
        value = None if found is None else go_float(expand(one.value, found))
        if value is not None:
            return value
    return None


def converter(metric: Metric) -> Convert:
    """Return how a metric's values become numbers."""
    kinds: dict[str, Convert] = {
        "Float": real,
        "Double": real,
        "DateAndTime": date_and_time,
        "NTPTimeStamp": ntp_timestamp,
        "ParseDateAndTime": partial(_parsed, metric.datetime_pattern),
    }
    convert = kinds.get(metric.type, number)
    if (metric.scale or 1.0) == 1.0 and metric.offset == 0.0:
        return convert
    return partial(_scaled, convert, metric)


def scaled(metric: Metric, value: float) -> float:
    """Return a value with the metric's scale and offset."""
    return value * (metric.scale or 1.0) + metric.offset


def _scaled(convert: Convert, metric: Metric, value: Value) -> float | None:
    raw = convert(value)
    return None if raw is None else scaled(metric, raw)


def _parsed(pattern: str, value: Value) -> float | None:
    return parsed_time(value.decode("utf-8", "replace"), pattern) if isinstance(value, bytes) else None
