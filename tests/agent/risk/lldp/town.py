"""A town whose switches show their neighbours (LLDP), to compare with declared links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from agent.contract import (
    ElementState,
    Finding,
    FindingKey,
    Harvest,
    JobKey,
    JobState,
    Layout,
    LinkVerdict,
    Neighbour,
    Network,
    Reading,
    Series,
    Subject,
    Target,
)
from agent.risk.lldp.neighbours import REREAD_SECONDS, judge_neighbours
from agent.risk.lldp.sightings import SNMP
from agent.risk.sight import Outcome, Sight
from tests.agent.risk.scene import NOW, Scene, Windows
from tests.harness.fakes import FakeView

SITES = {name: {"name": name.upper()} for name in ("a", "b", "c", "d")}
UP = ElementState("up", since=NOW - 2 * REREAD_SECONDS)


def device(site: str, **more: object) -> dict[str, object]:
    return {"site": site, **more}


class Town:
    """Switches ``sw-a`` … at the sites ``a`` …, with these links; every link carries unless told otherwise."""

    def __init__(
        self,
        links: Mapping[str, Any],
        devices: Mapping[str, Any] | None = None,
        language: str = "en",
    ) -> None:
        switches = {f"sw-{site}": device(site, role="switch") for site in SITES}
        inventory = {"sites": SITES, "devices": {**switches, **(devices or {})}, "links": links}
        self.scene = Scene(inventory, language=language)
        self.states: dict[str, ElementState] = {}
        self.verdicts: dict[str, LinkVerdict] = {}
        self._neighbours: dict[str, list[Neighbour]] = {}
        self._facts: dict[str, dict[str, str]] = {}
        self._others: list[JobState] = []
        self._series: list[tuple[str, Series]] = []

    def sees(self, seer: str, port: str, system: str, far_port: str, chassis: str = "") -> Town:
        self._neighbours.setdefault(seer, []).append(Neighbour(port, system, far_port, chassis, ("bridge",)))
        return self

    def cable(self, one: str, other: str) -> Town:
        """Two devices show each other: ``cable("sw-a/1", "sw-b/2")``."""
        (first, port), (second, far_port) = (end.split("/", 1) for end in (one, other))
        return self.sees(first, port, second, far_port).sees(second, far_port, first, port)

    def says(self, name: str, **facts: str) -> Town:
        self._facts.setdefault(name, {}).update(facts)
        self._neighbours.setdefault(name, [])
        return self

    def jobs(self, *jobs: JobState) -> Town:
        self._others.extend(jobs)
        return self

    def port(self, name: str, **labels: str) -> Town:
        return self.shows("ifOperStatus", name, **labels)

    def shows(self, family: str, name: str, **labels: str) -> Town:
        self._series.append((family, Series(Subject("device", name), None, labels, 1, NOW)))
        return self

    def outcomes(self) -> list[Outcome | None]:
        return list(self._judged())

    def findings(self) -> dict[str, Finding]:
        found = [one for one in self._judged() if isinstance(one, Finding)]
        return {f"{one.rule} {one.subject}": one for one in found}

    def unverified(self) -> set[str]:
        return {f"{one.rule} {one.subject}" for one in self._judged() if isinstance(one, FindingKey)}

    def _judged(self) -> Iterator[Outcome | None]:
        jobs = [*map(self._job, self._neighbours), *self._others]
        made = self.scene
        sight = Sight.of(made.inventory, made.settings, FakeView(jobs, self._series, NOW), Windows({}))
        links = {
            name: LinkVerdict(name, ("", ""), self.states.get(name, UP)) for name in made.inventory.links
        } | self.verdicts
        return judge_neighbours(replace(sight, network=Network(NOW, links)))

    def _job(self, name: str) -> JobState:
        key = JobKey(Subject("device", name), SNMP)
        target = Target(key.subject)
        harvest = Harvest(Layout(), (), self._facts.get(name, {}), tuple(self._neighbours[name]))
        return JobState(key, target, True, reading=Reading(key, target, NOW, 0.1, harvest))


def fibre(one: str, other: str, **more: object) -> dict[str, object]:
    return {"kind": "fibre", "ends": [one, other], **more}
