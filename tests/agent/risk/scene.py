"""A scene to judge: an inventory, settings, what the jobs say and which series are fresh."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, NamedTuple

from agent.contract import (
    Finding,
    FindingKey,
    Harvest,
    JobKey,
    JobState,
    Judgement,
    Layout,
    Reading,
    Reason,
    Series,
    Subject,
    Target,
    View,
)
from agent.contract import Windows as History
from agent.risk.books import Books
from agent.risk.judge import judging
from agent.risk.rules import RULE_OPTIONS
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.harness.fakes import FakeView

NOW = 1_800_000_000.0


def drained(portions: Generator[None, None, Judgement]) -> tuple[Judgement, int]:
    """Return what is judged, and in how many portions."""
    count = 1
    while True:
        try:
            next(portions)
        except StopIteration as done:
            judgement: Judgement = done.value
            return judgement, count
        count += 1


def judge(
    inventory: Inventory, settings: Settings, view: View, windows: History, guard: Guard | None = None
) -> Judgement:
    """Judge for the first time."""
    book = ThresholdBook(thresholds_of(inventory, settings))
    outlook = (guard or Guard()).look(view, settings)
    return drained(judging(inventory, settings, outlook, windows, Books(book)))[0]


class Remembered(NamedTuple):
    """What is kept of a series: (seconds since the epoch, value), oldest first."""

    family: str
    subject: Subject
    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]


class Windows:
    def __init__(self, slopes: Mapping[str, float], remembered: Sequence[Remembered] = ()) -> None:
        self._slopes = slopes
        self._remembered = remembered

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        return self._slopes.get(labels["mountpoint"])

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        for one in self._remembered:
            if (one.family, one.subject) == (family, subject) and labels.items() <= one.labels.items():
                return one.points
        return ()


def subject_of(text: str) -> Subject:
    kind, _, name = text.partition(":")
    return Subject(kind, name)  # type: ignore[arg-type]  # the test names a kind that exists


def job(  # a job that succeeded just now, unless told otherwise
    subject: str = "device:sw-1",
    check: str = "icmp",
    *,
    up: bool | None = True,
    failures: int = 0,
    reason: Reason | None = None,
    detail: str = "",
    since: float = NOW - 10,
    last_attempt: float | None = NOW,
    partial: tuple[str, ...] = (),
) -> JobState:
    key = JobKey(subject_of(subject), check)
    target = Target(key.subject, site="rathaus")
    reading = Reading(key, target, NOW, 0.1, Harvest(Layout(), (), partial=partial))
    return JobState(
        key,
        target,
        up,
        reason,
        detail,
        failures,
        since,
        last_attempt,
        last_attempt if up else NOW - 300,
        0.1,
        reading if up else None,
    )


def failed(
    subject: str = "device:sw-1",
    check: str = "icmp",
    reason: Reason = Reason.TIMEOUT,
    *,
    failures: int = 2,
    detail: str = "",
    since: float = NOW - 10,
) -> JobState:
    return job(subject, check, up=False, failures=failures, reason=reason, detail=detail, since=since)


def unpolled(subject: str = "device:sw-1", check: str = "icmp") -> JobState:
    return job(subject, check, up=None, last_attempt=None)


class Scene:
    def __init__(
        self,
        inventory: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        language: str = "en",
    ) -> None:
        sites = {"rathaus": {"name": "Rathaus"}, "kreishaus": {"core": True}}
        self.inventory = Inventory.model_validate({"sites": sites, **(inventory or {})})
        raw = {"municipality": {"language": language}, **(settings or {})}
        self.settings = Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))
        self._jobs: list[JobState] = []
        self._series: list[tuple[str, Series]] = []
        self.slopes: dict[str, float] = {}
        self.remembered: list[Remembered] = []

    def jobs(self, *jobs: JobState) -> Scene:
        self._jobs.extend(jobs)
        return self

    def shows(self, family: str, subject: str, value: float, **labels: str) -> Scene:
        self._series.append((family, Series(subject_of(subject), "rathaus", labels, value, NOW)))
        return self

    def remembers(self, family: str, subject: str, points: Sequence[tuple[float, float]], **labels: str) -> Scene:
        self.remembered.append(Remembered(family, subject_of(subject), labels, points))
        return self

    def view(self, now: float = NOW) -> FakeView:
        return FakeView(self._jobs, self._series, now)

    def windows(self) -> Windows:
        return Windows(self.slopes, self.remembered)

    def judge(self) -> Judgement:
        return judge(self.inventory, self.settings, self.view(), self.windows())

    def finding(self, rule: str) -> Finding | None:
        found = [finding for finding in self.judge().findings if finding.rule == rule]
        assert len(found) <= 1
        return found[0] if found else None

    def unverified(self, rule: str, subject: str) -> bool:
        return FindingKey(rule, subject_of(subject)) in self.judge().unverified


def the(finding: Finding | None) -> Finding:
    assert finding is not None
    return finding
