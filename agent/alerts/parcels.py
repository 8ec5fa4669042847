"""Which of what waits for one way of a receiver leaves next, and together with what. Pure.

A parcel is one message, made up once for all ways of its receiver. What was tried once keeps its parcel, so that
whoever got it twice sees the same key.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, cast

from agent.alerts.handling import Handling
from agent.alerts.pace import token_in, tokens_left
from agent.contract import Finding, Notification, Parcel, Sent
from agent.state.handed import Handed

# Due for longer than this, since the receiver could not be reached or may get no more: merged into one, and says so.
LATE_SECONDS = 60.0
# A parcel that failed so often may be one that the receiver chokes on: then what waits behind it is tried as well.
PATIENCE = 3
PATIENCE_GROWS = 3.0

_ROUNDING = 1e-6

ParcelKind = Literal["alerts", "digest", "summary"]


@dataclass(frozen=True, slots=True)
class Try:
    """What a way knows of a parcel that it did not take: how often, and when it is tried again (monotonic clock).

    ``refused``: it was refused last. ``overtaken``: the way has taken something else since, so the fault may be the
    parcel's and says nothing about the way.
    """

    failures: int
    due: float
    refused: bool = False
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What a way has not taken, by parcel; ``failing``: it takes nothing at present. ``at``: now, monotonic clock."""

    tries: Mapping[str, Try] = field(default_factory=lambda: MappingProxyType({}))
    failing: bool = False
    at: float = 0.0


FRESH = Past()


@dataclass(frozen=True, slots=True)
class Choice:
    """What to try now, with the entries that it is made of; or None, and the seconds until there may be something.

    ``is_new``: it was just made up, and is to be written down first.
    """

    parcel: Parcel | None
    entries: tuple[Sent, ...] = ()
    wait: float = float("inf")
    is_new: bool = False


@dataclass(slots=True)
class _Bunch:
    """What goes together; ``threads`` are what it is about."""

    kind: ParcelKind
    entries: list[Sent] = field(default_factory=list[Sent])
    threads: set[str] = field(default_factory=set[str])


def choose(
    waiting: Sequence[Sent], handed: Sequence[Handed], handling: Handling, now: float, past: Past = FRESH
) -> Choice:
    """Return what goes next over one way of a receiver, of what waits for that way in the order it was decided in.

    ``handed``: what the receiver took lately, over whichever way.
    """
    tries = past.tries
    parcels = _unblocked(waiting)
    due = sorted((tries[key].failures, tries[key].due, key) for key in parcels if _has_come(key, past))
    if due and due[0][0] < PATIENCE:
        return _again(parcels[due[0][2]])
    wait = min((tries[key].due - past.at for key in parcels if key in tries), default=float("inf"))
    if not past.failing or _may_try_others(tries[key] for key in parcels if key in tries):
        choice = _untried(parcels, past, now) or _fresh_choice(waiting, handed, handling, now)
        if choice.parcel is not None:
            return choice
        wait = min(wait, choice.wait)
    return _again(parcels[due[0][2]]) if due else Choice(None, wait=wait)


def is_due(entry: Sent, now: float) -> bool:
    """Whether it may go. What was never meant to wait is due whatever the clock says, which may have stepped."""
    notification = entry.notification
    return notification.not_before <= max(now, notification.created_at)


def threads_of(finding: Finding) -> set[str]:
    """Return what a finding has in common with others that belong to it: site, subject, cause."""
    subject, site = finding.subject, finding.site
    found = {str(subject)}
    if finding.cause is not None:
        found.add(str(finding.cause))
    if site is not None:
        found.add(f"site:{site}")
    return found


def _has_come(parcel: str, past: Past) -> bool:
    """Whether a parcel that the way did not take may be tried again."""
    return parcel in past.tries and past.tries[parcel].due <= past.at


def _again(entries: Sequence[Sent]) -> Choice:
    key = entries[0].parcel or ""
    kind = cast("ParcelKind", key.partition("-")[0])
    return Choice(Parcel(key, entries[0].notification.receiver, _told(entries), kind), tuple(entries))


def _told(entries: Iterable[Sent]) -> tuple[Notification, ...]:
    return tuple(one.notification for one in entries)


def _may_try_others(tried: Iterable[Try]) -> bool:
    """Whether the way has failed so often with what it was given that it may choke on just that."""
    failures = [one.failures for one in tried if not one.overtaken]
    return min(failures, default=PATIENCE) >= PATIENCE * PATIENCE_GROWS ** (len(failures) - 1)


def _unblocked(waiting: Iterable[Sent]) -> dict[str, list[Sent]]:
    """Return the parcels that wait, by key, but for what follows something else of the same alert that waits."""
    first: dict[str, str | None] = {}
    found: dict[str, list[Sent]] = {}
    blocked: set[str] = set()
    for one in waiting:
        leads = first.setdefault(one.notification.alert.id, one.parcel)
        if one.parcel is not None:
            found.setdefault(one.parcel, []).append(one)
            if leads != one.parcel:
                blocked.add(one.parcel)
    return {key: entries for key, entries in found.items() if key not in blocked}


