"""What would one more failure do? Sites that it cuts off, and ways left that would carry too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.figures import ELEMENT_ISOLATES, N1_ISOLATED, N1_UTILISATION
from agent.risk.catalogue.network import FAILOVER_OVERLOAD, SINGLE_POINT_OF_FAILURE, OverloadOptions
from agent.risk.network.picture import Picture
from agent.risk.network.work import Overload
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight

_MEGABIT = 1e6
MAX_LISTED = 10
# What was found loaded too much stays so until it is less than this share of the bound.
CLEAR_SHARE = 0.95


def judge_single_failures(sight: Sight, picture: Picture) -> Iterator[Outcome | None]:
    """Yield ``single_point_of_failure``, ``failover_overload`` and the figures of every single failure."""
    yield from _weak_points(sight, picture)
    yield None
    yield from _overloads(sight, picture)
    by_design = {one.failed[0]: len(one.isolated) for one in picture.network.weaknesses}
    for one in picture.network.failures:
        element = str(one.failed[0])
        yield Measure(N1_ISOLATED, (element,), len(one.isolated))
        yield Measure(ELEMENT_ISOLATES, (element,), by_design.get(one.failed[0], 0))
    for site, ratio in picture.network.site_utilisation.items():
        yield Measure(N1_UTILISATION, (site,), ratio)


def _weak_points(sight: Sight, picture: Picture) -> Iterator[Finding]:
    """What a single link explains is not said again of the devices at its ends; nor that what all need is needed."""
    weaknesses = picture.network.weaknesses
    by_link = {one.failed[0].id: set(one.isolated) for one in weaknesses if one.failed[0].kind == "link"}
    needed = {need for site in picture.network.sites.values() for need in site.needs}
    for one in weaknesses:
        element = one.failed[0]
        isolated = set(one.isolated)
        if element.kind == "site" and element.id in needed:
            continue
        if element.kind != "link":
            lost = picture.declared.topology.loss([element]).links
            isolated -= {site for link in lost for site in by_link.get(link, ())}
        if isolated:
            yield _weak_point(sight, picture, element, [site for site in one.isolated if site in isolated])


def _weak_point(sight: Sight, picture: Picture, element: Subject, isolated: list[str]) -> Finding:
    names = picture.names.sites(isolated)
    key = "spof" if len(isolated) == 1 else "spof_each"
    said = sight.words.say(key, element=picture.names.element(element), sites=names)
    rule = RULES[SINGLE_POINT_OF_FAILURE]
    return Finding(rule.name, element, Severity.INFO, said, norm=rule.norm, site=isolated[0])


def _overloads(sight: Sight, picture: Picture) -> Iterator[Outcome]:
    """One finding a link, on the failure that loads it most; what it carries now comes first.

    While something is down or unknown, what is not found is not known to be good: it is another network that is asked.
    """
    bound = options_of(sight.settings, FAILOVER_OVERLOAD, OverloadOptions).above
    ratios = _present(picture)
    present = {link: ratio for link, ratio in ratios.items() if ratio > bound}
    for link in sight.inventory.links:
        if link in present or link in picture.overloads:
            yield _overload(sight, picture, link, present.get(link), picture.overloads.get(link, ()))
        elif not picture.whole or ratios.get(link, 0.0) > bound * CLEAR_SHARE:
            yield FindingKey(FAILOVER_OVERLOAD, Subject("link", link))


def _present(picture: Picture) -> Mapping[str, float]:
    links = picture.network.links.values()
    return {link.id: link.load / link.capacity for link in links if link.load is not None and link.capacity}


def _overload(sight: Sight, picture: Picture, link: str, present: float | None, after: Sequence[Overload]) -> Finding:
    words = sight.words
    cases = sorted(after, key=lambda case: -case.ratio)
    ratio = cases[0].ratio if present is None else present
    capacity = picture.network.links[link].capacity or 0.0
    figures = {
        "link": picture.names.label(link),
        "load": _rate(words.number(ratio * capacity / _MEGABIT)),
        "capacity": _rate(words.number(capacity / _MEGABIT)),
        "ratio": words.percent(ratio),
    }
    if present is not None:
        said = words.say("overloaded", **figures)
    else:
        said = words.say("overload", element=picture.names.element(cases[0].element), **figures)
    evidence = tuple(
        words.say("overload_one", element=picture.names.element(one.element), ratio=words.percent(one.ratio))
        for one in cases[:MAX_LISTED]
    )
    rule, site = RULES[FAILOVER_OVERLOAD], picture.network.links[link].ends[0]
    return Finding(rule.name, Subject("link", link), Severity.WARNING, said, evidence, norm=rule.norm, site=site)


def _rate(megabits: str) -> str:
    return f"{megabits} Mbit/s"
