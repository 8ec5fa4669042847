"""What people call links, sites and other elements of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agent.contract import Subject
from agent.risk.texts import Words
from config.inventory import Inventory, Link

MAX_NAMED = 5  # sites in one sentence


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one inventory. ``crowded``: pairs of sites that more than one unnamed link joins."""

    inventory: Inventory
    words: Words
    crowded: frozenset[frozenset[str]]

    @classmethod
    def of(cls, inventory: Inventory, words: Words) -> Names:
        """Look through all links once."""
        pairs = Counter(map(_sites, inventory.links.values()))
        return cls(inventory, words, frozenset(pair for pair, count in pairs.items() if count > 1))

    def site(self, site: str) -> str:
        """Return the site's name, or its id."""
        known = self.inventory.sites.get(site)
        return (known.name if known is not None else None) or site

    def sites(self, sites: Iterable[str]) -> str:
        """Return the names of the sites as ``a, b and c``; of many the first ones, and how many more."""
        names = [self.site(site) for site in sites]
        return self.words.joined(self.words.few(names, MAX_NAMED if len(names) <= MAX_NAMED else MAX_NAMED - 1))

    def link(self, name: str) -> str:
        """Return the link's name; without one both sites, and the id where more than one link joins them."""
        link = self.inventory.links[name]
        if link.name:
            return link.name
        one, other = (self.site(end.site) for end in link.ends)
        if one == other:
            return name
        if _sites(link) in self.crowded:
            return self.words.say("between_named", one=one, other=other, id=name)
        return self.words.say("between", one=one, other=other)

    def label(self, name: str) -> str:
        """Return the link's name with what it is: ``hop Kreishaus–Wadersloh``."""
        kind = "hop" if self.inventory.links[name].kind == "radio" else "line"
        return self.words.say(kind, name=self.link(name))

    def element(self, element: Subject) -> str:
        """Return what an element of the network is called."""
        if element.kind == "link":
            return self.label(element.id)
        if element.kind == "site":
            return self.words.say("site_of", name=self.site(element.id))
        if element.kind == "power":
            return self.words.say("power_of", name=element.id)
        if element.kind == "device":
            return self.words.say("device_of", name=element.id)
        derived, slash, member = element.id.partition("/")  # of all that has one provider, or stands in one room
        return self.words.say(f"group_{derived}" if slash else "group", name=member or element.id)


def _sites(link: Link) -> frozenset[str]:
    return frozenset(end.site for end in link.ends)
