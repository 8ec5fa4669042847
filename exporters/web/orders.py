"""What the API may be told to do: the bodies of its requests, read, checked and explained. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from agent.alerts.silences import objection
from agent.contract import LONGEST_WHY, Silence
from agent.risk.rules import RULES
from config.base import Id, Model, Text, is_mapping
from config.errors import Wrong, field_name, shown
from config.explain import explain
from config.inventory import Inventory
from config.scope import Scope
from config.settings import Match, Settings
from config.units import parse_duration

_EXAMPLE = "e.g. 2027-01-15T16:00:00+01:00"


class Flaw(NamedTuple):
    """What is wrong with a body: the field, what, what was perhaps meant."""

    field: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return it in one line."""
        said = f"{self.field}: {self.message}" if self.field else self.message
        return f"{said} ({self.hint})" if self.hint else said


class Flawed(ValueError):
    """A body cannot be used; ``flaws`` holds everything that was found."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("; ".join(map(str, flaws)))
        self.flaws = flaws


def parse_moment(value: object) -> float:
    """Return seconds since the epoch of an RFC 3339 time, which says its offset. Raises Wrong."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise Wrong("must be a time in RFC 3339", _EXAMPLE)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Wrong(f"{shown(value)} is no time", _EXAMPLE) from None
    if moment.tzinfo is None:
        raise Wrong(f"{shown(value)} does not say its offset from UTC", _EXAMPLE)
    return moment.timestamp()


def _written_duration(value: object) -> float:
    if not isinstance(value, str):
        raise Wrong("must be text", "e.g. 2h")
    seconds = parse_duration(value)
    if not 0 < seconds <= 10 * 365 * 86400.0:
        raise Wrong(f"{shown(value)} is no time that anything is put off for", "e.g. 2h")
    return seconds


_Moment = Annotated[float, BeforeValidator(parse_moment)]
_Duration = Annotated[float, BeforeValidator(_written_duration)]
_Why = Annotated[str, Field(max_length=LONGEST_WHY)]


class _Timed(Model):
    """Something with an end: ``until``, or a ``duration`` from now on."""

    until: _Moment | None = None
    duration: _Duration | None = None

    @model_validator(mode="after")
    def _one_end(self) -> _Timed:
        if self.until is not None and self.duration is not None:
            raise Wrong("give until or duration, not both")
        return self

    def end(self, now: float) -> float | None:
        """Return when it ends (seconds since the epoch), or None."""
        return self.until if self.duration is None else now + self.duration


class AckOrder(_Timed):
    """``POST /api/v1/alerts/{id}/ack``."""

    by: Id
    why: _Why = ""


class TakeBackOrder(Model):
    """``POST /api/v1/alerts/{id}/unack`` and ``POST /api/v1/silences/{id}/expire``."""

    by: Id
    why: _Why = ""


class AlarmTestOrder(Model):
    """``POST /api/v1/receivers/{name}/tests``."""

    by: Id


class SilenceOrder(_Timed):
    """``POST /api/v1/silences``."""

    match: Match
    reason: Annotated[Text, Field(max_length=LONGEST_WHY)]
    by: Id
    mode: Literal["mute", "skip", "run"] = "mute"
    start: _Moment | None = None

    @model_validator(mode="after")
    def _bounded(self) -> SilenceOrder:
        against = objection(self.match, self.mode, self.reason)
        if against is not None:
            raise Wrong(*against)
        if self.until is None and self.duration is None:
            raise Wrong("needs until or duration")
        return self

    def silence(self, now: float) -> Silence:
        """Return what is wanted; it has no id yet."""
        start = now if self.start is None else self.start
        return Silence("", self.match, self.by, self.reason, start, self.end(max(now, start)) or start, self.mode)


Order = TypeVar("Order", bound=BaseModel)


def read_order(body: object, model: type[Order]) -> Order:
    """Return what the body says. Raises Flawed."""
    if not is_mapping(body):
        raise Flawed(Flaw("", "the body must be a JSON object"))
    try:
        return model.model_validate(_without_nulls(body))
    except ValidationError as error:
        raise Flawed(*_flaws(error, model)) from error


def check_scope(match: Match, inventory: Inventory, settings: Settings) -> None:
    """Raise Flawed where a match names what the configuration does not have."""
    unknown = Scope(inventory, settings, RULES).unknown_in(match)
    flaws = [Flaw(f"match.{one.key}", one.message, one.hint) for one in unknown]
    if flaws:
        raise Flawed(*flaws)


def _flaws(error: ValidationError, model: type[BaseModel]) -> Iterator[Flaw]:
    for one in explain(error, model):
        yield Flaw(field_name(one.path), one.message, one.hint)


def _without_nulls(body: Mapping[str, object]) -> dict[str, object]:
    """``null`` is the same as nothing said."""
    return {key: value for key, value in body.items() if value is not None}
