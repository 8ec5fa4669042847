"""From a board to its JSON: the same text for the same board."""

from __future__ import annotations

import json

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder


def render(board: Dashboard) -> str:
    """Return the board's JSON, its panels numbered in their order."""
    built = board.build()
    for number, panel in enumerate(built.panels or (), 1):
        panel.id_val = number
    return json.dumps(built, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
