"""The network, looked at again and again: what is remembered between two looks, and not worked out anew."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.contract import Alert, AlertState, ElementState, LinkVerdict, Network, RingVerdict, SiteVerdict, Subject
from agent.risk.catalogue.network import RING_OPEN, SITE_ISOLATED
from agent.risk.network.aftermath import aftermath
from agent.risk.network.darkness import Darkness, Seen, darkness, leaders
from agent.risk.network.declared import Declared
from agent.risk.network.failure import Demand
from agent.risk.network.picture import Picture
from agent.risk.network.rings import RingMemory, protocol_of, remember, segments
from agent.risk.network.states import tried_at
from agent.risk.network.survey import Heard, Survey, survey
from agent.risk.network.verdicts import cut_off, cuts_of, site_state
from agent.risk.network.work import Work
from agent.risk.sight import Sight
from agent.risk.usage.demand import demands
from config.inventory import Inventory, Link, Site
from config.settings import Settings

DEMAND_EVERY_SECONDS = 300.0

# So long after a site came back there may be devices left that were not asked since.
RELEASED_KEPT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the next look needs of this one. Times are seconds since the epoch."""

    at: float | None = None
    links: Mapping[str, ElementState] = field(default_factory=dict[str, ElementState])
    heard: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    rings: Mapping[str, RingMemory] = field(default_factory=dict[str, RingMemory])
    dark: Mapping[str, float] = field(default_factory=dict[str, float])
    released: Mapping[str, float] = field(default_factory=dict[str, float])
    demand: Mapping[str, Demand] = field(default_factory=dict[str, Demand])
    demand_at: float | None = None


