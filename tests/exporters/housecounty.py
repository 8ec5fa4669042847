"""Rooms, supplies and functions as a person meets them: all well, alarming, unknown, and something of everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from agent.contract import (
    Course,
    Coverage,
    FunctionState,
    House,
    JobKey,
    Leg,
    Limits,
    PowerState,
    Quantity,
    Remaining,
    RiskFactor,
    RiskFigure,
    RoomState,
    Sensed,
    SharedRisk,
    Snapshot,
    Subject,
)
from agent.risk.texts import Words
from config.inventory import Inventory
from exporters.web.figures import Fact, Figure
from exporters.web.rooms import RoomsView, RoomView
from exporters.web.words import PageWords
from tests.exporters.county import NOW, make_inventory, make_settings, page, snapshot

ROOM = Subject("room", "serverraum")
TODAY = date(2027, 1, 15)
LIMITS = Limits(27.0, 32.0, "ASHRAE TC 9.9", (0.2, 0.7), (-9.0, 15.0), "Inventar")
HERE: tuple[Quantity, ...] = ("temperature", "humidity", "leak", "smoke", "door", "ups")


def house_inventory(name: str = "Serverraum Rathaus", **sections: Any) -> Inventory:
    """A server room with a UPS and a climate sensor, a store-room, and two functions."""
    devices = {
        "usv-1": {"site": "rathaus", "address": "192.0.2.3", "role": "ups", "room": "serverraum", "name": name},
        "usv-2": {"site": "schule", "address": "192.0.2.4", "role": "ups"},
        "klima": {"site": "rathaus", "address": "192.0.2.5", "role": "sensor", "room": "serverraum"},
        "fach-1": {"site": "rathaus", "address": "192.0.2.6"},
        "fach-2": {"site": "schule", "address": "192.0.2.7"},
    }
    rooms = {
        "serverraum": {"site": "rathaus", "name": name, "cooling_units": 2},
        "lager": {"site": "schule", "kind": "other"},
    }
    functions = {
        "fachverfahren": {"name": name, "primary": "fach-1", "standby": ["fach-2"]},
        "internet": {"name": "Internetzugang", "primary": "sw-1", "standby": ["sw-2"]},
    }
    base = make_inventory()
    given: dict[str, Any] = {
        "devices": {**{key: one.model_dump(exclude_unset=True) for key, one in base.devices.items()}, **devices},
        "rooms": rooms,
        "functions": functions,
    }
    return make_inventory(**{**given, **sections})


def sensed(name: str = "klima/Rack 1 oben", value: float = 23.4, position: str = "inlet", **more: Any) -> Sensed:
    job = JobKey(Subject("device", "klima"), "snmp")
    return Sensed(name, job, position, value, NOW - 8, more.pop("resolution", 0.1), **more)


def coverage(**states: Any) -> tuple[Coverage, ...]:
    """All measured but these."""
    by = {"leak": ("klima/Wasser",), "smoke": ("klima/Rauch",), "ups": ("usv-1",)}
    return tuple(
        Coverage(
            quantity, expected=True, state=states.get(quantity, "measured"), by=by.get(quantity, ("klima/Rack 1 oben",))
        )
        for quantity in HERE
    )


def room(**more: Any) -> RoomState:
    given: dict[str, Any] = {
        "temperatures": (sensed(), sensed("klima/Abluft", 31.8, "outlet", limited=False)),
        "humidities": (sensed("klima/Rack 1 oben", 0.44, "room"),),
        "dew_points": {"klima/Rack 1 oben": 10.4},
        "coverage": coverage(),
        "door_open": False,
        "leak": False,
        "smoke": False,
        "cooling_state": "ok",
        "cooling_running": ("klima/Kälte 1", "klima/Kälte 2"),
        "cooling_units": 2,
        "heat_watts": 4200.0,
    }
    return RoomState("serverraum", LIMITS, **{**given, **more})


def supply(**more: Any) -> PowerState:
    given: dict[str, Any] = {
        "room": "serverraum",
        "on_battery": False,
        "runtime": 2520.0,
        "required": 1740.0,
        "charge": 1.0,
        "load": 0.43,
        "watts": 4200.0,
        "clients": 6,
        "battery_installed_at": NOW - 800 * 86400,
        "tested_at": NOW - 12 * 86400,
    }
    return PowerState(more.pop("device", "usv-1"), **{**given, **more})


def function(name: str = "fachverfahren", **more: Any) -> FunctionState:
    given: dict[str, Any] = {
        "state": "redundant",
        "primary": Leg(Subject("device", "fach-1"), "up"),
        "standby": (Leg(Subject("device", "fach-2"), "up", "Sicherung 7 h alt, 182,0 GiB"),),
        "failover_due": (TODAY + timedelta(days=120)).isoformat(),
    }
    return FunctionState(name, **{**given, **more})


def factor(
    name: str = "leak_missing", points: float = 12.0, said: str = "niemand misst Wasser", **more: Any
) -> RiskFactor:
    given: dict[str, Any] = {"probability": 2, "effect": 3, "title": "Kein Wassermelder", "remedy": "Melder setzen"}
    return RiskFactor(name, more.pop("subject", ROOM), points=points, evidence=said, **{**given, **more})


def figures(*factors: RiskFactor) -> tuple[RiskFigure, ...]:
    total = min(100.0, sum(one.points for one in factors))
    return RiskFigure(None, total, factors), RiskFigure(ROOM, total, factors)


def house(**more: Any) -> House:
    """All is well but for a small risk."""
    given: dict[str, Any] = {
        "rooms": {"serverraum": room()},
        "courses": {"serverraum": Course("serverraum", "klima/Rack 1 oben", 23.4, 1e-6, 2e-6)},
        "power": {"usv-1": supply()},
        "functions": {"fachverfahren": function(), "internet": function("internet")},
        "risks": figures(factor(points=6.0)),
    }
    return House(NOW - 1, **{**given, **more})


def seen(state: House | None, **more: Any) -> Snapshot:
    """A snapshot of this house."""
    return replace(snapshot(**more), house=state)


# --- what the page shows of it ---------------------------------------------------------------------------------------


def words(language: Literal["de", "en"] = "de") -> PageWords:
    return PageWords(Words(language), NOW)


def section(
    state: House | None, inventory: Inventory | None = None, language: Literal["de", "en"] = "de", **more: Any
) -> RoomsView:
    shown = page(seen(state, **more), inventory or house_inventory(), make_settings(language)).rooms
    assert shown is not None
    return shown


def tile(state: House, language: Literal["de", "en"] = "de", **more: Any) -> RoomView:
    return next(one for one in section(state, None, language, **more).rooms if one.anchor == "room-serverraum")


def figure(view: RoomView, label: str) -> Figure:
    return next(one for one in view.figures if one.label == label)


def facts(found: tuple[Fact, ...]) -> Mapping[str, str]:
    return {one.label: one.text if one.mark is None else f"{one.mark.symbol} {one.mark.word}" for one in found}


# --- the states that a person meets ----------------------------------------------------------------------------------


def healthy() -> House:
    return house()


def alarming() -> House:
    """The cooling has failed, the mains is out, one function is down to its standby and one is gone."""
    hot = (sensed(value=27.9), sensed("klima/Abluft", 36.2, "outlet", limited=False))
    course = Course(
        "serverraum", "klima/Rack 1 oben", 27.9, 12.4 / 3600, 0.4 / 3600, None, Remaining(1190.0, 900.0, 1560.0)
    )
    factors = (
        factor(
            "room_overheating", 60.0, "27,9 °C, in 19 min kritisch", probability=4, effect=4, title="Raum wird zu warm"
        ),
        factor(
            "ups_on_battery", 33.75, "usv-1 läuft auf Batterie", probability=4, effect=3, title="Strom ist ausgefallen"
        ),
        factor(points=12.0),
    )
    down = Leg(Subject("device", "fach-1"), "down", "antwortet nicht")
    return house(
        rooms={
            "serverraum": room(
                temperatures=hot,
                door_open=True,
                door_moved_at=NOW - 60,
                door_open_since=NOW - 240,
                cooling_state="degraded",
                cooling_failed=("klima/Kälte 1",),
                cooling_running=("klima/Kälte 2",),
                smoke=None,
                coverage=coverage(smoke="missing"),
            )
        },
        courses={"serverraum": course},
        power={
            "usv-1": supply(on_battery=True, runtime=1260.0, charge=0.71, shutdown_at=NOW + 540, clients=0),
            "usv-2": supply(device="usv-2", room=None, testing=True, on_battery=True),
        },
        functions={
            "fachverfahren": function(
                state="on_standby",
                primary=down,
                shared=(SharedRisk("room", "serverraum", (down.subject,)),),
                failover_due=(TODAY - timedelta(days=40)).isoformat(),
            ),
            "internet": function("internet", state="down", primary=down, standby=()),
        },
        risks=figures(*factors),
    )


def unknown() -> House:
    """The sensors are silent, the UPS says nothing, nobody knows of the legs."""
    leg = Leg(Subject("device", "fach-1"), "unknown", "seit 20 min keine Antwort")
    return house(
        rooms={
            "serverraum": room(
                temperatures=(),
                humidities=(),
                dew_points={},
                door_open=None,
                leak=None,
                smoke=None,
                cooling_state="unknown",
                cooling_running=(),
                coverage=coverage(**dict.fromkeys(HERE, "silent")),
            )
        },
        courses={"serverraum": Course("serverraum", "klima/Rack 1 oben", 23.4, unknown="3 von 12 Werten")},
        power={"usv-1": PowerState("usv-1", "serverraum")},
        functions={"fachverfahren": function(state="unknown", primary=leg), "internet": function("internet")},
        risks=figures(factor("room_unknown", 20.0, "seit 20 min kein Messwert", title="Raum nicht beurteilbar")),
    )
