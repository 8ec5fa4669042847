"""Rooms, power, functions and risk for programs: ``/api/v1/rooms``, ``/api/v1/functions``, ``/api/v1/risk``.

Rows are pure functions; null is not known. Units stand in the names; times are RFC 3339 in UTC.
"""

from __future__ import annotations

from agent.contract import FunctionState, House, Leg, PowerState, RiskFigure, Snapshot, Subject
from config.inventory import Inventory
from exporters.web.api import Row, moment
from exporters.web.figures import instant, known
from exporters.web.risks import figure_of
from exporters.web.room_rows import room_row


def rooms_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every room of the inventory with climate, coverage, power and risk, and the UPS that stand in none."""
    house = snapshot.house or House(0.0)
    rooms: list[Row] = []
    for name, room in inventory.rooms.items():
        figure = figure_of(house, Subject("room", name))
        rooms.append(
            {
                "id": name,
                "name": room.name or name,
                "site": room.site,
                "kind": room.kind,
                "judged": name in house.rooms,
                **room_row(house.rooms.get(name), house.courses.get(name)),
                "power": [_power(power) for power in house.power.values() if power.room == name],
                "risk": None if figure is None else _figure(figure),
            }
        )
    loose = [_power(power) for power in house.power.values() if power.room not in inventory.rooms]
    return {"at": _at(snapshot), "rooms": rooms, "power_without_room": loose}


def _at(snapshot: Snapshot) -> str | None:
    return moment(None if snapshot.house is None else snapshot.house.at)


def _power(power: PowerState) -> Row:
    return {
        "device": power.device,
        "room": power.room,
        "on_battery": power.on_battery,
        "self_test_running": power.testing,
        "runtime_seconds": known(power.runtime),
        "runtime_required_seconds": known(power.required),
        "runtime_too_short": power.too_short,
        "counted_on": power.counted_on,
        "shutdown_due_at": moment(instant(power.shutdown_at)),
        "charge_ratio": known(power.charge),
        "load_ratio": known(power.load),
        "load_watts": known(power.watts),
        "shutdown_clients": power.clients,
        "battery_installed_at": moment(instant(power.battery_installed_at)),
        "self_test_at": moment(instant(power.tested_at)),
    }


def functions_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every function of the inventory with its legs, and what they share."""
    states = (snapshot.house or House(0.0)).functions
    functions = [
        {
            "id": name,
            "name": function.name or name,
            **_function(states.get(name)),
            "failover_tested": None if function.failover_tested is None else function.failover_tested.isoformat(),
            "test_every_seconds": function.test_every,
        }
        for name, function in inventory.functions.items()
    ]
    return {"at": _at(snapshot), "functions": functions}


def _function(state: FunctionState | None) -> Row:
    if state is None:
        return {"state": None, "primary": None, "standby": [], "shared": [], "failover_due": None}
    return {
        "state": state.state,
        "primary": _leg(state.primary),
        "standby": [_leg(leg) for leg in state.standby],
        "shared": [{"kind": one.kind, "id": one.id, "legs": [str(leg) for leg in one.legs]} for one in state.shared],
        "failover_due": state.failover_due,
    }


def _leg(leg: Leg) -> Row:
    return {"subject": str(leg.subject), "state": leg.state, "detail": leg.detail}


def risk_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return the figure of the house and of each room with every factor; null where none was judged."""
    house = snapshot.house or House(0.0)
    figures = {name: figure_of(house, Subject("room", name)) for name in inventory.rooms}
    whole = figure_of(house, None)
    return {
        "at": _at(snapshot),
        "house": None if whole is None else _figure(whole),
        "rooms": [{"room": name, **_figure(figure)} for name, figure in figures.items() if figure is not None],
    }


def _figure(figure: RiskFigure) -> Row:
    factors: list[Row] = [
        {
            "name": factor.name,
            "subject": str(factor.subject),
            "points": factor.points,
            "probability_class": factor.probability,
            "effect_class": factor.effect,
            "title": factor.title,
            "evidence": factor.evidence,
            "remedy": factor.remedy,
        }
        for factor in figure.factors
    ]
    return {"points": figure.points, "factors": factors}
