"""What ``ups.status`` and the result of the last self-test say (NUT's developer guide, "Status data"). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agent.layout import Sample
from agent.neutral import (
    UPS_BATTERY_LOW,
    UPS_BATTERY_REPLACE,
    UPS_BYPASS,
    UPS_ON_BATTERY,
    UPS_SELF_TEST_PASSED,
    UPS_SELF_TEST_RUNNING,
)
from collectors.nut.reader import Reader

STATUS = "ups.status"
RESULT = "ups.test.result"
ALARM = "ups.alarm"
FED_BY_MAINS = frozenset({"OL", "BYPASS", "TRIM", "BOOST", "OFF"})
"""That the battery does not feed the load; of a UPS that is off nothing does."""
TESTED = frozenset({"CAL", "TEST"})
KNOWN = FED_BY_MAINS | TESTED | {"OB", "LB", "HB", "RB", "CHRG", "DISCHRG", "OVER", "FSD", "ALARM", "ECO"}
LOW = frozenset({"LB", "FSD"})
"""That the load loses its power soon: the battery is low, or the server has ordered the shutdown."""
TOLD: Mapping[str, str] = {"OFF": "the output is off", "OVER": "overloaded"}
"""Flags that no series tells of, for people."""
_BATTERY_GONE = re.compile(r"no battery|batter[^!\]]*replac|replac[^!\]]*batter", re.IGNORECASE)
RUNNING = frozenset({"in progress", "test in progress", "testinprogress", "ip"})
RESULTS: Mapping[str, float | None] = {
    **dict.fromkeys(("done and passed", "passed", "test passed", "pass", "ok"), 1.0),
    **dict.fromkeys(("done and warning", "done and error", "done and failed", "failed", "test failed"), 0.0),
    **dict.fromkeys(("ng", "bt"), 0.0),  # APC: overload, capacity of the battery
    **dict.fromkeys(("aborted", "test aborted", "no test initiated", "no test performed", "no"), None),
    **dict.fromkeys(("scheduled", "test scheduled", "inhibited", "not supported", "invalidtest"), None),
    **dict.fromkeys(RUNNING, None),
}
"""What drivers say of the last self-test, in small letters: passed, failed, or neither."""


def is_waiting(status: str) -> bool:
    """Whether the server only waits for the first words of a driver (``WAIT``): there is nothing to read yet."""
    return status.split() == ["WAIT"]


def status_samples(reader: Reader) -> Iterator[Sample]:
    """Yield what the flags say; a status without a flag that is known says nothing, least of all that all is well."""
    flags = flags_of(reader)
    if not flags:
        reader.doubt(STATUS, "says nothing that is known")
    elif "OB" in flags or flags & FED_BY_MAINS:
        yield Sample(UPS_ON_BATTERY, (), float("OB" in flags))
    else:
        reader.doubt(STATUS, "does not say what feeds the load")
    if flags:
        running = bool(flags & TESTED) or _result(reader) in RUNNING
        yield Sample(UPS_SELF_TEST_RUNNING, (), float(running))
        yield Sample(UPS_BATTERY_LOW, (), float(bool(flags & LOW)))
        yield Sample(UPS_BATTERY_REPLACE, (), float("RB" in flags or bool(_BATTERY_GONE.search(reader.text(ALARM)))))
        yield Sample(UPS_BYPASS, (), float("BYPASS" in flags))


def flags_of(reader: Reader) -> frozenset[str]:
    """Return the flags of the status that are known."""
    return KNOWN.intersection(reader.text(STATUS).upper().split())


def alarms(reader: Reader) -> str:
    """Return, for people and clean, what the UPS raises the alarm for; "" where it does not."""
    flags = flags_of(reader)
    said = reader.text(ALARM) or ("one without a name" if "ALARM" in flags else "")
    return "; ".join(filter(None, (*(text for flag, text in TOLD.items() if flag in flags), said)))


def result_samples(reader: Reader) -> Iterator[Sample]:
    """Yield whether the last self-test passed; one that runs, was aborted or never was says neither."""
    result = _result(reader)
    if result and result not in RESULTS:
        reader.refuse(RESULT, "is no result that is known")
    passed = RESULTS.get(result)
    if passed is not None:
        yield Sample(UPS_SELF_TEST_PASSED, (), passed)


def _result(reader: Reader) -> str:
    return " ".join(reader.text(RESULT).lower().split())
