"""Climate, water and smoke of rooms."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Duration

TEMPERATURE_HIGH = "temperature_high"
HUMIDITY_OUT_OF_RANGE = "humidity_out_of_range"
LEAK = "leak"
SMOKE = "smoke"
SENSOR_IMPLAUSIBLE = "sensor_implausible"
SENSOR_DISAGREES = "sensor_disagrees"
SENSOR_FROZEN = "sensor_frozen"
ROOM_NOT_MEASURED = "room_not_measured"
CLIMATE_BEYOND_NORM = "climate_beyond_norm"
COOLING_FAILED = "cooling_failed"
DOOR_OPEN = "door_open"


class DisagreeOptions(RuleOptions):
    """How far two sensors of one position may be apart."""

    above: float = Field(4.0, gt=0, description="Difference of their means in kelvin above which it is found.")


class CoolingOptions(RuleOptions):
    """When a room is without cooling by its contacts."""

    idle: Duration = Field(
        900.0, description="How long no unit may run; longer than the longest pause of its compressor."
    )


class DoorOptions(RuleOptions):
    """How long a door may stand open."""

    longer: Duration = Field(1800.0, description="How long the door of a server room may stand open.")


TABLE: tuple[Rule, ...] = (
    Rule(
        TEMPERATURE_HIGH,
        severity="by the room's `limits.temperature`: warning, critical",
        meaning=(
            "A sensor of the room is above the room's limit: that of the inventory, else, in a server room or "
            "distribution, 27 °C and 32 °C (ASHRAE TC 9.9). The evidence names the limit's source."
        ),
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
        meaning=(
            "Relative humidity in the room is below or above `limits.humidity`. Without them, in a server room or "
            "distribution: above 70%, or a dew point outside -9 to 15 °C (ASHRAE TC 9.9)."
        ),
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
    Rule(
        SENSOR_IMPLAUSIBLE,
        severity="warning",
        meaning=(
            "A sensor of the room shows what cannot be: a value that stands for none, another unit, or jumps to and "
            "fro. It is not used, so the room may be blind."
        ),
        runbook=(
            "The evidence says what was probably meant: set the unit of the device to °C, or its profile's scale.",
            "A value that stands for none (0, -1, 85, 127): check plug and cable, then change the sensor.",
            "It is right all the same: tell us, with the output of `ringwacht collect PATH DEVICE`.",
        ),
        norm="BSI INF.2.A5",
    ),
    Rule(
        SENSOR_DISAGREES,
        severity="info",
        meaning=(
            "Two temperature sensors of the same position have differed for half an hour, by more than the option and "
            "than their resolutions explain. Both are still judged."
        ),
        runbook=(
            "Do they sit where the inventory says? One in the warm air behind a rack is an `outlet` (`sensors:`).",
            "Hold a thermometer beside both; correct or change the one that is wrong.",
            "A real difference between two corners: raise `above` for the rule, or look for a blocked air path.",
        ),
        options=DisagreeOptions,
        norm="BSI INF.2.A5",
    ),
    Rule(
        SENSOR_FROZEN,
        severity="warning",
        meaning=(
            "A temperature has not moved for longer than its resolution explains (0.1 K: 6 hours, 0.5 K: a day, 1 K: "
            "three days), while others beside it did, or it never stood still for even a quarter as long."
        ),
        runbook=(
            "Warm the sensor with a hand: does its value move? If not, restart its unit, then change it.",
            "Some units repeat the last value of a sensor that was pulled out: check plug and cable.",
            "Until then nobody knows how warm it is there: go and look on hot days.",
        ),
        norm="BSI INF.2.A5",
    ),
    Rule(
        ROOM_NOT_MEASURED,
        severity="warning where a room has no sensor, or one is silent; info where one is missing",
        meaning=(
            "Something that should be measured in the room is not: of `expected`, or, in a server room or distribution "
            "that expects nothing, anything at all. Or a sensor is silent, or `sensors` names one that is not there."
        ),
        runbook=(
            "Silent: is the device there, and does it answer? `ringwacht collect PATH DEVICE` shows what it says.",
            "Missing: fit a sensor; the first are temperature in front of the racks and water under the cooling unit.",
            "Not needed here: say so with `expected`, or give the room another `kind`.",
        ),
        norm="BSI INF.2.A5",
    ),
    Rule(
        CLIMATE_BEYOND_NORM,
        severity="info",
        meaning=(
            "In the mean of some days the room is warmer than 25 °C or moister than 60%, within its own limits. BSI "
            "GEB.10.1.2 advises against that unless makers allow more: a standing gap, no alarm."
        ),
        runbook=(
            "Do the makers of all devices allow more? Then write it down and accept the gap (`alerting.accept`).",
            "Otherwise lower the set point, close gaps between warm and cold air, or plan for more cooling.",
        ),
        norm="BSI GEB.10.1.2",
        leads=False,
    ),
    Rule(
        COOLING_FAILED,
        severity="warning; critical where all units have failed, or none runs",
        meaning=(
            "The contact of a cooling unit reports a fault, or none has run for longer than the option while the room "
            "warms or is near its limit (known where `cooling_units` is set and each has a contact)."
        ),
        runbook=(
            "Go there: error on the display, breaker, condensate pump, filter, outdoor unit?",
            "Does the other unit carry the load? Watch the time to the limit; open doors, switch off test systems.",
            "Call the service of the cooling unit; its number belongs on the unit and into the contract.",
        ),
        options=CoolingOptions,
        norm="BSI INF.2.A16",
    ),
    Rule(
        DOOR_OPEN,
        severity="info",
        meaning="The door of a server room has stood open for longer than the option.",
        runbook=(
            "Is somebody at work there? If not, close it and ask who was last inside.",
            "Closed, and still reported: the contact or its magnet has shifted.",
        ),
        options=DoorOptions,
        norm="BSI INF.2.A7",
    ),
)
