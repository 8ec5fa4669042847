"""The rings as the status page shows them: closed or open, between whom, for how long, and a picture of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from agent.contract import LinkVerdict, Network, RingVerdict
from exporters.web.alertlist import Namer
from exporters.web.ringdrawing import MOST, Drawing, LineKind, Section, Stop, draw
from exporters.web.ways import link, site_mark
from exporters.web.words import MAX_NAMES, Mark, Moment, PageWords, Tone, clean

_LINES: Mapping[str, tuple[LineKind, Tone]] = {
    "up": ("up", "ok"),
    "degraded": ("degraded", "warning"),
    "down": ("down", "critical"),  # whatever it is worth: here is the cut
    "unknown": ("unknown", "unknown"),
}


@dataclass(frozen=True, slots=True)
class RingView:
    """One ring. ``says``: whole sentences; ``since``: since when it is open; ``open_for``: so far in all, or empty."""

    name: str
    mark: Mark
    says: tuple[str, ...]
    since: Moment | None
    open_for: str
    protocol: tuple[str, ...]
    drawing: Drawing | None


def ring_view(ring: RingVerdict, network: Network, namer: Namer) -> RingView:
    """Return one ring."""
    known = namer.inventory.rings.get(ring.id)
    opened = ring.closed is False and ring.open_since is not None
    return RingView(
        name=clean((known.name if known is not None else None) or ring.id),
        mark=_ring_mark(ring, network, namer.words),
        says=tuple(_ring_says(ring, network, namer)),
        since=namer.words.moment("since", ring.open_since or 0.0) if opened else None,
        open_for=_span(ring.open_seconds_total, namer.words) if ring.open_seconds_total else "",
        protocol=tuple(clean(line) for line in ring.protocol[:MAX_NAMES]),
        drawing=_drawing(ring, network, namer),
    )


def _ring_mark(ring: RingVerdict, network: Network, words: PageWords) -> Mark:
    if ring.closed is None:
        return words.mark("unknown", "ring_unverified")
    if ring.closed:
        degraded = bool(_in_state(ring, network, "degraded"))
        return words.mark("warning", "ring_degraded") if degraded else words.mark("ok", "ring_closed")
    lost = {site for segment in ring.segments for site in segment}
    isolated = any(network.sites[site].state == "isolated" for site in lost if site in network.sites)
    tone: Tone = "critical" if isolated else "warning"
    return Mark(tone, words.count("ring_cuts", len(ring.cuts)) if len(ring.cuts) > 1 else words.say("ring_open"))


def _in_state(ring: RingVerdict, network: Network, state: str) -> list[str]:
    return [name for name in ring.links if name in network.links and network.links[name].state.state == state]


def _ring_says(ring: RingVerdict, network: Network, namer: Namer) -> Iterator[str]:
    words = namer.words
    degraded, unknown = _in_state(ring, network, "degraded"), _in_state(ring, network, "unknown")
    if ring.closed and not degraded:
        yield words.say("all_carry")
    if len(ring.cuts) == 1:
        yield _open(ring.cuts[0], namer)
    elif ring.cuts:
        yield words.say("ring_of", links=words.listed(ring.cuts, partial(link, namer=namer)))
    lost = [site for segment in ring.segments for site in segment]
    if lost:
        yield words.say("segment", sites=words.listed(lost, namer.site))
    if degraded:
        key = "degraded_on" if ring.closed else "degraded_too"
        yield words.say(key, links=words.listed(degraded, partial(link, namer=namer)))
    if unknown:
        yield words.say("nothing_of", links=words.listed(unknown, partial(link, namer=namer)))


def _open(cut: str, namer: Namer) -> str:
    """Say between which sites a ring is open; a section within one site has a name only."""
    known = namer.inventory.links.get(cut)
    sites = [] if known is None else list(dict.fromkeys(namer.site(end.site) for end in known.ends))
    where = namer.words.words.joined(sites) if len(sites) > 1 else link(cut, namer)
    return namer.words.say("open_between" if len(sites) > 1 else "ring_of", links=where)


def _drawing(ring: RingVerdict, network: Network, namer: Namer) -> Drawing | None:
    if len(ring.links) > MOST or not namer.inventory.links.keys() >= set(ring.links):
        return None
    drawn = [_section(name, network.links.get(name), namer) for name in ring.links]
    sites = dict.fromkeys(site for section in drawn for site in section.sites)
    return draw(drawn, {site: _stop(site, network, namer) for site in sites})


def _section(name: str, verdict: LinkVerdict | None, namer: Namer) -> Section:
    kind, mark = _line(verdict, namer.words)
    first, last = (end.site for end in namer.inventory.links[name].ends)
    return Section((first, last), kind, mark, f"{link(name, namer)}: {mark.word}")


def _line(verdict: LinkVerdict | None, words: PageWords) -> tuple[LineKind, Mark]:
    if verdict is None:
        return "unknown", words.mark("unknown")
    if verdict.off:
        return "off", words.mark("off")
    if verdict.blocked:
        return "blocked", words.mark("ok", "blocked")
    kind, tone = _LINES[verdict.state.state]
    return kind, words.mark(tone, kind)


def _stop(site: str, network: Network, namer: Namer) -> Stop:
    known, verdict = namer.inventory.sites.get(site), network.sites.get(site)
    mark = namer.words.mark("unknown") if verdict is None else site_mark(verdict, namer.words)
    return Stop(namer.site(site), mark, known is not None and known.core)


def _span(seconds: float, words: PageWords) -> str:
    """Return a length of time: in days it would have to be inflected, so it is given in hours."""
    hours = seconds // 3600
    return f"{words.words.number(hours)} h" if hours >= 2 else words.words.duration(seconds)
