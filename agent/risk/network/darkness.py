"""Which sites are cut off or wholly silent.

Reality outranks the graph: a site where nothing answers is dark whatever way is left by the graph, and one that answers
although no declared way is left is not: then a way is missing in the inventory. What is dark stays so until it answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

# A site that the graph says is cut off is asked first; so long the answer may take.
ANSWER_SECONDS = 3.0

# So long at most the verdict on a silent site waits for a poll after its ring had the time to switch over.
LONGEST_DOUBT_SECONDS = 30.0

# So long at most it waits until those that may have gone dark with it have shown themselves.
COMPANIONS_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the sites at this look. Times are seconds since the epoch.

    ``silent``: nothing there answers, since when. ``answered``: when a device there was last asked with success,
    ``sound``: one that answers every check.
    ``tried``: when a device there was last asked at all. ``polled``: sites with something that could answer. ``cut``:
    sites that no way leads to any more, and when the last one went. ``reached``: sites to which a way leads that is
    known to carry. ``companions``: for each site those that may go dark with it. ``patience``: how long a site may be
    silent while its ring switches over, in seconds.
    """

    silent: Mapping[str, float] = field(default_factory=dict[str, float])
    answered: Mapping[str, float] = field(default_factory=dict[str, float])
    sound: Mapping[str, float] = field(default_factory=dict[str, float])
    tried: Mapping[str, float] = field(default_factory=dict[str, float])
    polled: AbstractSet[str] = frozenset()
    cut: Mapping[str, float] = field(default_factory=dict[str, float])
    reached: AbstractSet[str] = frozenset()
    companions: Mapping[str, AbstractSet[str]] = field(default_factory=dict[str, AbstractSet[str]])
    patience: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Darkness:
    """Sites that are dark, or nearly.

    ``dark``: cut off or wholly silent, and since when. ``doubted``: those of them of which nothing is known at present,
    because nothing was asked yet, or the daemon itself is cut off. ``converging``: silent, while their ring may still
    be switching over or their companions are being asked. ``asked``: cut off by the graph, and just being asked whether
    they answer all the same. ``answering``: sites that answer although no declared way is left, and since when.
    """

    dark: Mapping[str, float] = field(default_factory=dict[str, float])
    doubted: frozenset[str] = frozenset()
    converging: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    answering: Mapping[str, float] = field(default_factory=dict[str, float])


def darkness(seen: Seen, before: Darkness, now: float) -> Darkness:
    """Tell what is dark, from what was at the last look."""
    silent = {site for site in seen.silent if site in before.dark or _given_up(seen, site, now)}
    answering = {site for site, at in seen.cut.items() if seen.sound.get(site, 0.0) >= at and site not in silent}
    asked = {
        site
        for site, at in seen.cut.items()
        if site in seen.polled - seen.silent.keys() - answering - before.dark.keys() and now - at < ANSWER_SECONDS
    }
    certain = silent | (seen.cut.keys() - answering - asked)
    doubted = {site for site in before.dark if site not in certain | answering and not _is_back(seen, site)}
    return Darkness(
        {site: min(before.dark.get(site, now), now) for site in sorted(certain | doubted)},
        frozenset(doubted),
        frozenset(seen.silent.keys() - silent - seen.cut.keys()),
        frozenset(asked),
        {site: min(before.answering.get(site, now), now) for site in sorted(answering)},
    )


def _is_back(seen: Seen, site: str) -> bool:
    """Whether something answers there again, or, where nothing could, a way leads there that carries."""
    return site in seen.answered or (site not in seen.polled and site in seen.reached)


def _given_up(seen: Seen, site: str, now: float) -> bool:
    """Whether the ring had its time, somebody there was asked after it, and its companions have shown themselves."""
    silent = seen.silent[site]
    end = silent + seen.patience.get(site, 0.0)
    asked = seen.tried.get(site, 0.0) >= end or now >= end + LONGEST_DOUBT_SECONDS
    return now >= end and asked and (now >= silent + COMPANIONS_SECONDS or not _open_companions(seen, site))


def _open_companions(seen: Seen, site: str) -> set[str]:
    """Return the companions that neither answered since the site fell silent, nor are silent themselves."""
    around = seen.companions.get(site, frozenset()) & seen.polled - seen.silent.keys()
    return {one for one in around if seen.answered.get(one, 0.0) < seen.silent[site]}
