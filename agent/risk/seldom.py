"""What changes seldom, or takes long to judge, is not judged at each look; what was found stands until it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from agent.risk.assets.book import AssetBook
from agent.risk.clouds import judge_clouds
from agent.risk.configs import judge_config_backups
from agent.risk.fleet.listed import Register
from agent.risk.fleets import FleetBook
from agent.risk.licences import judge_licences
from agent.risk.lldp.neighbours import judge_neighbours
from agent.risk.register import RegisterBook
from agent.risk.sight import Outcome, Sight
from agent.risk.sources import judge_sources
from agent.risk.versions import VersionBook
from config.inventory import Inventory
from config.settings import Settings

# Rule families, and for how many seconds what they found is kept.
SELDOM: Mapping[Callable[[Sight], Iterator[Outcome | None]], float] = {
    judge_neighbours: 60.0,
    judge_licences: 60.0,
    judge_clouds: 60.0,
    judge_sources: 60.0,
    judge_config_backups: 10.0,  # that a device shows another key must be told soon
}
# Within the first minutes everything is polled for the first time: who has just started it should not wait twice.
FIRST_ROUND_SECONDS = 180.0
EARLY_SECONDS = 5.0


def _looks() -> Iterator[Callable[[Sight], Iterator[Outcome | None]]]:
    """Yield the families that remember what they counted; two of them read one register."""
    assets = AssetBook()
    yield from (FleetBook().look, VersionBook(Register(assets)).look, RegisterBook(assets).look)


class SeldomBook:
    """What these rule families last found; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._kept: dict[Callable[[Sight], Iterator[Outcome | None]], tuple[float, tuple[Outcome, ...]]] = {}
        self._configured: tuple[Inventory, Settings] | None = None
        self._since = 0.0
        self._families = {**SELDOM, **dict.fromkeys(_looks(), 60.0)}

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield what they find, anew where it is old; pauses wherever the loop may turn."""
        known = self._configured
        if known is None or known[0] is not sight.inventory or known[1] is not sight.settings:
            self._kept, self._configured, self._since = {}, (sight.inventory, sight.settings), sight.view.now
        soon = 0 <= sight.view.now - self._since < FIRST_ROUND_SECONDS
        for judge_family, usual in self._families.items():
            seconds = min(usual, EARLY_SECONDS) if soon else usual
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
