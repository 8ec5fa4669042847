"""A town hall with a UPS or two, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from agent import neutral
from agent.contract import Alert, Finding, JobState, Judgement, MetricFamily, PowerState, Series, View
from agent.risk.books import Books
from agent.risk.judge import judging
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from tests.agent.risk.scene import NOW, Scene, drained
from tests.harness.fakes import FakeView

S = TypeVar("S", bound=Scene)

HERE = {"site": "rathaus", "address": "127.0.0.1"}
INVENTORY: Mapping[str, Any] = {
    "rooms": {
        "serverraum": {
            "site": "rathaus",
            "name": "Serverraum Rathaus",
            "shutdown_time": "12m",
            "power_return_wait": "5m",
        },
        "keller": {"site": "rathaus"},
    },
    "devices": {
        "usv": {**HERE, "role": "ups", "room": "serverraum"},
        "usv-keller": {**HERE, "role": "ups", "room": "keller"},
        "srv": {**HERE, "role": "server", "room": "serverraum", "powered_by": ["usv"]},
    },
}


class Supplied(Scene):
    """What is remembered of it (``remembers``) was seen look by look; ``recalled``: alerts that the last run left."""

    recalled: tuple[Alert, ...] = ()

    def jobs(self, *jobs: JobState) -> Supplied:
        super().jobs(*jobs)
        return self

    def judge_at(self, now: float = NOW) -> Judgement:
        """Judge now what was read last, after everything before."""
        books = Books(ThresholdBook(thresholds_of(self.inventory, self.settings)))
        books.power.recall(self.recalled)
        for at in sorted({at for one in self.remembered for at, _ in one.points if at < NOW}):
            self._look(books, FakeView([], list(self._said(at)), at))
        return self._look(books, self.view(now))

    def judge(self) -> Judgement:
        return self.judge_at()

    def _said(self, at: float) -> Iterator[tuple[str, Series]]:
        for one in self.remembered:
            past = [point for point in one.points if point[0] <= at]
            if past:
                yield one.family, Series(one.subject, "rathaus", {}, past[-1][1], at)

    def _look(self, books: Books, view: View) -> Judgement:
        outlook = Guard().look(view, self.settings)
        return drained(judging(self.inventory, self.settings, outlook, self.windows(), books))[0]


def supply(
    values: Mapping[MetricFamily, float],
    device: str = "usv",
    inventory: Mapping[str, Any] = INVENTORY,
    rules: Mapping[str, Any] | None = None,
    language: str = "en",
) -> Supplied:
    made = Supplied(inventory, {"alerting": {"rules": dict(rules or {})}}, language)
    return says(made, values, device)


def says(made: S, values: Mapping[MetricFamily, float], device: str = "usv") -> S:
    for family, value in values.items():
        made.shows(family.name, f"device:{device}", value)
    return made


def outage(runtime: float | None = None, device: str = "usv", **more: Any) -> Supplied:
    values = {neutral.UPS_ON_BATTERY: 1.0}
    if runtime is not None:
        values[neutral.UPS_RUNTIME] = runtime
    return supply(values, device, **more)


def for_so_long(made: S, seconds: float, device: str = "usv") -> S:
    """The mains has been out for so long; it was there before."""
    points = [(NOW - seconds - 30, 0.0), *((NOW - left, 1.0) for left in range(int(seconds), -1, -30))]
    return remembers(made, neutral.UPS_ON_BATTERY, points, device)


def remembers(made: S, family: MetricFamily, points: list[tuple[float, float]], device: str = "usv") -> S:
    made.remembers(family.name, f"device:{device}", points)
    return made


def later(made: Supplied, seconds: float) -> Judgement:
    """What is judged so much later, nothing having been read since."""
    return made.judge_at(NOW + seconds)


def of_rule(judgement: Judgement, rule: str) -> list[Finding]:
    return [one for one in judgement.findings if one.rule == rule]


def power(judgement: Judgement, device: str = "usv") -> PowerState:
    assert judgement.house is not None
    return judgement.house.power[device]
