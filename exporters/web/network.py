"""The network as the status page shows it: rings, sites, and what one more failure would do. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from agent.contract import Consequence, Network, Subject
from agent.risk.catalogue.network import FAILOVER_OVERLOAD, OverloadOptions
from agent.risk.rule import options_of
from config.settings import Settings
from exporters.web.alertlist import Namer
from exporters.web.rings import RingView, ring_view
from exporters.web.ways import Load, Scene, SiteRow, element, link, load_of, site_rows
from exporters.web.words import TONES, Mark

MAX_SITES = 300
MAX_FAILURES = 50


@dataclass(frozen=True, slots=True)
class FailureRow:
    """What the failure of one of these would do: sites that it would cut off, and the highest load of a link then."""

    name: str
    mark: Mark
    cut_off: str
    load: Load


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The section. ``computed``: whether single failures have been looked at; ``more_…``: how many are left out."""

    mark: Mark
    rings: tuple[RingView, ...]
    sites: tuple[SiteRow, ...]
    more_sites: str
    failures: tuple[FailureRow, ...]
    failures_count: int
    more_failures: str
    computed: bool


def make_network(network: Network | None, namer: Namer, settings: Settings) -> NetworkView | None:
    """Return the section; None where there is no network: no site that needs another, and no ring."""
    if network is None:
        return None
    scene = Scene(network, namer, options_of(settings, FAILOVER_OVERLOAD, OverloadOptions).above)
    sites = site_rows(scene)
    rings = tuple(ring_view(ring, network, namer) for ring in network.rings.values())
    if not sites and not rings:
        return None
    harms = _harms(scene)
    marks = [*(row.mark for row in sites), *(ring.mark for ring in rings)]
    return NetworkView(
        mark=namer.words.mark(min(marks, key=lambda mark: TONES.index(mark.tone)).tone),
        rings=rings,
        sites=sites[:MAX_SITES],
        more_sites=namer.words.rest(len(sites) - MAX_SITES),
        failures=tuple(_failure(harm, failed, scene) for harm, failed in harms[:MAX_FAILURES]),
        failures_count=len(harms),
        more_failures=namer.words.rest(len(harms) - MAX_FAILURES),
        computed=bool(network.failures),
    )


class _Harm(NamedTuple):
    """What a failure does: whom it cuts off now, and by design; ``overload``: it fills a way that was not so full."""

    now: tuple[str, ...] = ()
    designed: tuple[str, ...] = ()
    worst: tuple[str, float] | None = None
    overload: bool = False

    @property
    def matters(self) -> bool:
        return bool(self.now or self.designed or self.overload)

    @property
    def order(self) -> tuple[int, float]:
        """The more sites, then the more load, the earlier."""
        return -max(len(self.now), len(self.designed)), -(self.worst[1] if self.worst is not None else 0.0)


def _harms(scene: Scene) -> Sequence[tuple[_Harm, list[Subject]]]:
    """Return each harm with all elements whose failure does it, the worst first: a hop and its radios do the same."""
    network = scene.network
    harms = {
        one.failed: _Harm(one.isolated, worst=one.worst, overload=_overloads(one, scene)) for one in network.failures
    }
    for one in network.weaknesses:
        harms[one.failed] = harms.get(one.failed, _Harm())._replace(designed=one.isolated)
    # That a site which others need is needed is no news.
    needed = {Subject("site", need) for site in network.sites.values() for need in site.needs}
    alike: dict[_Harm, list[Subject]] = {}
    for failed, harm in harms.items():
        if harm.matters and not needed.issuperset(failed):
            alike.setdefault(harm, []).extend(failed)
    return sorted(alike.items(), key=lambda item: item[0].order)


def _overloads(failure: Consequence, scene: Scene) -> bool:
    """Whether a link is overloaded by it: one that is as full without it says nothing of this failure."""
    if failure.worst is None or failure.worst[1] <= scene.full:
        return False
    now = scene.network.links.get(failure.worst[0])
    if now is None or now.load is None or not now.capacity:
        return True
    return failure.worst[1] > now.load / now.capacity


def _failure(harm: _Harm, failed: Sequence[Subject], scene: Scene) -> FailureRow:
    namer, words = scene.namer, scene.namer.words
    sites = dict.fromkeys((*harm.now, *harm.designed))
    if not sites:
        mark = words.mark("warning", "overload")
    else:
        mark = words.mark("info", "by_design") if harm.designed else words.mark("warning", "only_now")
    return FailureRow(
        name=words.listed(sorted(failed, key=_rank), partial(element, namer=namer)),
        mark=mark,
        cut_off=words.listed(sites, namer.site) or words.say("nobody"),
        load=_worst(harm, scene),
    )


def _rank(subject: Subject) -> int:
    """Links first: the others are those that bear them."""
    return 0 if subject.kind == "link" else 1


def _worst(harm: _Harm, scene: Scene) -> Load:
    if harm.worst is None:
        return Load(None)
    name, load = harm.worst
    return load_of(load, scene.namer.words.say("load_on", link=link(name, scene.namer)), scene)
