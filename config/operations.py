"""Rooms, functions and own rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.base import Id, Model, Text
from config.errors import Wrong
from config.hours import When
from config.placeholders import check_placeholders
from config.rules import SeverityName
from config.selectors import Select
from config.units import Day, Duration, Interval, Ratio, Temperature


class TemperatureLimits(Model):
    """Limits of a room's temperature."""

    warning: Temperature = Field(description="Above it: warning.")
    critical: Temperature = Field(description="Above it: critical.")

    @model_validator(mode="after")
    def _ordered(self) -> TemperatureLimits:
        if self.warning >= self.critical:
            raise Wrong("warning must be below critical")
        return self


class HumidityLimits(Model):
    """Limits of a room's relative humidity."""

    low: Ratio = Field(default=0.0, description="Below it: warning.")
    high: Ratio = Field(default=1.0, description="Above it: warning.")

    @model_validator(mode="after")
    def _ordered(self) -> HumidityLimits:
        if self.low >= self.high:
            raise Wrong("low must be below high")
        return self


class RoomLimits(Model):
    """Limits of a room's climate."""

    temperature: TemperatureLimits | None = Field(default=None, description="Limits of the temperature.")
    humidity: HumidityLimits | None = Field(default=None, description="Limits of the relative humidity.")
    source: Text | None = Field(
        default=None, description="Where the limits come from, e.g. the data sheet of the most sensitive device."
    )


class RoomSensor(Model):
    """Where a sensor sits, or what a contact means."""

    position: Literal["inlet", "outlet", "ceiling", "floor", "room"] = Field(
        default="room", description="Where it sits; the limits hold for the air that devices take in."
    )
    contact: Literal["cooling_fault", "cooling_running"] | None = Field(
        default=None,
        description="What a contact tells of a cooling unit while it reports an alarm: a fault, or that it runs.",
    )
    ignored: bool = Field(default=False, description="It is exported, and not judged.")


class Room(Model):
    """A room that holds infrastructure."""

    site: Id = Field(description="Where it is.")
    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    kind: Literal["server_room", "distribution", "plant", "classroom", "meeting_room", "other"] = Field(
        default="server_room", description="What it is."
    )
    when: When | None = Field(
        default=None,
        description="When the equipment of a class room or meeting room matters; default: `school_hours` and "
        "`office_hours`.",
    )
    limits: RoomLimits = Field(default_factory=RoomLimits, description="Limits of its climate.")
    expected: tuple[Literal["temperature", "humidity", "leak", "smoke", "door", "ups"], ...] | None = Field(
        default=None,
        description="What must be measured; what is not is a finding. Default: a server room or distribution without "
        "any sensor is one.",
    )
    sensors: Mapping[Text, RoomSensor] = Field(
        default_factory=dict,
        description="Sensors by `device/sensor`, or by `device` for all of a device: where they sit, what they mean.",
    )
    shutdown_time: Duration | None = Field(
        default=None, description="Time an orderly shutdown of everything in it takes."
    )
    power_return_wait: Duration | None = Field(
        default=None, description="How long to wait for the return of power before a shutdown begins."
    )
    cooling_units: int | None = Field(default=None, ge=0, le=100, description="Cooling units installed.")
    volume: float | None = Field(
        default=None, gt=0, le=100_000, description="Cubic metres of air, which limit how fast its load can heat it."
    )


class Function(Model):
    """What the administration must be able to do, and its two legs."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    primary: Id = Field(description="Device, link or service that does it.")
    standby: tuple[Id, ...] = Field(default=(), description="Devices, links or services that take over.")
    failover_tested: Day | None = Field(default=None, description="When the switch-over was last tested.")
    test_every: Interval | None = Field(default=None, description="How often it must be tested.")
    when: When | None = Field(
        default=None, description="When it matters; default: as its `primary`, where that is a service, else always."
    )

    @model_validator(mode="after")
    def _testable(self) -> Function:
        if self.failover_tested is not None and self.test_every is None:
            raise Wrong("failover_tested needs test_every", "e.g. 365d")
        return self


DEFAULT_SPAN = 3600.0


def _span(value: object) -> object:
    return DEFAULT_SPAN if value is True else value


def _only_true(value: object) -> object:
    if value is not True:
        raise Wrong("must be true", "leave it out otherwise")
    return value


class Rule(Model):
    """An own threshold on any family that is collected: exactly one of `above`, `below`, `absent` and `changed`."""

    select: Select = Field(description="Series, as PromQL selects them: a family and label matchers.")
    above: float | None = Field(default=None, description="Found when the value is greater.")
    below: float | None = Field(default=None, description="Found when the value is smaller.")
    absent: Annotated[Literal[True], BeforeValidator(_only_true)] | None = Field(
        default=None, description="Found when there is no such series although all checks succeed."
    )
    changed: Annotated[Interval, BeforeValidator(_span)] | None = Field(
        default=None, description="Found when the value changed within this time; `true` is an hour."
    )
    hold: Duration | None = Field(default=None, description="How long it must stand before it fires.")
    clear: Duration | None = Field(default=None, description="How long it must be good before it is resolved.")
    severity: SeverityName = Field(default="warning", description="How bad it is.")
    text: Annotated[Text, AfterValidator(check_placeholders)] | None = Field(
        default=None,
        description="Summary of the alert; `{value}` and labels (`{device}`, `{name}`) are filled in. Default: rule, "
        "value and bound.",
    )
    runbook: Text | None = Field(default=None, description="What to do: a text or the address of a page.")

    @model_validator(mode="after")
    def _one_comparison(self) -> Rule:
        given = [one for one in (self.above, self.below, self.absent, self.changed) if one is not None]
        if len(given) != 1:
            raise Wrong("needs exactly one of above, below, absent and changed")
        if self.changed is not None and self.hold is not None and self.hold >= self.changed:
            raise Wrong("hold must be shorter than changed", "it would never fire")
        return self
