"""Of sites that went dark together one speaks for all: one cause, one alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from agent.contract import Consequence, Subject
from agent.risk.network.parts import joined
from config.inventory import Link

# Sites that hang together and went dark within this time of each other did so for one reason.
TOGETHER_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Speakers:
    """``leader``: for each dark site the one that speaks for it. ``common``: by leader, the element they share."""

    leader: Mapping[str, str] = field(default_factory=dict[str, str])
    common: Mapping[str, Subject] = field(default_factory=dict[str, Subject])

    def segment(self, leader: str) -> tuple[str, ...]:
        """Return the sites that a leader speaks for, itself left out."""
        return tuple(site for site, speaker in self.leader.items() if speaker == leader and site != leader)


def speakers(
    dark: Mapping[str, float], links: Iterable[Link], failed: Iterable[Consequence], rank: Mapping[str, int]
) -> Speakers:
    """Choose who speaks: of those that went dark together the one nearest to home.

    ``links``: those that are not known to be down. ``failed``: what each element that is known to have failed would
    cut off. ``rank``: each site's place, the nearest to home first.
    """
    places = [site for site in rank if site in dark]
    pairs = [(link.ends[0].site, link.ends[1].site) for link in links]
    leader: dict[str, str] = {}
    for part in joined(places, pairs):
        for group in _groups(part, dark):
            leader.update(dict.fromkeys(group, min(group, key=rank.__getitem__)))
    common: dict[str, Subject] = {}
    for one in failed:
        _unite(one, leader, common, dark, rank)
    return Speakers({site: leader[site] for site in places}, common)


def _groups(part: Sequence[str], dark: Mapping[str, float]) -> list[list[str]]:
    """Return those that went dark within a short time of each other."""
    groups: list[list[str]] = []
    for site in sorted(part, key=dark.__getitem__):
        if groups and dark[site] - dark[groups[-1][-1]] <= TOGETHER_SECONDS:
            groups[-1].append(site)
        else:
            groups.append([site])
    return groups


def _unite(
    failed: Consequence,
    leader: dict[str, str],
    common: dict[str, Subject],
    dark: Mapping[str, float],
    rank: Mapping[str, int],
) -> None:
    """Let one speak for all that a failed device or shared risk cut off at the same time."""
    heads = {leader[site] for site in failed.isolated if site in leader}
    times = [dark[head] for head in heads]
    if len(heads) < 2 or max(times) - min(times) > TOGETHER_SECONDS:
        return
    first = min(heads, key=rank.__getitem__)
    common[first] = failed.failed[0]
    for site, head in leader.items():
        if head in heads:
            leader[site] = first


def ranks(home: str | None, sites: Iterable[str], links: Iterable[Link]) -> dict[str, int]:
    """Return the sites' places in the order of their distance from home in links, then of the file."""
    order = tuple(sites)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(order)
    graph.add_edges_from((link.ends[0].site, link.ends[1].site) for link in links)
    away = nx.single_source_shortest_path_length(graph, home) if home is not None and home in graph else {}
    return {site: place for place, site in enumerate(sorted(order, key=lambda site: away.get(site, len(order))))}
