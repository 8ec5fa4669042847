"""Which sites are cut off or wholly silent, and which of them speaks for those that went dark together.

Reality outranks the graph: a site where nothing answers is dark whatever way is left by the graph, and one that answers
although no declared way is left is not: then a way is missing in the inventory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from agent.risk.network.parts import joined
from config.inventory import Link

# A site that the graph says is cut off is asked first; so long the answer may take.
ANSWER_SECONDS = 3.0

# So long at most the verdict on a silent site waits for a poll after its ring had the time to switch over.
LONGEST_DOUBT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the sites at this look. Times are seconds since the epoch.

    ``silent``: nothing there answers, since when. ``answered``: when a device there was last asked with success.
    ``tried``: when a device there was last asked at all. ``polled``: sites that
    have something which could answer. ``cut``: sites that no way leads to any more, and when the
    last one went. ``patience``: how long a site may be silent while its ring switches over, in seconds.
    """

    silent: Mapping[str, float] = field(default_factory=dict[str, float])
    answered: Mapping[str, float] = field(default_factory=dict[str, float])
    tried: Mapping[str, float] = field(default_factory=dict[str, float])
    polled: AbstractSet[str] = frozenset()
    cut: Mapping[str, float] = field(default_factory=dict[str, float])
    patience: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Darkness:
    """See ``Picture``; the fields are the same."""

    dark: Mapping[str, float] = field(default_factory=dict[str, float])
    converging: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    answering: frozenset[str] = frozenset()


def darkness(seen: Seen, before: Mapping[str, float], now: float) -> Darkness:
    """Tell what is dark. ``before``: what was dark at the last look, and since when."""
    silent = {site for site in seen.silent if site in before or _given_up(seen, site, now)}
    converging = seen.silent.keys() - silent - seen.cut.keys()
    answering = {site for site, at in seen.cut.items() if seen.answered.get(site, 0.0) >= at and site not in silent}
    asked = {
        site
        for site, at in seen.cut.items()
        if site in seen.polled - seen.silent.keys() - answering - before.keys() and now - at < ANSWER_SECONDS
    }
    dark = silent | (seen.cut.keys() - answering - asked)
    since = {site: min(before.get(site, now), now) for site in sorted(dark)}
    return Darkness(since, frozenset(converging), frozenset(asked), frozenset(answering))


def _given_up(seen: Seen, site: str, now: float) -> bool:
    """Whether the ring had its time and somebody there was asked after it, in vain."""
    end = seen.silent[site] + seen.patience.get(site, 0.0)
    return now >= end and (seen.tried.get(site, 0.0) >= end or now >= end + LONGEST_DOUBT_SECONDS)


def leaders(
    dark: Mapping[str, float], links: Mapping[str, Link], down: AbstractSet[str], order: Iterable[str]
) -> dict[str, str]:
    """Return for each dark site the one that speaks for its part: the first to go dark, then the first in the file."""
    places = [site for site in order if site in dark]
    pairs = [(link.ends[0].site, link.ends[1].site) for name, link in links.items() if name not in down]
    speakers: dict[str, str] = {}
    for part in joined(places, pairs):
        speaker = min(part, key=lambda site: (dark[site], places.index(site)))
        speakers.update(dict.fromkeys(part, speaker))
    return speakers
