"""Is the network built as it is declared? What devices show as neighbours (LLDP) is compared with the links.

The declared links stay the truth; a difference is told, and a person decides which side is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.neighbours import DECLARED_NOT_SEEN, SEEN_NOT_DECLARED, WRONG_PORT
from agent.risk.lldp.passage import AIR, Passages, Ports
from agent.risk.lldp.sightings import Sighting, Sightings, sightings
from agent.risk.sight import Outcome, Sight
from config.inventory import End, Inventory, Link

# Own cables: whoever speaks LLDP at both ends is seen over them. A provider's network, a tunnel or a mobile network
# seldom passes LLDP on.
_CABLE = frozenset({"fibre", "copper"})

# Neighbours are read each hour or so: what a link showed before it was cut is read anew so long after it is back.
REREAD_SECONDS = 5400.0

MAX_EVIDENCE = 10

AT_ONCE = 50  # links or pairs between two pauses


def judge_neighbours(sight: Sight) -> Iterator[Outcome | None]:
    """Yield where links are not seen as declared, or devices see each other where no link is declared."""
    if not sight.inventory.links:
        return
    seen = sightings(sight)
    yield None
    comparison = _Comparison(sight, seen)
    yield None
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        yield from comparison.judge_link(name, link)
        if number % AT_ONCE == 0:
            yield None
    yield from comparison.judge_undeclared()


class _Comparison:
    """One look. ``told``: sightings that a finding about a link names already."""

    def __init__(self, sight: Sight, seen: Sightings) -> None:
        self._sight = sight
        self._seen = seen
        self._ports = Ports(sight.view)
        self._passages = Passages(sight.inventory, seen, self._ports)
        self._over_air = _seeing_over_air(sight.inventory, seen)
        self._told: set[Sighting] = set()

    def judge_link(self, name: str, link: Link) -> Iterator[Outcome]:
        """Yield whether a link is seen where it is declared.

        One of its two devices is enough to tell a wrong port; that all is well, or that nothing is seen, takes both.
        """
        first, second = (end.device for end in link.ends)
        if first is None or second is None or first == second:
            return
        found = self._seen.between(first, second)
        fitting = [one for one in found if self._passages.fits(link, one)]
        stray = self._stray(link, found, fitting)
        if stray:
            self._told.update(stray)
            yield self._wrong_port(name, link, stray)
        elif not {first, second}.isdisjoint(self._seen.unread | self._seen.silent):
            yield FindingKey(DECLARED_NOT_SEEN, Subject("link", name))
            yield FindingKey(WRONG_PORT, Subject("link", name))
        elif not fitting and all(self._would_see(link, end) for end in link.ends):
            yield self._not_seen(name, link)

    def judge_undeclared(self) -> Iterator[Outcome | None]:
        """Yield who sees devices of other sites where no declared way leads. Of two, the first in the file tells."""
        order = {name: number for number, name in enumerate(self._sight.inventory.devices)}
        undeclared: dict[str, list[Sighting]] = {}
        doubtful = set(self._seen.unread | self._seen.silent)
        for number, (names, found) in enumerate(self._seen.by_pair.items(), start=1):
            first, second = sorted(names, key=order.__getitem__)
            if number % AT_ONCE == 0:
                yield None
            if self._site(first) == self._site(second):
                continue  # links within a site need not be declared
            strange, unsure = self._unexplained(found)
            teller = first if any(one.seer == first for one in strange) else second
            if strange and (teller == first or first not in self._seen.unread):
                undeclared.setdefault(teller, []).extend(one for one in strange if one.seer == teller)
            elif strange or unsure:
                doubtful.update(names)
        yield from (self._undeclared(device, found) for device, found in undeclared.items())
        yield from (FindingKey(SEEN_NOT_DECLARED, Subject("device", name)) for name in doubtful - undeclared.keys())

    def _stray(self, link: Link, found: Sequence[Sighting], fitting: Sequence[Sighting]) -> list[Sighting]:
        """Return what is seen elsewhere; nothing where each end that sees the other sees it where it is declared too.

        Its own port each knows for certain. Another declared way may explain what is seen elsewhere.
        """
        if {one.seer for one in fitting} == {one.seer for one in found}:
            return []
        return [one for one in found if one not in fitting and not self._passages.explain_otherwise(one, link)]

    def _would_see(self, link: Link, end: End) -> bool:
        """Whether the device at an end would show the far one: a radio, if it shows another one through the air."""
        if link.kind in AIR:
            return end.device in self._over_air
        return link.kind in _CABLE and end.device in self._seen.talkers

    def _unexplained(self, found: Sequence[Sighting]) -> tuple[list[Sighting], bool]:
        """Return those that no declared way explains, and whether there are others of which that is unknown."""
        explained = {one: self._passages.explain(one) for one in found if one not in self._told}
        return [one for one, why in explained.items() if why is False], None in explained.values()

    def _site(self, device: str) -> str:
        return self._sight.inventory.devices[device].site

    def _wrong_port(self, name: str, link: Link, stray: Sequence[Sighting]) -> Finding:
        words, (first, second) = self._sight.words, link.ends
        seen = words.joined(list(dict.fromkeys(one.beginning(first.device or "") for one in stray))[:MAX_EVIDENCE])
        declared = f"{first} – {second}"
        said = words.say("wrong_port", name=link.name or name, declared=declared, seen=seen)
        evidence = tuple(words.say("neighbour", seen=str(one)) for one in stray[:MAX_EVIDENCE])
        return Finding(WRONG_PORT, Subject("link", name), Severity.WARNING, said, evidence, site=first.site)

    def _not_seen(self, name: str, link: Link) -> Outcome:
        """Tell it once the link carried for so long that its neighbours have been read since."""
        subject, verdict, now = Subject("link", name), self._sight.network.links.get(name), self._sight.view.now
        if verdict is None or verdict.state.state not in {"up", "degraded"} or verdict.off or verdict.blocked:
            return FindingKey(DECLARED_NOT_SEEN, subject)
        if verdict.state.since is not None and now - verdict.state.since < REREAD_SECONDS:
            return FindingKey(DECLARED_NOT_SEEN, subject)
        instead = [one for end in link.ends for one in self._at(link, end)]
        self._told.update(instead)
        words, (first, second) = self._sight.words, link.ends
        said = words.say("declared_not_seen", name=link.name or name, first=str(first), second=str(second))
        if instead:
            said = words.say("seen_instead", said=said, seen=words.joined([str(one) for one in instead[:MAX_EVIDENCE]]))
        return Finding(DECLARED_NOT_SEEN, subject, Severity.INFO, said, site=first.site)

    def _at(self, link: Link, end: End) -> Iterator[Sighting]:
        """Yield what the device at an end of the link sees at the declared port."""
        if end.device is None or end.port is None:
            return
        for one in self._seen.by_seer.get(end.device, ()):
            if self._ports.is_same(link, end, one.port):
                yield one

    def _undeclared(self, device: str, found: Sequence[Sighting]) -> Finding:
        words, one = self._sight.words, found[0]
        said = words.say(
            "seen_not_declared",
            first=one.seer,
            second=one.seen,
            site=self._place(one.seer),
            far_site=self._place(one.seen),
            seen=str(one),
        )
        if len(found) > 1:
            said = words.say("more", text=said, count=len(found) - 1)
        evidence = tuple(words.say("neighbour", seen=str(one)) for one in found[:MAX_EVIDENCE])
        subject = Subject("device", device)
        return Finding(SEEN_NOT_DECLARED, subject, Severity.INFO, said, evidence, site=self._site(device))

    def _place(self, device: str) -> str:
        site = self._site(device)
        known = self._sight.inventory.sites.get(site)
        return (known.name if known is not None else None) or site


def _seeing_over_air(inventory: Inventory, seen: Sightings) -> frozenset[str]:
    """Return the ends of radio links that show such an end of another site: LLDP goes over their air."""
    ends = {end.device for link in inventory.links.values() if link.kind in AIR for end in link.ends}
    return frozenset(
        one.seer
        for found in seen.by_pair.values()
        for one in found
        if {one.seer, one.seen} <= ends and inventory.devices[one.seer].site != inventory.devices[one.seen].site
    )
