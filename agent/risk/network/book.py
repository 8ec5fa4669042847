"""The network, looked at again and again: what is remembered between two looks, and not worked out anew."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace

from agent.contract import Alert, ElementState, LinkVerdict, Network, RingVerdict, SiteVerdict, Subject
from agent.risk.catalogue.network import FAILOVER_OVERLOAD, OverloadOptions
from agent.risk.network.aftermath import aftermath
from agent.risk.network.darkness import Darkness, Seen, darkness
from agent.risk.network.declared import Declared
from agent.risk.network.fades import faded
from agent.risk.network.failure import Demand
from agent.risk.network.memory import Memory, RingMemory
from agent.risk.network.picture import Picture
from agent.risk.network.rings import protocol_of, remember, segments
from agent.risk.network.speakers import Speakers, speakers
from agent.risk.network.states import sound_at, tried_at
from agent.risk.network.survey import Survey, survey
from agent.risk.network.verdicts import cut_off, reached_from, site_state
from agent.risk.network.work import Work
from agent.risk.rule import options_of
from agent.risk.sight import Sight
from agent.risk.usage.demand import demands
from config.inventory import Inventory, Link, Site
from config.settings import Settings

DEMAND_EVERY_SECONDS = 300.0

# So long after a site came back there may be devices left that were not asked since.
RELEASED_KEPT_SECONDS = 900.0


class NetworkBook:
    """Looks at the network; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._plan: tuple[Inventory, Settings, Declared, Work] | None = None

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up what the alerts know that the last run left (``Memory.of_alerts``)."""
        self._memory = Memory.of_alerts(alerts)

    def look(self, sight: Sight) -> Generator[None, None, Picture]:
        """Return the network as it is now; pauses wherever the loop may turn."""
        declared, work = self._prepared(sight.inventory, sight.settings)
        yield
        seen = yield from survey(sight, declared, self._memory.links)
        demand = yield from self._demand(sight, declared)
        yield from work.do(seen.down, seen.doubtful, demand, seen.capacity)
        dim = darkness(_seen(sight, declared, work, seen), self._memory.darkness, sight.view.now)
        yield
        self._remember(declared, seen, dim, sight)
        look = _Look(sight, declared, work, seen, dim, self._memory)
        network = yield from look.network()
        picture = Picture(network, declared, seen, dim, look.speakers(), self._memory.released, work.overloads)
        waiting = frozenset(link for link in seen.down if aftermath(sight, picture, link).waits)
        return replace(picture, waiting=waiting, faded=self._memory.faded)

    def _prepared(self, inventory: Inventory, settings: Settings) -> tuple[Declared, Work]:
        plan = self._plan
        if plan is None or plan[0] is not inventory or plan[1] is not settings:
            declared = Declared.of(inventory, settings)
            bound = options_of(settings, FAILOVER_OVERLOAD, OverloadOptions).above
            plan = self._plan = (inventory, settings, declared, Work(declared, bound))
            dim = self._memory.darkness
            known = {site: at for site, at in dim.dark.items() if site in inventory.sites}
            self._memory = replace(self._memory, darkness=replace(dim, dark=known), demand_at=None)
        return plan[2], plan[3]

    def _demand(self, sight: Sight, declared: Declared) -> Generator[None, None, Mapping[str, Demand]]:
        """Return the demand of each site; what is measured over days is read every few minutes."""
        at, now = self._memory.demand_at, sight.view.now
        if at is None or not 0 <= now - at < DEMAND_EVERY_SECONDS:
            demand = yield from demands(sight, declared.topology)
            self._memory = replace(self._memory, demand=demand, demand_at=now)
        return self._memory.demand

    def _remember(self, declared: Declared, seen: Survey, dim: Darkness, sight: Sight) -> None:
        before, now = self._memory, sight.view.now
        rings = {
            ring: remember(
                before.rings.get(ring, RingMemory()), closed=_remembered(links, seen), last_look=before.at, now=now
            )
            for ring, links in declared.rings.items()
        }
        fresh = {site: at for site, at in before.released.items() if 0 <= now - at < RELEASED_KEPT_SECONDS}
        released = fresh | {site: now for site in before.darkness.dark if site not in dim.dark}
        self._memory = replace(
            before,
            at=now,
            links=seen.memory,
            rings=rings,
            darkness=dim,
            released={site: at for site, at in released.items() if site not in dim.dark},
            faded=_faded(sight, seen, before),
        )


def _faded(sight: Sight, seen: Survey, before: Memory) -> frozenset[str]:
    """Return the links that faded before they went; asked once, at the look at which they are down first."""
    known = {name for name in before.faded if name in seen.down or name in seen.doubtful}
    fresh = (name for name in seen.down if name not in before.links or before.links[name].state.state != "down")
    return frozenset(known | {name for name in fresh if faded(sight, seen.memory[name].levels)})


def _closed(links: Mapping[str, Link], seen: Survey) -> bool | None:
    """Whether a ring is closed; None where links of unknown state leave that open."""
    if links.keys() & seen.down.keys():
        return False
    return None if links.keys() & seen.doubtful else True


def _remembered(links: Mapping[str, Link], seen: Survey) -> bool | None:
    """Whether a ring is closed, as far as anything will ever tell."""
    closed = _closed(links, seen)
    return True if closed is None and not links.keys() & seen.undecided else closed


def _seen(sight: Sight, declared: Declared, work: Work, seen: Survey) -> Seen:
    """Put together what is known of the sites."""
    topology, home, down = declared.topology, declared.home, seen.down
    newest = max(down.values(), default=sight.view.now)
    cut = {
        site: max((down[link] for link in work.cuts.of.get(site, ())), default=newest)
        for site in cut_off(topology, home, down.keys())
    }
    tried = {site: at for site in seen.silent if (at := tried_at(sight, site)) is not None}
    reached = reached_from(topology, home, down.keys() | seen.undecided)
    sound = sound_at(sight, seen.devices)
    return Seen(
        seen.silent, seen.answered, sound, tried, seen.polled, cut, reached, declared.companions, declared.patience
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look, from which the verdicts are made."""

    sight: Sight
    declared: Declared
    work: Work
    seen: Survey
    dim: Darkness
    memory: Memory

    def network(self) -> Generator[None, None, Network]:
        inventory = self.sight.inventory
        links = {name: self._link(name, link) for name, link in inventory.links.items()}
        yield
        sites = {name: self._site(name, site) for name, site in inventory.sites.items()}
        yield
        return Network(
            self.sight.view.now,
            links,
            {name: ElementState(one.state, one.detail, one.since) for name, one in self.seen.devices.items()},
            sites,
            {name: self._ring(name, links) for name, links in self.declared.rings.items()},
            self.work.failures,
            self.declared.weaknesses,
            self.work.site_utilisation,
            {site: (one.bits_per_second, one.declared) for site, one in self.memory.demand.items()},
        )

    def speakers(self) -> Speakers:
        """Say who speaks for whom among the dark sites."""
        up = (link for name, link in self.sight.inventory.links.items() if name not in self.seen.down)
        failed = (one for one in self.declared.weaknesses if self._has_failed(one.failed[0]))
        return speakers(self.dim.dark, up, failed, self.declared.rank)

    def _has_failed(self, element: Subject) -> bool:
        """Whether a device is silent, or all that shares a risk is gone."""
        if element.kind in {"device", "power"}:
            known = self.seen.devices.get(element.id)
            return known is not None and known.state == "down"
        lost = self.declared.topology.loss((element,)).links
        down = self.seen.down.keys()
        return element.kind == "group" and bool(lost & down) and lost <= down | self.seen.doubtful

    def _link(self, name: str, link: Link) -> LinkVerdict:
        now, places = self.seen.links[name], (link.ends[0].site, link.ends[1].site)
        state, load = self.seen.states[name], self.work.routed.get(name)
        return LinkVerdict(name, places, state, now.off, now.blocked, now.capacity, load)

    def _site(self, name: str, site: Site) -> SiteVerdict:
        ways = self.work.ways
        missing = ways.unreachable.get(name, ())
        dark = name in self.dim.dark
        return SiteVerdict(
            name,
            site_state(name, ways, isolated=dark or bool(missing)),
            self.declared.topology.needs.get(name, ()),
            0 if dark else ways.sure.get(name, 0),
            ways.possible.get(name, 0),
            ways.designed.get(name, 0),
            site.paths_required,
            missing,
            self.seen.silent.get(name),
            tuple(Subject("link", link) for link in self.work.cuts.of.get(name, ())),
        )

    def _ring(self, name: str, links: Mapping[str, Link]) -> RingVerdict:
        down, known = self.seen.down, self.memory.rings[name]
        cuts = tuple(sorted((link for link in links if link in down), key=lambda link: down[link]))
        closed = _closed(links, self.seen)
        since = min((known.open_since, *(down[link] for link in cuts))) if known.open_since is not None else None
        core = {site for site, one in self.sight.inventory.sites.items() if one.core}
        parts = segments(links, down.keys(), core | {self.declared.home}) if len(cuts) > 1 else ()
        protocol = protocol_of(self.sight, links.values())
        return RingVerdict(name, closed, tuple(links), cuts, since, known.open_seconds, parts, protocol)
