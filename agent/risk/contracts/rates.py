"""What lines deliver against what is contracted: the best of the last measurements counts. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Series, Severity, Subject
from agent.estate import LineRate
from agent.risk.catalogue.contracts import LINE_RATE_LOW, LineRateOptions
from agent.risk.rule import options_of
from agent.risk.sight import Outcome, Sight
from agent.risk.usage.words import bit_rate
from config.contracts import Bandwidth

MEASURED = "ringwacht_line_rate_bits_per_second"  # by direction: down, up
STALE_INTERVALS = 3  # without a measurement: what was measured before says nothing of today
KEPT = 5  # a line is shared with those who use it: one good measurement proves what it can
ENOUGH = 3


class _Point(NamedTuple):
    at: float
    rate: float


class LineBook:
    """The last measurements of each line, in memory only; after a restart nothing is judged before ``ENOUGH``."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, str], deque[_Point]] = {}

    def note(self, sight: Sight) -> None:
        """Keep what was measured since, and nothing of lines that are not measured any more."""
        links = sight.inventory.links
        gone = [key for key in self._points if key[0] not in links or links[key[0]].throughput is None]
        for key in gone:
            del self._points[key]
        for one in sight.view.series(MEASURED):
            link = links.get(one.subject.id) if one.subject.kind == "link" else None
            if link is not None and link.throughput is not None and 0 <= one.value < float("inf"):
                self._keep(one)

    def _keep(self, one: Series) -> None:
        key = one.subject.id, one.labels.get("direction", "")
        points = self._points.setdefault(key, deque(maxlen=KEPT))
        if not points or points[-1].at != one.at:
            points.append(_Point(one.at, one.value))

    def rate(self, link: str, agreed: Bandwidth) -> LineRate:
        """Return what is known of a line."""
        down, up = (self._points.get((link, way), ()) for way in ("down", "up"))
        newest = max((one.at for one in (*down, *up)), default=None)
        best_down, best_up = (max((one.rate for one in way), default=None) for way in (down, up))
        return LineRate(link, agreed.down, agreed.up, best_down, best_up, newest)

    def rates(self, sight: Sight) -> dict[str, LineRate]:
        """Return what is known of every line with a contracted bandwidth."""
        agreed = {name: contract.bandwidth for name, contract in sight.inventory.contracts.items()}
        return {
            name: self.rate(name, bandwidth)
            for name, link in sight.inventory.links.items()
            if link.contract is not None and (bandwidth := agreed.get(link.contract)) is not None
        }

    def judge(self, sight: Sight, rates: Mapping[str, LineRate]) -> Iterator[Outcome]:
        """Yield ``line_rate_low`` for those that are measured."""
        for name, rate in rates.items():
            subject, link = Subject("link", name), sight.inventory.links[name]
            ways = [self._points[name, way] for way in ("down", "up") if (name, way) in self._points]
            if link.throughput is None:
                continue
            oldest = sight.view.now - STALE_INTERVALS * link.throughput.interval
            if not ways or min(map(len, ways)) < ENOUGH or min(way[-1].at for way in ways) < oldest:
                yield FindingKey(LINE_RATE_LOW, subject)
            else:
                yield from _low(sight, subject, rate)


def _low(sight: Sight, subject: Subject, rate: LineRate) -> Iterator[Finding]:
    words, link = sight.words, sight.inventory.links[subject.id]
    share = options_of(sight.settings, LINE_RATE_LOW, LineRateOptions).below
    ways = (("down", rate.delivered_down, rate.contracted_down), ("up", rate.delivered_up, rate.contracted_up))
    low = [(way, got, agreed) for way, got, agreed in ways if got is not None and got < share * agreed]
    if not low:
        return
    lines = tuple(
        words.say(f"line_rate_{way}", rate=bit_rate(words, got), agreed=bit_rate(words, agreed))
        for way, got, agreed in low
    )
    name = link.name or subject.id
    said = words.say("line_rate_low", name=name, share=words.percent(share), rates=words.joined(lines))
    contract = None if link.contract is None else sight.inventory.contracts.get(link.contract)
    more = [words.say("line_circuit", circuit=link.circuit)] if link.circuit is not None else []
    if contract is not None and contract.hotline is not None:
        more.append(words.say("contract_hotline", provider=contract.provider, number=contract.hotline))
    if rate.measured_at is not None:
        more.append(words.say("line_rate_measured", at=sight.moment(rate.measured_at), count=KEPT))
    yield Finding(LINE_RATE_LOW, subject, Severity.INFO, said, tuple(more), site=link.ends[0].site)
