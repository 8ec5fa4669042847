"""What the rules of Prometheus make people hear of whole courses: what the daemon itself tells, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from agent.contract import LabelPairs
from exporters.prometheus.findings import standing_findings
from exporters.rules.document import render
from tests.courses.counties import RING
from tests.courses.stage import ALERTING, Stage
from tests.courses.test_patience import NEEDY, fading, quiet
from tests.exporters.rules.promtool import Case, promtool_finds

pytestmark = pytest.mark.integration

SCRAPED = 15
# Flaws by design stand from the beginning.
_OF_THE_COURSE = 'alertstate="firing", alertname!~"single_point_of_failure|failover_overload"'
_LEADING = f'ALERTS{{leads="true", {_OF_THE_COURSE}}}'
# As the example of an Alertmanager inhibits.
_FOLLOWING = f'(ALERTS{{leads="false", {_OF_THE_COURSE}}} unless on (municipality, cause) {_LEADING})'


class Watched:
    """A stage whose findings Prometheus scrapes, and what its people were told."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.scrapes: list[frozenset[LabelPairs]] = []
        self.told: set[tuple[str, str]] = set()

    async def run(self, seconds: int) -> None:
        for _ in range(seconds // SCRAPED):
            _, series = standing_findings(tuple(self.stage.state.alerts.values()))
            self.scrapes.append(frozenset(labels for labels, _ in series))
            await self.stage.run(SCRAPED)
        self.told |= {(one.rule, one.subject) for one in self.stage.told() if one.state == "firing"}

    def check(self, folder: Path) -> None:
        """What Prometheus and Alertmanager ever told is what the daemon did."""
        end = f"{(len(self.scrapes) - 1) * SCRAPED}s"
        heard = f"max by (alertname, subject) (max_over_time(({_LEADING} or {_FOLLOWING})[{end}:{SCRAPED}s]))"
        wanted = [f'{{alertname="{rule}", subject="{subject}"}}' for rule, subject in sorted(self.told)]
        rules = render(self.stage.inventory, self.stage.settings)
        promtool_finds(Case(dict(self._series()), heard, {end: wanted}), rules, folder, f"{SCRAPED}s")

    def _series(self) -> Iterator[tuple[str, str]]:
        for labels in frozenset[LabelPairs]().union(*self.scrapes):
            pairs = (*labels, ("instance", "127.0.0.1:9595"), ("job", "ringwacht"))
            name = ",".join(f'{label}="{value}"' for label, value in pairs)
            yield f"ringwacht_finding{{{name}}}", " ".join(self._values(labels))

    def _values(self, labels: LabelPairs) -> Iterator[str]:
        there = False
        for scrape in self.scrapes:
            yield "1" if labels in scrape else "stale" if there else "_"
            there = labels in scrape


async def on_the_ring(**rules: object) -> Watched:
    stage = Stage(RING, {"alerting": {**ALERTING, "rules": rules}})
    await stage.run(900, step=5)
    stage.told()
    watched = Watched(stage)
    await watched.run(60)
    return watched


async def cut(watched: Watched, links: Sequence[str], seconds: int, *traps: str, sites: Sequence[str] = ()) -> None:
    watched.stage.down |= set(links)
    watched.stage.dead |= watched.stage.devices_at(*sites)
    watched.stage.trap(*traps)
    await watched.run(seconds)


async def mended(watched: Watched, *traps: str) -> None:
    watched.stage.down.clear()
    watched.stage.dead.clear()
    watched.stage.trap(*traps)
    await watched.run(600)


async def test_of_a_site_that_is_cut_off_link_by_link_each_cut_is_heard_once(tmp_path: Path) -> None:
    watched = await on_the_ring()
    await cut(watched, ["kh-wad"], 120, "rr-kh-a")
    await cut(watched, ["wad-sas"], 600, "rr-sas-a", sites=["wadersloh"])
    await mended(watched, "rr-kh-a", "rr-sas-a")
    assert watched.told == {("link_down", "link:kh-wad"), ("site_isolated", "site:wadersloh")}
    watched.check(tmp_path)


async def test_what_else_is_found_of_a_site_that_is_cut_off_is_not_heard(tmp_path: Path) -> None:
    watched = await on_the_ring()
    await cut(watched, ["kh-wad", "wad-sas"], 300, "rr-kh-a", "rr-sas-a", sites=["wadersloh"])
    await mended(watched)
    assert watched.told == {("site_isolated", "site:wadersloh")}
    watched.check(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "times", "heard"),
    [
        (300, {}, True),
        (300, {"clear": "10s"}, True),  # its followers end a minute later
        (15, {"hold": "30s"}, False),
    ],
)
async def test_what_follows_a_cut_is_not_heard_once_the_cut_has_ended(
    seconds: int, times: dict[str, str], heard: bool, tmp_path: Path
) -> None:
    watched = await on_the_ring(link_down=times)
    await cut(watched, ["kh-wad"], seconds, "rr-kh-a")
    await mended(watched, *(() if heard else ("rr-kh-a",)))
    assert watched.told == ({("link_down", "link:kh-wad")} if heard else set())
    watched.check(tmp_path)


async def test_a_shower_is_heard_by_nobody(tmp_path: Path) -> None:
    watched = Watched(await fading(12.0))
    await watched.run(405)
    watched.stage.down.clear()
    await watched.run(600)
    assert watched.told == set()
    watched.check(tmp_path)


@pytest.mark.parametrize("hold", ["30s", "5m"])
async def test_services_that_hold_less_than_their_server_are_not_heard(hold: str, tmp_path: Path) -> None:
    stage = await quiet(NEEDY, rules={"device_unreachable": {"hold": hold}})
    watched = Watched(stage)
    stage.dead.add("srv")
    stage.failing |= {"dms", "portal", "kita"}
    await watched.run(600)
    assert watched.told == {("device_unreachable", "device:srv")}
    watched.check(tmp_path)


async def test_what_is_still_broken_when_its_cause_has_ended_is_heard(tmp_path: Path) -> None:
    stage = await quiet(NEEDY)
    watched = Watched(stage)
    stage.dead.add("srv")
    stage.failing |= {"dms", "kita"}
    await watched.run(300)
    stage.dead.clear()
    await watched.run(900)
    assert watched.told == {
        ("device_unreachable", "device:srv"),
        ("service_failing", "service:dms"),
        ("service_failing", "service:kita"),
    }
    watched.check(tmp_path)
