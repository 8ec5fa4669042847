from __future__ import annotations

from typing import Any

import pytest

from agent.risk.wiring import feeders
from tests.agent.risk.scene import Scene

DEVICE = {"site": "rathaus", "address": "127.0.0.1"}


def fed(**powered_by: list[str]) -> dict[str, Any]:
    return {"devices": {name: {**DEVICE, "powered_by": by} for name, by in powered_by.items()}}


@pytest.mark.parametrize(
    ("inventory", "found"),
    [
        (fed(a=[]), set[str]()),
        (fed(a=["rail"], rail=["usv"], usv=[]), {"rail", "usv"}),
        (fed(a=["left", "right"], left=["usv"], right=["usv"], usv=[]), {"left", "right", "usv"}),
        (fed(a=["b"], b=["c"], c=["a"]), {"b", "c"}),
        (fed(a=["a"]), set[str]()),
    ],
)
def test_feeders_of_feeders_are_found_and_a_circle_ends(inventory: dict[str, Any], found: set[str]) -> None:
    assert feeders(Scene(inventory).inventory, "a") == found
