"""What of a UPS is kept point by point: how its battery discharges. The rest is remembered (``memory``)."""

from __future__ import annotations

from agent import neutral
from agent.contract import WindowSpec

# The load of an hour ago says nothing of the runtime now.
DISCHARGE_SECONDS = 600.0
UPS_WINDOWS = (WindowSpec(neutral.UPS_CHARGE.name, 1.5 * DISCHARGE_SECONDS, 10.0),)
