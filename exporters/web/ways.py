"""The ways of each site as the status page shows them: how many are left, what it lacks, which cut did it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Network, SiteVerdict, Subject
from exporters.web.alertlist import Namer
from exporters.web.words import TONES, Mark, PageWords, Tone, clean

MAX_CUTS = 3  # of one site

_NOTHING = "–"

_STATES: Mapping[str, tuple[Tone, str]] = {
    "ok": ("ok", "site_ok"),
    "redundancy_lost": ("warning", "site_lost"),
    "isolated": ("critical", "site_isolated"),
    "unverified": ("unknown", "site_unverified"),
}


class Scene(NamedTuple):
    """What the section is made from. ``full``: the load by capacity above which a way counts as overloaded."""

    network: Network
    namer: Namer
    full: float


class Load(NamedTuple):
    """A load by capacity: a mark where it is known, and what bears it; else what is to be said instead."""

    mark: Mark | None
    note: str = _NOTHING


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site. ``why``: what it lacks and which cut did it; ``ways``: now, by design, required.

    ``load``: the highest on the way that is left to it after any single failure.
    """

    name: str
    mark: Mark
    why: str
    ways: str
    load: Load


def element(subject: Subject, namer: Namer) -> str:
    """Return kind and name of an element; a link without a name is called by the sites that it joins."""
    if subject.kind == "link" and subject.id in namer.inventory.links:
        return clean(namer.names.label(subject.id))
    return namer.subject(subject)


def link(name: str, namer: Namer) -> str:
    """Return a link's name, or the sites that it joins."""
    known = name in namer.inventory.links
    return clean(namer.names.link(name) if known else name)


def site_rows(scene: Scene) -> tuple[SiteRow, ...]:
    """Return the sites that need others, the worst first, and those that stand badly all the same."""
    told = [site for site in scene.network.sites.values() if site.needs or site.state != "ok"]
    cuts = {cut for site in told for cut in site.cuts}  # one cut is told of many sites
    names = {cut: element(cut, scene.namer) for cut in cuts}
    rows = [_site(site, names, scene) for site in told]
    return tuple(sorted(rows, key=lambda row: TONES.index(row.mark.tone)))


def _site(site: SiteVerdict, names: Mapping[Subject, str], scene: Scene) -> SiteRow:
    namer = scene.namer
    name, mark, why = namer.site(site.id), site_mark(site, namer.words), "; ".join(_why(site, names, namer))
    if not site.needs:
        return SiteRow(name, mark, why, _NOTHING, Load(None))
    counted = (site.paths, site.paths_designed, site.paths_required)
    ways = "\u00a0/\u00a0".join(map(str, counted))  # never in two lines
    if site.state == "isolated":
        return SiteRow(name, mark, why, ways, Load(None))
    return SiteRow(name, mark, why, ways, load_of(scene.network.site_utilisation.get(site.id), "", scene))


def site_mark(site: SiteVerdict, words: PageWords) -> Mark:
    """Return how a site stands. Fewer ways than required is the graver word for lost redundancy."""
    if site.needs and site.state in {"ok", "redundancy_lost"} and site.paths_possible < site.paths_required:
        # by design it is told, or accepted, by its alert; the network is as it was meant to be
        return words.mark("warning" if site.paths_possible < site.paths_designed else "info", "site_below")
    tone, word = _STATES[site.state]
    return words.mark(tone, word)


def _why(site: SiteVerdict, names: Mapping[Subject, str], namer: Namer) -> Iterator[str]:
    words = namer.words
    if site.unreachable:
        yield words.say("no_way_to", sites=words.listed(site.unreachable, namer.site))
    if site.silent_since is not None:
        yield f"{words.say('nothing_answers')} {words.moment('since', site.silent_since).text}"
    if site.cuts:
        yield words.say("cut_by", what=words.listed(site.cuts, names.__getitem__, MAX_CUTS))
    elif site.state == "ok" and site.paths_possible < site.paths_required:
        yield words.say("few_by_design")
    if site.paths_possible > site.paths:
        yield words.count("ways_unknown", site.paths_possible - site.paths)


def load_of(load: float | None, where: str, scene: Scene) -> Load:
    """Return a ratio as a percentage, and the link that bears it where one is named."""
    words = scene.namer.words
    if load is None:
        return Load(None, words.say("unknown"))
    return Load(Mark("warning" if load > scene.full else "ok", words.words.percent(load)), where)
