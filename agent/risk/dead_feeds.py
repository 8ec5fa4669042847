"""Feeds without voltage: of PDUs, of power supplies, of sensors that watch one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from agent import neutral
from agent.contract import Alert, AlertState, Subject
from agent.risk.catalogue.hardware import PDU_FEED_LOST
from agent.risk.reachability import device_state
from agent.risk.sight import Sight

# Half of this is no mains anywhere, and what a dead wire picks up from its neighbours stays below it.
# Only what was mains before is judged by it: it need not heed direct current.
DEAD_VOLTS = 50.0

# What a PDU feeds, among the feeds that it names.
OUTLETS = ("outlet", "socket", "steckdose", "ausgang")

MAX_FEEDS = 256  # of one device


class Fault(NamedTuple):
    """What is wrong: how the device calls the thing, one line of evidence, a value that the summary may give."""

    part: str
    line: str
    value: str = ""


class FeedBook:
    """Which feeds of PDUs had voltage: a phase that was never wired is not dead.

    After a restart that is known of the feeds that an alert names; the others count once they had voltage again.
    """

    def __init__(self) -> None:
        self._live: defaultdict[Subject, set[str]] = defaultdict(set)
        self._told: dict[Subject, tuple[str, ...]] = {}

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up what the alerts know that the last run left."""
        standing = [one.finding for one in alerts if one.state is not AlertState.RESOLVED]
        self._told = {one.subject: one.evidence for one in standing if one.rule == PDU_FEED_LOST}

    def dead(self, sight: Sight) -> Iterator[tuple[Subject, Fault]]:
        """Yield the feeds of PDUs that had voltage and have none now."""
        words = sight.words
        for one in sight.view.series(neutral.PDU_VOLTAGE.name):
            feed, live = one.labels.get("feed", "?"), self._live[one.subject]
            if one.value >= neutral.LEAST_MAINS_VOLTS:
                if len(live) < MAX_FEEDS:
                    live.add(feed)
            elif one.value < DEAD_VOLTS and _is_feed(feed) and (feed in live or self._was_told(one.subject, feed)):
                line = words.say("hardware_feed_volts", part=feed, value=words.figure(one.value))
                yield one.subject, Fault(feed, line)
        for subject in self._live.keys() - {Subject("device", name) for name in sight.inventory.devices}:
            del self._live[subject]

    def _was_told(self, subject: Subject, feed: str) -> bool:
        return any(line.startswith(f"{feed}: ") for line in self._told.get(subject, ()))


def missed(sight: Sight) -> Iterator[tuple[Subject, Fault]]:
    """Yield what is said to have no mains: that is a statement, whatever was before."""
    for one in sight.view.series(neutral.SENSOR_VOLTAGE_PRESENT.name):
        if one.value == 0:
            sensor = one.labels.get("sensor", "?")
            yield one.subject, Fault(sensor, sight.words.say("hardware_feed", part=sensor))


def feeder_of(sight: Sight, subject: Subject, dead: Collection[Subject]) -> Subject | None:
    """Return what feeds the device (``powered_by``) and is itself without a feed, or silent; ``dead``: the former."""
    device = sight.inventory.devices.get(subject.id)
    feeders = [] if device is None else [Subject("device", name) for name in device.powered_by]
    known = (one for one in feeders if one in dead and one != subject)
    silent = (one for one in feeders if device_state(sight.jobs.get(one, ())).state == "down")
    return next(known, next(silent, None))


def _is_feed(name: str) -> bool:
    """Whether it is something that feeds the PDU: an outlet may be off, and a neutral conductor has no voltage."""
    words = name.split()
    return words[-1:] != ["N"] and not any(word.casefold().startswith(OUTLETS) for word in words)
