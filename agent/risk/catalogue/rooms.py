"""Power and climate of rooms."""

from __future__ import annotations

from agent.risk.rule import Rule

UPS_ON_BATTERY = "ups_on_battery"
TEMPERATURE_HIGH = "temperature_high"
HUMIDITY_OUT_OF_RANGE = "humidity_out_of_range"
LEAK = "leak"
SMOKE = "smoke"


TABLE: tuple[Rule, ...] = (
    Rule(
        UPS_ON_BATTERY,
        severity="warning; critical once the runtime is below the room's `shutdown_time`",
        meaning="The UPS feeds its load from the battery: the mains is gone or out of range.",
        runbook=(
            "The summary gives charge and runtime. Compare the runtime with the room's shutdown time.",
            "Is the building dark or only the room? Fuse and residual-current device first, then the grid operator's "
            "outage page.",
            "Runtime near the shutdown time: shut down in the agreed order, storage last.",
            "After the mains is back: does the battery charge, and did every UPS leave battery operation?",
        ),
        hold=60.0,
        norm="BSI INF.2.A3",
    ),
    Rule(
        TEMPERATURE_HIGH,
        severity="by the room's `limits.temperature`: warning, critical",
        meaning="A sensor of the room is above the room's limit. Rooms without limits are not judged.",
        runbook=(
            "One sensor or all? One: a blocked air path or a device's own heat. All: the cooling.",
            "Is the cooling unit running, its filter clear, its condensate drained, its outdoor unit free?",
            "Open the doors, bring fans, switch off what is not needed (test systems first).",
            "At the critical limit: shut down in the agreed order before the devices do so by themselves.",
        ),
        norm="BSI INF.2.A16",
    ),
    Rule(
        HUMIDITY_OUT_OF_RANGE,
        severity="warning",
        meaning="Relative humidity in the room is below or above `limits.humidity`.",
        runbook=(
            "Too high: water, an open window, a failed dehumidifier; look for condensation on cold pipes.",
            "Too low: mind static discharge; touch nothing in the rack without a wrist strap.",
            "Compare with a hand-held meter before the sensor is believed for days.",
        ),
        norm="BSI INF.2.A5",
    ),
    Rule(
        LEAK,
        severity="critical",
        meaning="A sensor detects water in the room.",
        runbook=(
            "Go there now. Do not step into water near live equipment; switch the room off if it rises.",
            "Usual sources: condensate of the cooling unit, pipes above, the roof. Close the valve.",
            "Caretaker and, out of hours, the emergency number of building services.",
        ),
        hold=0.0,
        norm="BSI INF.2.A11",
    ),
    Rule(
        SMOKE,
        severity="critical",
        meaning="A sensor detects smoke in the room. This is no fire alarm system and does not replace one.",
        runbook=(
            "Call 112 if nobody on site can rule out a fire at once. Nobody enters alone.",
            "Switch off the power of the room from outside if it is safe to do so.",
            "False alarm: dust from building works is the usual cause; clean or change the sensor.",
        ),
        hold=0.0,
        norm="BSI INF.2.A17",
    ),
)
