"""Whether the legs of a function can be two: none stands by for itself, none is named twice. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from config.errors import Problem, shown
from config.inventory import Inventory
from config.positions import Positions


def check_functions(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """Yield a problem for each leg that is no other one."""
    for name, function in inventory.functions.items():
        seen = {function.primary: "its primary leg"}
        for index, leg in enumerate(function.standby):
            if leg in seen:
                message = f"{shown(leg)} is {seen[leg]} already"
                hint = "name what takes over when it fails, or leave `standby` out"
                yield positions.problem(("functions", name, "standby", index), message, hint)
            seen.setdefault(leg, "a standby leg")
