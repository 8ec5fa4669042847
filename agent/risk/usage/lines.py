"""Lines: how full they are, what is used of them, and whether they deliver what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.figures import LINK_CONTRACTED, LINK_DELIVERED, LINK_USAGE_P95, LINK_UTILISATION
from agent.risk.catalogue.usage import LINE_BELOW_CONTRACT, LineOptions
from agent.risk.hop.state import look
from agent.risk.network.capacity import negotiated
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.usage.ends import HISTORY_SECONDS, direction, rate_towards, rates_towards
from agent.risk.usage.percentile import percentile_of_days
from agent.risk.usage.rates import Grid
from agent.risk.usage.words import bit_rate
from config.inventory import Link


class _Agreed(NamedTuple):
    """What a line is to carry: bits per second towards us and away from us."""

    down: float
    up: float
    contracted: bool


def judge_usage(sight: Sight, name: str) -> Iterator[Outcome]:
    """Yield the 95th percentile of a link for each direction, over all that is remembered."""
    link = sight.inventory.links[name]
    grid = Grid.of(sight.view.now, HISTORY_SECONDS)
    for end in (0, 1):
        used = percentile_of_days(rates_towards(sight, link, end, grid))
        if used is not None:
            yield Measure(LINK_USAGE_P95, (name, direction(link, end)), used)


def judge_line(sight: Sight, name: str) -> Iterator[Outcome]:
    """Yield a link's utilisation, what was agreed and what it delivers, and ``line_below_contract``."""
    link = sight.inventory.links[name]
    yield from _utilisation(sight, name, link)
    agreed = _agreed(sight, link)
    if agreed is None:
        return
    yield Measure(LINK_CONTRACTED, (name, "down"), agreed.down)
    yield Measure(LINK_CONTRACTED, (name, "up"), agreed.up)
    rate = _delivered(sight, name, link)
    if rate is not None:
        yield Measure(LINK_DELIVERED, (name,), rate)
    if link.kind != "radio" or agreed.contracted:  # else its capacity is judged with the hop itself
        yield from _judge_agreed(sight, name, agreed, rate)


def _utilisation(sight: Sight, name: str, link: Link) -> Iterator[Outcome]:
    capacity = _capacity(sight, name, link)
    if capacity is None:
        return
    for end in (0, 1):
        rate = rate_towards(sight, link, end, capacity)
        if rate is not None:
            yield Measure(LINK_UTILISATION, (name, direction(link, end)), rate / capacity)


def _capacity(sight: Sight, name: str, link: Link) -> float | None:
    """Return what it can carry now, as far as that is measured."""
    verdict = sight.network.links.get(name)
    now = None if verdict is None else verdict.capacity
    return now or link.capacity


def _agreed(sight: Sight, link: Link) -> _Agreed | None:
    contract = None if link.contract is None else sight.inventory.contracts.get(link.contract)
    if contract is not None and contract.bandwidth is not None:
        return _Agreed(contract.bandwidth.down, contract.bandwidth.up, contracted=True)
    return None if link.capacity is None else _Agreed(link.capacity, link.capacity, contracted=False)


def _delivered(sight: Sight, name: str, link: Link) -> float | None:
    """Return the lowest rate that the line delivers: of a radio the hop's, else what its ports negotiated."""
    if link.kind != "radio":
        return negotiated(sight, link)
    hop = look(sight, name, link)
    return None if hop is None else hop.capacity_bits_per_second


def _judge_agreed(sight: Sight, name: str, agreed: _Agreed, rate: float | None) -> Iterator[Outcome]:
    link, verdict = sight.inventory.links[name], sight.network.links.get(name)
    if not any(end.port is not None or (link.kind == "radio" and end.device is not None) for end in link.ends):
        return  # nothing could ever tell
    if rate is None or (verdict is not None and verdict.state.state == "down"):
        yield FindingKey(LINE_BELOW_CONTRACT, Subject("link", name))
        return
    # a port has one rate for both directions; of a radio's the lower one is known, and not which of them it is
    wanted = min(agreed.down, agreed.up) if link.kind == "radio" else max(agreed.down, agreed.up)
    if rate < options_of(sight.settings, LINE_BELOW_CONTRACT, LineOptions).below * wanted:
        yield _below(sight, name, agreed, wanted, rate)


def _below(sight: Sight, name: str, agreed: _Agreed, wanted: float, rate: float) -> Finding:
    words, link = sight.words, sight.inventory.links[name]
    key = "line_below_contract" if agreed.contracted else "line_below_capacity"
    said = words.say(key, name=link.name or name, rate=bit_rate(words, rate), agreed=bit_rate(words, wanted))
    evidence = [words.say("line_agreed", down=bit_rate(words, agreed.down), up=bit_rate(words, agreed.up))]
    if link.circuit is not None:
        evidence.append(words.say("line_circuit", circuit=link.circuit))
    norm, subject = RULES[LINE_BELOW_CONTRACT].norm, Subject("link", name)
    return Finding(
        LINE_BELOW_CONTRACT, subject, Severity.WARNING, said, tuple(evidence), norm=norm, site=link.ends[0].site
    )
