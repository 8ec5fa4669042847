"""What is known of class rooms and meeting rooms."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Duration

CLASSROOM_EQUIPMENT = "classroom_equipment"
CLASSROOMS_SILENT = "classrooms_silent"
PROJECTOR_FAULTY = "projector_faulty"
PROJECTOR_SERVICE_DUE = "projector_service_due"
EQUIPMENT_RULES = frozenset({CLASSROOM_EQUIPMENT, CLASSROOMS_SILENT, PROJECTOR_FAULTY, PROJECTOR_SERVICE_DUE})

MINUTE = 60.0
HOUR = 3600.0


class EquipmentOptions(RuleOptions):
    """How patient people are with what hangs in a room."""

    silent_for: Duration = Field(
        30 * MINUTE,
        description="How long equipment must have been silent within its hours of that day. Devices with hours that "
        "stand in no such room are not told of as unreachable before that time has passed either.",
    )


class ServiceOptions(RuleOptions):
    """When a projector wants service."""

    lamp: Duration = Field(
        3000 * HOUR, description="Time of use from which a lamp is due, where its projector has no `lamp_life`."
    )


TABLE: tuple[Rule, ...] = (
    Rule(
        CLASSROOM_EQUIPMENT,
        severity="warning",
        meaning=(
            "In a class room or meeting room something does not answer while it is wanted, for `silent_for` within its "
            "hours by now, or answers what cannot be used. One finding for each room, however much is wrong there. "
            "What sleeps is not broken: a projector that is silent counts only if it has answered in standby at night, "
            "within the last seven days, and if it fell silent outside its hours, in the night before. Outside its "
            "hours nobody is told of it."
        ),
        runbook=(
            "The evidence says what is wrong, and since when; tell the school before somebody teaches there.",
            "Does not answer: is it switched on at the wall, is the network cable in, does its socket have a link?",
            "It refuses the password: set the PJLink password in the projector's menu and in the inventory anew.",
            "It is switched off at the wall each evening: nothing is told until `silent_for` after the hours begin. "
            "Raise that, or give the room its own `when`.",
        ),
        options=EquipmentOptions,
    ),
    Rule(
        CLASSROOMS_SILENT,
        severity="warning",
        meaning=(
            "In at least three rooms and more than half of those of a site the equipment fell silent together, or had "
            "been silent before the hours began: one thing happened, and one alert tells of it. The rooms are its "
            "effects. It ends when fewer than three of them are left; these then are told of by themselves."
        ),
        runbook=(
            "Is there power in the building, and are the rooms switched on? After the holidays somebody has to.",
            "Otherwise look for the switch, the access point or the fuse that all of them share; put switches into the "
            "inventory, and they are named as the cause.",
        ),
    ),
    Rule(
        PROJECTOR_FAULTY,
        severity="warning",
        meaning=(
            "A projector itself reports a fault that keeps people from working with it, or soon will: lamp, fan, "
            "overheating, cover, filter. One finding for each room; a projector that hangs in none, or is said to "
            "matter always, stands for itself. Outside its hours nobody is told of it."
        ),
        runbook=(
            "Tell the school before somebody teaches there.",
            "Lamp, fan or overheating: switch the projector off and let it cool down; clean the filter, try again.",
            "Cover: close it until it clicks; a lamp that was changed must be pushed in all the way.",
            "Reports the same again: to the supplier, with model and serial number (`ringwacht collect PATH NAME "
            "--debug`).",
        ),
    ),
    Rule(
        PROJECTOR_SERVICE_DUE,
        severity="info",
        meaning=(
            "Projectors of a site want service: a lamp has burnt for as long as it is meant to, or the projector "
            "itself warns of its lamp, its filter or something else that still lets it work. One finding for each "
            "site."
        ),
        runbook=(
            "Order the lamps and filters that the evidence names; `ringwacht collect PATH NAME --debug` shows their "
            "part numbers, where the projector tells them.",
            "Do all rooms of the school in one visit, best in the holidays.",
            "Reset the lamp's and the filter's counter in the projector's menu afterwards: the finding ends with it.",
            "A laser or another lamp lasts longer: set `lamp_life` of the projector.",
        ),
        options=ServiceOptions,
    ),
)
