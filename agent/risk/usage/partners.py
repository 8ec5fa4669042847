"""Partners: what they use of the bandwidth that they rent. Sums of a line, never who sent what."""

from __future__ import annotations

from collections.abc import Generator

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.figures import PARTNER_RENTED, PARTNER_USAGE_P95
from agent.risk.catalogue.usage import PARTNER_OVER_RENTED
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.usage.ends import HISTORY_SECONDS
from agent.risk.usage.percentile import percentile_of_days
from agent.risk.usage.rates import Grid
from agent.risk.usage.transit import links_of, site_flows
from agent.risk.usage.words import bit_rate
from config.inventory import Inventory, Partner


def judge_partner(sight: Sight, name: str) -> Generator[Outcome | None]:
    """Yield the 95th percentile of what a partner uses, and ``partner_over_rented``; pauses after each port.

    Used is what its links bring to its site and take from there, without what passes through. ``rented`` is compared
    with the busier direction.
    """
    partner = sight.inventory.partners[name]
    if partner.rented is not None:
        yield Measure(PARTNER_RENTED, (name,), partner.rented)
    used = yield from _used(sight, partner)
    for way, rate in used.items():
        yield Measure(PARTNER_USAGE_P95, (name, way), rate)
    if partner.rented is None:
        return
    if not used:
        yield FindingKey(PARTNER_OVER_RENTED, Subject("partner", name))
    elif max(used.values()) > partner.rented:
        yield _over(sight, name, partner, used)


def _used(sight: Sight, partner: Partner) -> Generator[None, None, dict[str, float]]:
    """Return bits per second by direction; empty where they are not known."""
    site = place(sight.inventory, partner)
    links = [] if site is None else links_of(site, (sight.inventory.links[link] for link in partner.links))
    if site is None or not links:
        return {}
    flows = yield from site_flows(sight, site, links, Grid.of(sight.view.now, HISTORY_SECONDS))
    if flows is None:
        return {}
    found = {"down": percentile_of_days(flows.down), "up": percentile_of_days(flows.up)}
    return {way: rate for way, rate in found.items() if rate is not None}


def place(inventory: Inventory, partner: Partner) -> str | None:
    """Return where a partner is connected: as declared, else the one site that all its links share, no core site."""
    if partner.site is not None:
        return partner.site
    ends = [{end.site for end in inventory.links[link].ends} for link in partner.links]
    shared = set[str].intersection(*ends) if ends else set[str]()
    candidates = [site for site in shared if not inventory.sites[site].core]
    return candidates[0] if len(candidates) == 1 else None


def _over(sight: Sight, name: str, partner: Partner, used: dict[str, float]) -> Finding:
    words, rented = sight.words, partner.rented or 0.0
    way = max(used, key=lambda one: used[one])
    said = words.say(
        "partner_over_rented",
        name=partner.name or name,
        used=bit_rate(words, used[way]),
        way=words.say(f"way_{way}"),
        rented=bit_rate(words, rented),
    )
    evidence = [
        words.say("partner_used", way=words.say(f"way_{one}"), used=bit_rate(words, rate)) for one, rate in used.items()
    ]
    evidence.append(words.say("partner_links", links=words.joined(partner.links)))
    norm = RULES[PARTNER_OVER_RENTED].norm
    subject = Subject("partner", name)
    return Finding(
        PARTNER_OVER_RENTED,
        subject,
        Severity.INFO,
        said,
        tuple(evidence),
        norm=norm,
        site=place(sight.inventory, partner),
    )
