"""Do devices with two feeds depend on one UPS all the same?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.contract import FindingKey, Severity
from agent.risk.catalogue.power import FEEDS_SHARE_UPS
from agent.risk.reachability import device_state
from agent.risk.sight import Outcome, Sight
from agent.risk.ups.feeding import Feeds
from agent.risk.ups.grid import Grid
from agent.risk.ups.outage import shortened
from agent.risk.ups.readings import Ups
from agent.risk.ups.verdict import found
from config.units import DAY

# A UPS that is exchanged, or whose management card restarts, is back by then.
GONE_SECONDS = DAY

_SHOWN = 3  # devices whose feeds are shown one by one
_ON_A_LINE = 8
_MOST_LINES = 6


def judge_feeds(sight: Sight, grid: Grid) -> Iterator[Outcome | None]:
    """Yield ``feeds_share_ups``: by design, or because the other UPS has been gone for more than a day.

    It follows from the inventory and from who answers; where that is not known, nothing is said to be gone. One for
    each UPS on which such devices depend. Pauses after each.
    """
    feeds, known, names = grid.feeds, grid.standings, tuple(grid.standings)
    if not feeds.twice:
        return
    down = {name: since for name, one in known.items() if (since := _down_since(sight, one.ups)) is not None}
    gone = {name: since for name, since in down.items() if sight.view.now - since > GONE_SECONDS}
    silent = [name for name, one in known.items() if one.ups.at is None or name in down]
    for name in dict.fromkeys(one for quiet in silent for one in feeds.partners(quiet, names)):
        yield FindingKey(FEEDS_SHARE_UPS, known[name].ups.subject)
    shared = feeds.shared(names)
    left = _left_alone(feeds, gone, names)
    for name in dict.fromkeys((*left, *shared)):
        mine, by_design = left.get(name, ()), shared.get(name, ())
        parts = (*_left_text(sight, feeds, mine, gone), *_shared_text(sight, by_design))
        evidence = tuple(_evidence(sight, feeds, (*mine, *by_design), name))
        yield found(known[name], FEEDS_SHARE_UPS, Severity.INFO, f"{name}: {'; '.join(parts)}", evidence)
        yield None


def _left_alone(feeds: Feeds, gone: Mapping[str, float], names: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return by UPS what it alone still feeds; what loses all its feeds with those that are gone is dark, not left."""
    if not gone:
        return {}
    without, shared = feeds.lost(gone), {one for devices in feeds.shared(names).values() for one in devices}
    twice = set(feeds.twice) - without - shared
    near = dict.fromkeys(one for missing in gone for one in feeds.partners(missing, names) if one not in gone)
    lone: dict[str, Sequence[str]] = {}
    for name in near:
        hanging = twice & feeds.lost((*gone, name)) & feeds.beyond(name)
        touched = sorted(one for one in hanging if any(one in feeds.beyond(missing) for missing in gone))
        if touched:
            lone[name] = touched
        twice.difference_update(touched)
    return lone


def _left_text(sight: Sight, feeds: Feeds, devices: Sequence[str], gone: Mapping[str, float]) -> Iterator[str]:
    if devices:
        missing = next(one for one in gone if any(device in feeds.beyond(one) for device in devices))
        since = sight.words.duration(sight.view.now - gone[missing])
        names = shortened(sight.words, list(devices))
        yield sight.words.say("ups_feeds_left", names=names, gone=missing, value=since)


def _shared_text(sight: Sight, devices: Sequence[str]) -> Iterator[str]:
    if devices:
        yield sight.words.say("ups_feeds_shared", names=shortened(sight.words, list(devices)))


def _evidence(sight: Sight, feeds: Feeds, devices: Sequence[str], ups: str) -> Iterator[str]:
    """Show the feeds of the first few, and name the others."""
    for device in devices[:_SHOWN]:
        yield from feeds.chains(device, ups)
    others = devices[_SHOWN:]
    lines = [others[begin : begin + _ON_A_LINE] for begin in range(0, len(others), _ON_A_LINE)]
    for line in lines[:_MOST_LINES]:
        yield sight.words.say("ups_feeds_more", names=", ".join(line))
    untold = sum(len(line) for line in lines[_MOST_LINES:])
    if untold:
        yield sight.words.say("ups_feeds_untold", count=untold)


def _down_since(sight: Sight, ups: Ups) -> float | None:
    state = device_state(sight.jobs.get(ups.subject, ()))
    return state.since if state.state == "down" else None
