"""What objects of Microsoft Graph v1.0 mean: serviceHealth, serviceHealthIssue and subscribedSku. Pure.

Only the fields named here are read; texts are cleaned and bounded. What is not as documented is counted by the name of
its field and never quoted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from agent.estate import CloudIssue
from agent.layout import clean_text

MAX_NAME_BYTES = 100
MAX_TITLE_BYTES = 160
MAX_IMPACT_BYTES = 400
MAX_SERVICES = 200
MAX_SKUS = 1000
MAX_ISSUES = 1000
MOST_SEATS = 10**9
MAX_CHARACTERS = 500
UNITS = ("enabled", "warning", "suspended", "lockedOut")

UNKNOWN = "unknown"
OPERATIONAL = "operational"
STATES = (OPERATIONAL, UNKNOWN, "investigating", "recovering", "degraded", "interrupted")  # the gravest last
CLASSIFICATIONS = ("incident", "advisory")

# serviceHealthStatus (Graph v1.0, resource serviceHealth), in words that hold for any cloud service.
_STATES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("serviceOperational", "falsePositive", "serviceRestored", "resolved"), OPERATIONAL),
        **dict.fromkeys(("postIncidentReviewPublished", "resolvedExternal"), OPERATIONAL),
        **dict.fromkeys(("mitigated", "mitigatedExternal"), OPERATIONAL),
        **dict.fromkeys(("investigating", "investigationSuspended", "reported"), "investigating"),
        **dict.fromkeys(("serviceDegradation", "confirmed"), "degraded"),
        "serviceInterruption": "interrupted",
        **dict.fromkeys(("restoringService", "verifyingService", "extendedRecovery"), "recovering"),
    }
)
_BY_FOLDED: Mapping[str, str] = MappingProxyType({name.casefold(): state for name, state in _STATES.items()})


class Seats(NamedTuple):
    """Seats of one product: those that can be used, assigned ones, those in grace, those that are suspended."""

    held: int
    used: int
    in_grace: int
    suspended: int


@dataclass(slots=True)
class Oddities:
    """What was not as documented, by the name of its field.

    ``beyond``: how many entries were too many. ``empty``: nothing came of a collection that cannot be empty.
    """

    collection: str
    fields: Counter[str] = field(default_factory=Counter[str])
    beyond: int = 0
    empty: bool = False

    def remarks(self) -> Iterator[str]:
        """Yield a line for each field."""
        for name in sorted(self.fields):
            yield f"{self.collection}: {name} is missing or cannot be understood ({self.fields[name]} times)"
        if self.beyond:
            yield f"{self.collection}: {self.beyond} entries are too many and left out"
        if self.empty:
            yield f"{self.collection}: names nothing"


def slim(one: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return an object with nothing but these keys, and of them texts, cut short, and numbers.

    Issues carry all that was ever said of them. Of what holds further fields (``prepaidUnits``) only numbers of seats
    are kept; any other type is dropped.
    """
    kept = {key: _slim(one[key]) for key in keys if key in one}
    return {key: value for key, value in kept.items() if value is not None}


def _slim(value: object) -> object:
    if isinstance(value, str):
        return value[:MAX_CHARACTERS]
    if isinstance(value, dict):
        units = cast("Mapping[str, object]", value)
        return {key: units[key] for key in UNITS if _is_number(units.get(key))}
    return value if _is_number(value) else None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -MOST_SEATS <= value <= MOST_SEATS


def health(objects: Iterable[Mapping[str, Any]], odd: Oddities) -> dict[str, str]:
    """Return the state of each service by its name; ``unknown`` where the cloud uses a word of its own."""
    found: dict[str, str] = {}
    for one in objects:
        name = _text(one, "service", MAX_NAME_BYTES, odd) or _name(one.get("id"))
        if not name:
            continue
        given = one.get("status")
        state = _BY_FOLDED.get(given.casefold(), UNKNOWN) if isinstance(given, str) else UNKNOWN
        if state == UNKNOWN:
            odd.fields["status"] += 1
        if len(found) < MAX_SERVICES or name in found:
            found[name] = max(found.get(name, state), state, key=STATES.index)
        else:
            odd.beyond += 1
    if not found:
        odd.empty = True
    return found


def issues(objects: Iterable[Mapping[str, Any]], now: float, odd: Oddities) -> tuple[CloudIssue, ...]:
    """Return the issues, incidents first, then the newest first. ``now``: seconds since the epoch."""
    found = [_issue(one, now, odd) for one in objects]
    kept = [one for one in found if one is not None]
    odd.beyond += len(kept[MAX_ISSUES:])
    del kept[MAX_ISSUES:]
    return tuple(sorted(kept, key=lambda one: (CLASSIFICATIONS.index(one.classification), -(one.began_at or 0.0))))


def _issue(one: Mapping[str, Any], now: float, odd: Oddities) -> CloudIssue | None:
    service = _text(one, "service", MAX_NAME_BYTES, odd)
    if not service:
        return None
    given = one.get("classification")
    classification = given.casefold() if isinstance(given, str) else ""
    if classification not in CLASSIFICATIONS:
        odd.fields["classification"] += 1
        classification = CLASSIFICATIONS[0]  # rather told too loud than passed over
    title = _text(one, "title", MAX_TITLE_BYTES, odd)
    impact = _name(one.get("impactDescription"), MAX_IMPACT_BYTES)
    return CloudIssue(service, classification, title, impact, _moment(one.get("startDateTime"), now, odd))


def seats(objects: Iterable[Mapping[str, Any]], odd: Oddities) -> dict[str, Seats]:
    """Return the seats by ``skuPartNumber``; what cannot be counted is left out."""
    found: dict[str, Seats] = {}
    for one in objects:
        name = _text(one, "skuPartNumber", MAX_NAME_BYTES, odd)
        units: object = one.get("prepaidUnits")
        units = cast("Mapping[str, Any]", units) if isinstance(units, dict) else {}
        enabled, used = _count(units, "enabled", odd), _count(one, "consumedUnits", odd)
        if not name or enabled is None or used is None:
            continue
        grace, suspended = (_count(units, key, odd) or 0 for key in ("warning", "suspended"))
        suspended += (_count(units, "lockedOut", odd) or 0) if "lockedOut" in units else 0  # a newer field
        before = found.get(name, Seats(0, 0, 0, 0))
        counted = Seats(enabled + grace, used, grace, suspended)
        if len(found) < MAX_SKUS or name in found:
            found[name] = Seats(*(sum(pair) for pair in zip(before, counted, strict=True)))
        else:
            odd.beyond += 1
    return found


def _text(one: Mapping[str, Any], key: str, limit: int, odd: Oddities) -> str:
    text = _name(one.get(key), limit)
    if not text:
        odd.fields[key] += 1
    return text


def _name(value: object, limit: int = MAX_NAME_BYTES) -> str:
    return clean_text(value, limit).strip() if isinstance(value, str) else ""


def _count(one: Mapping[str, Any], key: str, odd: Oddities) -> int | None:
    value = one.get(key)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_SEATS:
        return value
    odd.fields[key] += 1
    return None


def _moment(value: object, now: float, odd: Oddities) -> float | None:
    """Return when it began; now, where a clock says that it is yet to come. An issue need not have a beginning."""
    if value is None:
        return None
    try:
        began = datetime.fromisoformat(value) if isinstance(value, str) else None
        at = None if began is None else (began if began.tzinfo else began.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        at = None
    if at is None:
        odd.fields["startDateTime"] += 1
        return None
    return min(max(at, 0.0), now)
