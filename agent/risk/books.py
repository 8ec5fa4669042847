"""What judgement remembers from look to look."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.risk.network.book import NetworkBook
from agent.risk.seldom import SeldomBook
from agent.risk.usage.book import UsageBook
from agent.risk.watch import ThresholdBook


@dataclass(frozen=True, slots=True)
class Books:
    """One each for the life of the daemon; ``thresholds`` is that of the configuration in force."""

    thresholds: ThresholdBook
    network: NetworkBook = field(default_factory=NetworkBook)
    usage: UsageBook = field(default_factory=UsageBook)
    seldom: SeldomBook = field(default_factory=SeldomBook)
