"""What a Rittal CMC III adds: the units on its bus and their variable table (RITTAL-CMC-III-MIB)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.demo.ber import Oid, integer, octets
from agent.demo.mib_standard import Object, number
from agent.demo.snmp_agent import Value
from agent.demo.world import State

RITTAL_CMC_III: Oid = (1, 3, 6, 1, 4, 1, 2606, 7)
_UNITS: Oid = (*RITTAL_CMC_III, 4, 1, 2, 1)
_VARIABLES: Oid = (*RITTAL_CMC_III, 4, 2, 2, 1)

_DESCRIPTION, _VALUE, _STATUS = 1, 2, 7  # cmcIIIVarType
_INT, _STRING, _ENUM = 2, 3, 4  # cmcIIIVarDataType
_OK = 4  # cmcIIIMsgStatus
_STATUS_TEXT = {4: "OK", 5: "Alarm", 6: "High Warn", 8: "High Alarm", 12: "Open", 13: "Closed"}
_WARM, _HOT = 27.0, 32.0


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the variable table; ``text`` and ``value`` are the same thing as a string and as an integer."""

    name: str
    type: int
    data_type: int
    text: Value[State]
    value: Value[State]
    unit: str = ""
    scale: int = 0


def rittal() -> Iterator[Object]:
    """Yield a CMC III with its door contact, the cooling unit on its input, and the sensors on its bus."""
    units = (
        ("CMCIII-PU", "Serverraum", (*_switch("Access", "Door", _door), *_switch("Input 1", "Cooling unit", _cooling))),
        ("CMCIII-HUM", "Serverraum Klima", (*_temperature(), *_humidity())),
        ("CMCIII-SMK", "Serverraum Rauch", (*_switch("Smoke", "Smoke", lambda _: (0, _OK)),)),
        ("CMCIII-LEAK", "Serverraum Leckage", (*_switch("Leakage", "Leak", lambda _: (0, _OK)),)),
    )
    yield (*RITTAL_CMC_III, 2, 1, 0), integer(1)
    yield (*RITTAL_CMC_III, 2, 4, 0), octets("V3.17.00")
    yield (*RITTAL_CMC_III, 2, 6, 0), octets("SIMULATED-1")
    for index, (name, alias, variables) in enumerate(units, 1):
        yield (*_UNITS, 2, index), octets(name)
        yield (*_UNITS, 3, index), octets(alias)
        yield (*_UNITS, 6, index), integer(2)
        for position, variable in enumerate(variables, 1):
            yield from _row((index, position), variable)


def _row(index: Oid, variable: Variable) -> Iterator[Object]:
    columns: dict[int, Value[State]] = {
        3: octets(variable.name),
        4: integer(variable.type),
        5: octets(variable.unit),
        6: integer(variable.data_type),
        7: integer(variable.scale),
        10: variable.text,
        11: variable.value,
        14: integer(2),
    }
    yield from (((*_VARIABLES, column, *index), value) for column, value in columns.items())


def _temperature() -> Iterator[Variable]:
    yield _description("Temperature", "Temperature")
    yield Variable(
        "Temperature.Value",
        _VALUE,
        _INT,
        lambda state: octets(f"{state.temperature:.2f} degree C"),
        number(lambda state: state.temperature * 100),
        "degree C",
        -100,
    )
    yield _status("Temperature", lambda state: _OK + 2 * ((state.temperature > _WARM) + (state.temperature > _HOT)))


def _humidity() -> Iterator[Variable]:
    yield _description("Humidity", "Humidity")
    yield Variable(
        "Humidity.Value",
        _VALUE,
        _INT,
        lambda state: octets(f"{state.humidity:.0%}"),
        number(lambda state: state.humidity * 100),
        "%",
    )
    yield _status("Humidity", lambda _: _OK)


def _switch(quantity: str, text: str, value_and_status: Callable[[State], tuple[int, int]]) -> Iterator[Variable]:
    yield _description(quantity, text)
    yield Variable(
        f"{quantity}.Value",
        _VALUE,
        _INT,
        lambda state: octets(str(value_and_status(state)[0])),
        number(lambda state: value_and_status(state)[0]),
        scale=1,
    )
    yield _status(quantity, lambda state: value_and_status(state)[1])


def _door(state: State) -> tuple[int, int]:
    return (1, 12) if state.door_open else (0, 13)


def _cooling(state: State) -> tuple[int, int]:
    return (1, 5) if state.cooling_failed else (0, _OK)


def _description(quantity: str, text: str) -> Variable:
    return Variable(f"{quantity}.DescName", _DESCRIPTION, _STRING, octets(text), integer(0))


def _status(quantity: str, status: Callable[[State], int]) -> Variable:
    return Variable(
        f"{quantity}.Status",
        _STATUS,
        _ENUM,
        lambda state: octets(_STATUS_TEXT[status(state)]),
        number(status),
    )
