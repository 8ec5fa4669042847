"""What a line delivers: the best of the last measurements, and nothing before there are enough."""

from __future__ import annotations

from typing import Any

from agent.contract import FindingKey, Series, Subject
from agent.estate import LineRate
from agent.risk.contracts.rates import LineBook
from agent.risk.sight import Sight
from config.contracts import Bandwidth
from tests.agent.risk.scene import NOW, Scene
from tests.harness.fakes import FakeView

LINE = Subject("link", "line")
INVENTORY: dict[str, Any] = {
    "links": {
        "line": {
            "ends": ["rathaus", "kreishaus"],
            "kind": "leased",
            "contract": "dsl",
            "circuit": "DE.123",
            "throughput": {"download": "http://127.0.0.1/file"},
        }
    },
    "contracts": {"dsl": {"provider": "Telekom", "bandwidth": {"down": "100Mbit/s", "up": "50Mbit/s"}, "hotline": "1"}},
}


class Line:
    def __init__(self) -> None:
        self.book, self.at = LineBook(), NOW

    def measured(self, *rates: tuple[float, float]) -> Sight:
        made = Scene(INVENTORY)
        sight = Sight.of(made.inventory, made.settings, FakeView((), (), self.at), made.windows())
        for down, up in rates:
            self.at += 86400
            series = [
                ("ringwacht_line_rate_bits_per_second", Series(LINE, "rathaus", {"direction": way}, rate, self.at))
                for way, rate in (("down", down), ("up", up))
            ]
            sight = Sight.of(made.inventory, made.settings, FakeView((), series, self.at), made.windows())
            for _ in range(3):
                self.book.note(sight)
        return sight

    def outcomes(self, *rates: tuple[float, float]) -> list[Any]:
        sight = self.measured(*rates)
        return list(self.book.judge(sight, {"line": self.rate()}))

    def rate(self) -> LineRate:
        return self.book.rate("line", Bandwidth.model_validate({"down": "100Mbit/s", "up": "50Mbit/s"}))


def test_one_bad_measurement_says_nothing_and_one_good_one_proves_the_line() -> None:
    line = Line()
    assert line.outcomes((20e6, 50e6)) == [FindingKey("line_rate_low", LINE)]
    assert line.outcomes((95e6, 50e6), (30e6, 50e6)) == []


def test_a_line_that_never_delivers_it_is_low_in_that_direction() -> None:
    (found,) = Line().outcomes(*[(80e6, 49e6)] * 3)
    assert (
        found.summary == "line: less than 90% of the contracted bandwidth: 80 Mbit/s instead of 100 Mbit/s downstream"
    )
    assert found.evidence[:2] == ("circuit DE.123", "hotline of Telekom: 1")


def test_an_old_good_measurement_does_not_excuse_a_line_for_ever() -> None:
    line = Line()
    assert line.outcomes((100e6, 50e6), *[(50e6, 50e6)] * 4) == []
    assert len(line.outcomes((50e6, 50e6))) == 1


def test_a_line_that_is_measured_no_longer_is_not_judged_by_what_was_once_measured() -> None:
    line = Line()
    assert len(line.outcomes(*[(50e6, 50e6)] * 3)) == 1
    line.at += 4 * 86400
    assert line.outcomes() == [FindingKey("line_rate_low", LINE)]
    made = Scene({**INVENTORY, "links": {"line": {**INVENTORY["links"]["line"], "throughput": None}}})
    unmeasured = Sight.of(made.inventory, made.settings, FakeView((), (), line.at), made.windows())
    line.book.note(unmeasured)
    assert list(line.book.judge(unmeasured, line.book.rates(unmeasured))) == []
    assert line.rate().measured_at is None, "and begins anew once it is measured again"


def test_what_is_no_rate_is_passed_over() -> None:
    line = Line()
    assert line.outcomes((float("nan"), 50e6), (float("inf"), 50e6), (-1.0, 50e6)) == []
    assert line.rate().delivered_down is None
    assert line.rate().delivered_up == 50e6