class NetworkBook:
    """Looks at the network; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._memory = _Memory()
        self._declared: Declared | None = None
        self._work: Work | None = None
        self._configured: tuple[Inventory, Settings] | None = None

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up since when rings are open and sites dark from the alerts that the last run left."""
        standing = [alert for alert in alerts if alert.state is not AlertState.RESOLVED]
        rings = {one.finding.subject.id: RingMemory(one.since) for one in standing if one.finding.rule == RING_OPEN}
        dark = {one.finding.subject.id: one.since for one in standing if one.finding.rule == SITE_ISOLATED}
        self._memory = replace(self._memory, rings=rings, dark=dark)

    def look(self, sight: Sight) -> Generator[None, None, Picture]:
        """Return the network as it is now; pauses wherever the loop may turn."""
        declared, work = self._prepared(sight.inventory, sight.settings)
        yield
        seen = yield from survey(sight, declared, self._memory.links, self._memory.heard)
        demand = yield from self._demand(sight, declared)
        yield from work.do(seen.down.keys(), seen.doubtful, demand, seen.capacity)
        cut = cut_off(declared.topology, declared.home, seen.down)
        yield
        now = sight.view.now
        tried = {site: at for site in seen.silent if (at := tried_at(sight, site)) is not None}
        known = Seen(seen.silent, seen.answered, tried, seen.polled, cut, declared.patience)
        dim = darkness(known, self._memory.dark, now)
        self._remember(declared, seen, dim, now)
        speakers = leaders(dim.dark, sight.inventory.links, seen.down.keys(), sight.inventory.sites)
        network = _Look(sight, declared, work, seen, dim, self._memory).network()
        picture = Picture(
            network,
            declared,
            {name: link.said for name, link in seen.links.items()},
            seen.heard,
            dim,
            speakers,
            seen.silent,
            seen.answered,
            self._memory.released,
        )
        waiting = frozenset(link for link in seen.down if aftermath(sight, picture, link).waits)
        return replace(picture, waiting=waiting)

    def _prepared(self, inventory: Inventory, settings: Settings) -> tuple[Declared, Work]:
        known = self._configured
        if (
            self._declared is None
            or self._work is None
            or known is None
            or known[0] is not inventory
            or known[1] is not settings
        ):
            self._declared = Declared.of(inventory, settings)
            self._work = Work(self._declared)
            self._configured = (inventory, settings)
            self._memory = replace(self._memory, demand_at=None)
        return self._declared, self._work

    def _demand(self, sight: Sight, declared: Declared) -> Generator[None, None, Mapping[str, Demand]]:
        """Return the demand of each site; what is measured over days is read every few minutes."""
        at, now = self._memory.demand_at, sight.view.now
        if at is None or not 0 <= now - at < DEMAND_EVERY_SECONDS:
            demand = yield from demands(sight, declared.topology)
            self._memory = replace(self._memory, demand=demand, demand_at=now)
        return self._memory.demand

    def _remember(self, declared: Declared, seen: Survey, dim: Darkness, now: float) -> None:
        before = self._memory
        rings = {
            ring: remember(
                before.rings.get(ring, RingMemory()),
                open_now=bool(links.keys() & seen.down.keys()),
                last_look=before.at,
                now=now,
            )
            for ring, links in declared.rings.items()
        }
        fresh = {site: at for site, at in before.released.items() if 0 <= now - at < RELEASED_KEPT_SECONDS}
        released = fresh | {site: now for site in before.dark if site not in dim.dark}
        self._memory = replace(
            before,
            at=now,
            links=seen.states,
            heard=seen.heard,
            rings=rings,
            dark=dim.dark,
            released={site: at for site, at in released.items() if site not in dim.dark},
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look, from which the verdicts are made."""

    sight: Sight
    declared: Declared
    work: Work
    seen: Survey
    dim: Darkness
    memory: _Memory

    def network(self) -> Network:
        inventory = self.sight.inventory
        return Network(
            self.sight.view.now,
            {name: self._link(name, link) for name, link in inventory.links.items()},
            {name: ElementState(one.state, one.detail, one.since) for name, one in self.seen.devices.items()},
            {name: self._site(name, site) for name, site in inventory.sites.items()},
            {name: self._ring(name, links) for name, links in self.declared.rings.items()},
            self.work.failures,
            self.declared.weaknesses,
            self.work.site_utilisation,
            {site: (one.bits_per_second, one.declared) for site, one in self.memory.demand.items()},
        )

    def _link(self, name: str, link: Link) -> LinkVerdict:
        now, places = self.seen.links[name], (link.ends[0].site, link.ends[1].site)
        state, load = self.seen.states[name], self.work.routed.get(name)
        return LinkVerdict(name, places, state, now.off, now.blocked, now.capacity, load)

    def _site(self, name: str, site: Site) -> SiteVerdict:
        ways, down = self.work.ways, self.seen.down
        possible, designed = ways.possible.get(name, 0), ways.designed.get(name, 0)
        missing = ways.unreachable.get(name, ())
        isolated = name in self.dim.dark or bool(missing)
        cuts = cuts_of(self.declared.topology, name, down) if down and (isolated or possible < designed) else ()
        return SiteVerdict(
            name,
            site_state(name, ways, isolated=isolated),
            self.declared.topology.needs.get(name, ()),
            ways.sure.get(name, 0),
            possible,
            designed,
            site.paths_required,
            missing,
            self.seen.silent.get(name),
            tuple(Subject("link", link) for link in cuts),
        )

    def _ring(self, name: str, links: Mapping[str, Link]) -> RingVerdict:
        down, known = self.seen.down, self.memory.rings[name]
        cuts = tuple(sorted((link for link in links if link in down), key=lambda link: down[link]))
        closed = False if cuts else None if self.seen.doubtful & links.keys() else True
        since = min((known.open_since, *(down[link] for link in cuts))) if known.open_since is not None else None
        core = {site for site, one in self.sight.inventory.sites.items() if one.core}
        parts = segments(links, down.keys(), core | {self.declared.home}) if len(cuts) > 1 else ()
        protocol = protocol_of(self.sight, links.values())
        return RingVerdict(name, closed, tuple(links), cuts, since, known.open_seconds, parts, protocol)
