"""The stories that the county plays, as tables: when, what, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from agent.demo.cast import CUT_HOP, CUT_OFF, FADED_HOP, SECOND_CUT_HOP


class What(StrEnum):
    """What happens."""

    STARTED = "started"
    RAIN = "rain"
    RAIN_OVER = "rain_over"
    CUT = "cut"
    SECOND_CUT = "second_cut"
    SECOND_REPAIRED = "second_repaired"
    REPAIRED = "repaired"
    SELF_TEST = "self_test"
    SELF_TEST_OVER = "self_test_over"
    MAINS_LOST = "mains_lost"
    MAINS_BACK = "mains_back"
    COOLING_LOST = "cooling_lost"
    WARM = "warm"
    HOT = "hot"
    COOLING_BACK = "cooling_back"
    COOLED = "cooled"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens ``at`` seconds of story time after the start; ``text`` tells it."""

    at: float
    what: What
    text: str


RING = (
    Event(0, What.RAIN, f"Heavy rain on the hop {FADED_HOP.name}: level and modulation fall"),
    Event(30, What.RAIN_OVER, f"The rain is over on {FADED_HOP.name}"),
    Event(40, What.CUT, f"A storm turns the antenna of {CUT_HOP.name}: the ring carries the other way"),
    Event(64, What.SECOND_CUT, f"It takes {SECOND_CUT_HOP.name} as well: {CUT_OFF.name} is cut off"),
    Event(88, What.SECOND_REPAIRED, f"{SECOND_CUT_HOP.name} carries again: {CUT_OFF.name} is back, by one way"),
    Event(104, What.REPAIRED, f"The antenna is turned back: {CUT_HOP.name} carries again, the ring is closed"),
)
POWER = (
    Event(0, What.SELF_TEST, "The UPS of the server room tests its battery, which is no outage"),
    Event(8, What.SELF_TEST_OVER, "Its self-test is over"),
    Event(14, What.MAINS_LOST, "Mains failure at the Kreishaus: both UPS on battery"),
    Event(74, What.MAINS_BACK, "Mains is back in time, the batteries charge"),
)
HEAT = (
    Event(0, What.COOLING_LOST, "The cooling unit of the server room fails: its contact tells, the air begins to warm"),
    Event(47, What.WARM, "The server room passes 27 °C"),
    Event(127, What.HOT, "The server room passes 32 °C, its door is opened"),
    Event(152, What.COOLING_BACK, "The cooling unit runs again, the door is closed"),
    Event(170, What.COOLED, "The server room is below 27 °C again"),
)
FIRST_AT = 15.0  # quiet before, so that a healthy county is seen first
_NEVER = 1e9  # seconds: thirty years
PAUSE = 20.0  # between two stories, and before it all begins again
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Events in order, and when it is over and begins again."""

    events: tuple[Event, ...]
    length: float

    def between(self, after: float, until: float) -> Iterator[Event]:
        """Yield what happens in (after, until], in all rounds; ``at`` counts from the very start."""
        for number in range(max(0, int(after // self.length)), int(until // self.length) + 1):
            for event in self.events:
                at = number * self.length + event.at
                if after < at <= until:
                    yield replace(event, at=at)

    def spans(self, begins: What, ends: What) -> Spans:
        """Return the spans of one round between two kinds of events."""
        starts = [event.at for event in self.events if event.what is begins]
        stops = [event.at for event in self.events if event.what is ends]
        return tuple(zip(starts, stops, strict=True))


class Scenario(StrEnum):
    """Which story is played."""

    NONE = "none"
    RING = "ring"
    POWER = "power"
    HEAT = "heat"
    ALL = "all"


_ACTS = {
    Scenario.NONE: (),
    Scenario.RING: (RING,),
    Scenario.POWER: (POWER,),
    Scenario.HEAT: (HEAT,),
    Scenario.ALL: (RING, POWER, HEAT),
}


def story(scenario: Scenario) -> Story:
    """Return the story of a scenario: its acts one after the other, then recovery."""
    events = [Event(0, What.STARTED, "The county is up and well")]
    at = FIRST_AT
    for act in _ACTS[scenario]:
        events += [replace(event, at=at + event.at) for event in act]
        at = events[-1].at + PAUSE
    if len(events) == 1:
        return Story(tuple(events), _NEVER)
    return Story((*events, Event(at, What.RECOVERED, "All is well again")), at + PAUSE)
