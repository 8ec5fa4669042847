"""What changes seldom is not judged at each look: neighbours are read each hour or so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from agent.risk.lldp.neighbours import judge_neighbours
from agent.risk.sight import Outcome, Sight
from config.inventory import Inventory
from config.settings import Settings

# Rule families, and for how many seconds what they found is kept.
SELDOM: Mapping[Callable[[Sight], Iterator[Outcome | None]], float] = {judge_neighbours: 60.0}


class SeldomBook:
    """What these rule families last found; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._kept: dict[Callable[[Sight], Iterator[Outcome | None]], tuple[float, tuple[Outcome, ...]]] = {}
        self._configured: tuple[Inventory, Settings] | None = None

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield what they find, anew where it is old; pauses wherever the loop may turn."""
        known = self._configured
        if known is None or known[0] is not sight.inventory or known[1] is not sight.settings:
            self._kept, self._configured = {}, (sight.inventory, sight.settings)
        for judge_family, seconds in SELDOM.items():
            kept = self._kept.get(judge_family)
            if kept is None or not 0 <= sight.view.now - kept[0] < seconds:
                found: list[Outcome] = []
                for outcome in judge_family(sight):
                    if outcome is None:
                        yield None
                    else:
                        found.append(outcome)
                kept = self._kept[judge_family] = (sight.view.now, tuple(found))
            yield from kept[1]
