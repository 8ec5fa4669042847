"""What an exporter says of its own collectors: where one failed, its page is incomplete. Pure.

Sources: node_exporter's collector/collector.go, windows_exporter's pkg/collector/collect.go; mysqld_exporter and
postgres_exporter name their families alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from agent.layout import clean_text
from collectors.scrape.lines import SampleLine

MAX_COLLECTORS = 1000  # no exporter has nearly as many
MAX_NAMED = 10

# The end of a family's name, and the value that says that all is well.
_VERDICTS = (("_collector_success", 1.0), ("_collector_timeout", 0.0))
_COLLECTOR = re.compile(r'[{,][ \t]*collector[ \t]*=[ \t]*"([^"\\]*(?:\\.[^"\\]*)*)"')

# node_exporter calls it a failure, too, where the machine lacks what a collector reads (ErrNoData).
_NODE = "node_scrape_collector_success"
_MAY_LACK = frozenset(
    {
        *("bonding", "conntrack", "dmi", "drbd", "edac", "fibrechannel", "hwmon", "infiniband", "ipvs", "kernel_hung"),
        *("mdadm", "nfs", "nfsd", "nvme", "os", "powersupplyclass", "pressure", "rapl", "schedstat", "tapestats"),
        *("thermal_zone", "timex", "udp_queues", "watchdog", "wifi", "xfrm", "zfs"),
    }
)


class Verdict(NamedTuple):
    """A sample that tells of a collector: which sample, its value if all is well; ``sure``: any other is a failure."""

    sample: int
    good: float
    collector: str
    sure: bool


class Health:
    """The collectors of a page's exporter, and which of them brought something on an earlier page."""

    def __init__(self, samples: Iterable[SampleLine], before: Health | None = None) -> None:
        self._verdicts = tuple(islice(_verdicts(samples), MAX_COLLECTORS))
        self._proven: set[str] = before._proven if before is not None else set()

    def notes(self, values: Sequence[float]) -> tuple[str, ...]:
        """Return what the page with these values lacks: at most one line, which names the collectors that failed.

        One that may have nothing to read is believed to have nothing until it has brought something.
        """
        failed = [verdict for verdict in self._verdicts if values[verdict.sample] != verdict.good]
        self._proven.update(
            verdict.collector
            for verdict in self._verdicts
            if not verdict.sure and values[verdict.sample] == verdict.good
        )
        names = dict.fromkeys(one.collector for one in failed if one.sure or one.collector in self._proven)
        if not names:
            return ()
        more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        return (clean_text(f"failed in the exporter: {', '.join(islice(names, MAX_NAMED))}{more}"),)


def _verdicts(samples: Iterable[SampleLine]) -> Iterator[Verdict]:
    for index, sample in enumerate(samples):
        for end, good in _VERDICTS:
            if sample.name.endswith(end):
                found = _COLLECTOR.search(sample.prefix)
                collector = clean_text(found[1], 64) if found else sample.name[:64]
                yield Verdict(index, good, collector, sample.name != _NODE or collector not in _MAY_LACK)
