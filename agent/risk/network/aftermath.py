"""What a cut link means, in words: what carries instead, who has fewer ways, who is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from agent.contract import JobKey, SiteVerdict, Subject
from agent.risk.network.darkness import ANSWER_SECONDS
from agent.risk.network.picture import Picture
from agent.risk.network.verdicts import reached_from
from agent.risk.network.wishes import jobs_at, not_asked_since
from agent.risk.sight import Sight


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What one cut has done. Sites are ids.

    ``poorer``: sites that have fewer ways for it. ``dark``: sites that are cut off, this cut being one of the causes.
    ``unheard``: of the poorer ones those that have not answered since, although something there is polled.
    ``mute``: those at which nothing is polled. ``waits``: the answer may still come.
    """

    poorer: tuple[SiteVerdict, ...] = ()
    dark: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    waits: bool = False


def aftermath(sight: Sight, picture: Picture, link: str) -> Aftermath:
    """Tell what the cut of this link has done; "it carries" is claimed only of sites that answered since."""
    subject = Subject("link", link)
    hit = [site for site in picture.network.sites.values() if subject in site.cuts]
    dark = tuple(site.id for site in hit if site.id in picture.leader)
    poorer = tuple(site for site in hit if site.state == "redundancy_lost")
    since = picture.network.links[link].state.since or sight.view.now
    polled = {site.id for site in poorer if any(jobs_at(sight, site.id))}
    heard = {site.id for site in poorer if picture.survey.answered.get(site.id, 0.0) >= since}
    unheard = tuple(site.id for site in poorer if site.id in polled - heard)
    asked = picture.darkness.asked | picture.darkness.converging
    waits = bool(unheard or asked & {site.id for site in hit}) and sight.view.now - since < ANSWER_SECONDS
    mute = tuple(site.id for site in poorer if site.id not in polled)
    return Aftermath(poorer, dark, unheard, mute, waits)


def wishes(sight: Sight, picture: Picture, link: str, after: Aftermath) -> Iterator[JobKey]:
    """Yield the jobs at the sites that have not answered since the cut."""
    since = picture.network.links[link].state.since or sight.view.now
    for site in after.unheard:
        yield from not_asked_since(jobs_at(sight, site), since)


def sentences(sight: Sight, picture: Picture, link: str, after: Aftermath) -> Iterator[str]:
    """Yield what the cut means, a clause each."""
    words = sight.words
    if after.dark:
        yield _of_sites(picture, "cut_off_by_it", after.dark)
    if not after.poorer:
        return
    if after.unheard:
        yield _of_sites(picture, "not_answered", after.unheard)
    elif after.mute and len(after.mute) == len(after.poorer):
        yield words.say("not_askable", sites=picture.names.sites(after.mute))
    else:
        yield _carries(sight, picture, link, after.poorer)
    for left in sorted({site.paths_possible for site in after.poorer}):
        yield _ways(picture, left, [site.id for site in after.poorer if site.paths_possible == left])


def _carries(sight: Sight, picture: Picture, link: str, poorer: Sequence[SiteVerdict]) -> str:
    cut = sight.inventory.links[link]
    places = {end.site for end in cut.ends} & {site.id for site in poorer}
    if cut.ring is None or _beside_the_ring(sight, picture, cut.ring, places):
        return sight.words.say("others_carry")
    over = _over(sight, picture, places)
    if over:
        return sight.words.say("ring_carries_over", sites=picture.names.sites(over))
    return sight.words.say("ring_carries")


def _beside_the_ring(sight: Sight, picture: Picture, ring: str, places: set[str]) -> bool:
    """Whether an end of the cut is reached without the ring as well: its answer does not say which way it came."""
    links = sight.inventory.links
    within = {name for name, one in links.items() if one.ring == ring}
    reached = reached_from(picture.declared.topology, picture.declared.home, picture.survey.down.keys() | within)
    return not places.isdisjoint(reached)


def _over(sight: Sight, picture: Picture, places: set[str]) -> tuple[str, ...]:
    """Return the sites that lie on the way that is left from the far end of the cut."""
    graph: nx.Graph[str] = nx.Graph()
    up = (one for one in picture.network.links.values() if one.state.state != "down")
    graph.add_edges_from(one.ends for one in up)
    home = picture.declared.home
    longest: tuple[str, ...] = ()
    for place in sorted(places):
        if home is not None and home in graph and place in graph and nx.has_path(graph, place, home):
            way = tuple(nx.shortest_path(graph, place, home)[1:-1])  # pyright: ignore[reportUnknownMemberType]
            longest = max(longest, way, key=len)
    return longest


def _ways(picture: Picture, left: int, sites: Sequence[str]) -> str:
    return _of_sites(picture, "now_one_way" if left == 1 else "now_ways", sites, count=left)


def _of_sites(picture: Picture, key: str, sites: Sequence[str], **values: int) -> str:
    key = f"{key}_each" if len(sites) > 1 else key
    return picture.names.words.say(key, sites=picture.names.sites(sites), **values)