def _untried(parcels: Mapping[str, list[Sent]], past: Past, now: float) -> Choice | None:
    """Return what was made up for another way of the receiver, or before a crash; what this way missed, as one."""
    untried = [entries for key, entries in parcels.items() if key not in past.tries]
    missed = [entries for entries in untried if all(_is_late(one, now) for one in entries)]
    if past.failing or len(missed) <= 1:
        return _again(untried[0]) if untried else None
    entries = [one for parcel in missed for one in parcel]
    key = f"summary-{_digest(entries)}"
    return Choice(Parcel(key, entries[0].notification.receiver, _told(entries), "summary"), tuple(entries))


def _fresh_choice(waiting: Sequence[Sent], handed: Sequence[Handed], handling: Handling, now: float) -> Choice:
    later = (one.notification.not_before - now for one in waiting if one.parcel is None and not is_due(one, now))
    return _next(_fresh(waiting, now), handed, handling, now, min(later, default=float("inf")))


def _fresh(waiting: Sequence[Sent], now: float) -> list[Sent]:
    """What is due and was never tried; of an alert nothing before what was decided earlier.

    What still waits for its hour goes together with what was decided later and is due.
    """
    untried: defaultdict[str, list[Sent]] = defaultdict(list)
    held_up: set[str] = set()
    for one in waiting:
        alert = one.notification.alert.id
        if one.parcel is not None:
            held_up.add(alert)
        elif alert not in held_up:
            untried[alert].append(one)
    keys = {one.notification.key for entries in untried.values() for one in _up_to_due(entries, now)}
    return [one for one in waiting if one.notification.key in keys]


def _up_to_due(entries: Sequence[Sent], now: float) -> Sequence[Sent]:
    """Return what was decided up to the last one that is due."""
    last = max((number for number, one in enumerate(entries) if is_due(one, now)), default=-1)
    return entries[: last + 1]


def _next(fresh: Sequence[Sent], handed: Sequence[Handed], handling: Handling, now: float, wait: float) -> Choice:
    collecting = _collecting(handed, handling.group_wait, now)
    waits = [
        (max((collecting.get(name, 0.0) for name in one.threads), default=0.0), one) for one in _bunches(fresh, now)
    ]
    ready = [one for seconds, one in waits if seconds <= 0.0]
    if not ready:
        return Choice(None, wait=min((wait, *(seconds for seconds, _ in waits))))
    left = tokens_left((one.at for one in handed), handling.messages, handling.per, now)
    if left < 1.0 - _ROUNDING:
        return Choice(None, wait=min(wait, token_in(left, handling.messages, handling.per)))
    if len(ready) <= left + _ROUNDING:
        return _packed(ready[0])
    return _packed(_Bunch("summary", list(fresh)))


def _packed(bunch: _Bunch) -> Choice:
    name = f"{bunch.kind}-{_digest(bunch.entries)}"
    return replace(_again([replace(one, parcel=name) for one in bunch.entries]), is_new=True)


def _digest(entries: Iterable[Sent]) -> str:
    keys = "\n".join(one.notification.key for one in entries)
    return hashlib.blake2b(keys.encode(), digest_size=12).hexdigest()


def _collecting(handed: Sequence[Handed], group_wait: float, now: float) -> Mapping[str, float]:
    """Return for how many seconds more is waited for about what the receiver has just heard of, by thread."""
    lately = (one for one in handed if 0.0 <= now - one.at < group_wait)  # the last counts
    return {name: one.at + group_wait - now for one in lately for found in one.findings for name in threads_of(found)}


def _bunches(fresh: Iterable[Sent], now: float) -> list[_Bunch]:
    """Put together what is about one site or cause; what waited for its hour, and what is late, each as a whole."""
    digest, opened, late = _Bunch("digest"), _Bunch("alerts"), _Bunch("summary")
    alone: list[Sent] = []
    of_alert: dict[str, _Bunch | None] = {}
    for one in fresh:
        # an alert's later message never overtakes an earlier one
        whole = of_alert.setdefault(one.notification.alert.id, _whole(one, now, digest, opened, late))
        (alone if whole is None else whole.entries).append(one)
    if len({frozenset(threads_of(one.notification.alert.finding)) for one in late.entries}) == 1:
        late.kind = "alerts"
    return [one for one in (*_groups(alone), late, opened, digest) if one.entries]


def _whole(entry: Sent, now: float, digest: _Bunch, opened: _Bunch, late: _Bunch) -> _Bunch | None:
    notification = entry.notification
    if notification.digest:
        return digest
    if notification.not_before > notification.created_at:
        return opened
    return late if _is_late(entry, now) else None


def _is_late(entry: Sent, now: float) -> bool:
    return now - entry.notification.due_at > LATE_SECONDS


def _groups(entries: Sequence[Sent]) -> list[_Bunch]:
    """Return what has something in common, if only by way of others, together; all in the order of ``entries``."""
    of_thread: dict[str, _Bunch] = {}
    for one in entries:
        threads = threads_of(one.notification.alert.finding)
        found = {id(of_thread[name]): of_thread[name] for name in threads if name in of_thread}
        group, *others = sorted(found.values(), key=lambda bunch: -len(bunch.threads)) or [_Bunch("alerts")]
        group.threads.update(threads, *(other.threads for other in others))
        for name in threads.union(*(other.threads for other in others)):  # the smaller ones: each moves seldom
            of_thread[name] = group
    groups: dict[int, _Bunch] = {}
    for one in entries:
        group = of_thread[str(one.notification.alert.finding.subject)]
        groups.setdefault(id(group), group).entries.append(one)
    return list(groups.values())
