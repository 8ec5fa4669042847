"""Power: supplies on battery, what their batteries are worth, who feeds whom."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration, Ratio, Temperature

UPS_ON_BATTERY = "ups_on_battery"
UPS_SELF_TEST_STUCK = "ups_self_test_stuck"
UPS_RUNTIME_SHORT = "ups_runtime_short"
UPS_LOW_BATTERY_LATE = "ups_low_battery_late"
UPS_BATTERY_REPLACE = "ups_battery_replace"
UPS_BATTERY_OLD = "ups_battery_old"
UPS_BATTERY_HOT = "ups_battery_hot"
UPS_SELF_TEST_FAILED = "ups_self_test_failed"
UPS_SELF_TEST_DUE = "ups_self_test_due"
UPS_OVERLOAD = "ups_overload"
UPS_ON_BYPASS = "ups_on_bypass"
SHUTDOWN_CLIENTS_MISSING = "shutdown_clients_missing"
FEEDS_SHARE_UPS = "feeds_share_ups"

_SIZED = "BSI INF.2.A3"


class StuckOptions(RuleOptions):
    """How long a self-test may take."""

    after: Duration = Field(900.0, description="Longest time that a self-test may take.")


class OldOptions(RuleOptions):
    """When a battery counts as old: valve-regulated lead-acid ones are mostly made for 5 years at 20 °C."""

    after: Duration = Field(4 * 365 * DAY, description="Age of the battery from which it is reported.")


class HotOptions(RuleOptions):
    """When a battery is too warm: lead-acid ones age twice as fast for each 10 K above 20 to 25 °C."""

    warning: Temperature = Field(30.0, description="Temperature above which it is a warning.")
    critical: Temperature = Field(45.0, description="Temperature above which it is critical.")


class SelfTestOptions(RuleOptions):
    """How often a UPS is to test itself: monthly (BSI GEB.9.2), with some days to spare."""

    after: Duration = Field(35 * DAY, description="Time since the last self-test from which it is reported.")


class OverloadOptions(RuleOptions):
    """How far a UPS may be loaded."""

    warning: Ratio = Field(0.8, description="Load above which it is a warning.")
    critical: Ratio = Field(1.0, description="Load above which it is critical.")


TABLE: tuple[Rule, ...] = (
    Rule(
        UPS_ON_BATTERY,
        severity="warning; critical where the shutdown must begin, the battery is low, the agreed wait is over, or "
        "the runtime is too short and no computer is connected to be shut down; where no shutdown is agreed: within "
        "two minutes or two polls of its end",
        meaning=(
            "The UPS feeds its load from the battery: the mains is gone or out of range. A shutdown must begin while "
            "twice the `shutdown_time` of the room is left. What is left is the lesser of what the UPS says and what "
            "the fall of its charge shows; it is counted on while the UPS does not answer. A self-test is no outage."
        ),
        runbook=(
            "The summary says how long the battery lasts and when the shutdown must begin at the latest.",
            "Is the building dark or only the room? Fuse and residual-current device first, then the grid operator's "
            "outage page.",
            "At that moment: shut down in the agreed order. First test systems and desktops, then the applications, "
            "then databases, domain controllers and virtual hosts, storage and network last.",
            "The evidence lists what loses its last feed with this UPS. What may go off early buys time for the rest.",
            "After the mains is back: does the battery charge, and did every UPS leave battery operation? Switch on "
            "in the opposite order, storage and network first.",
        ),
        hold=60.0,
        norm=_SIZED,
    ),
    Rule(
        UPS_SELF_TEST_STUCK,
        severity="warning",
        meaning=(
            "The UPS has been saying that it tests itself for longer than a test takes. The flag is probably stuck; "
            "from now on battery operation counts as an outage again. A calibration takes hours: announce it."
        ),
        runbook=(
            "Look at the display of the UPS: does a test or a calibration run, and how full is the battery?",
            "A flag that stays after the test has ended: end the test there, or restart its management card, which "
            "does not touch the load.",
            "With Network UPS Tools: `upscmd` with `test.battery.stop`, then a new driver start.",
        ),
        hold=0.0,  # it has stood for as long as a test may take
        options=StuckOptions,
        norm=_SIZED,
        leads=False,
    ),
    Rule(
        UPS_RUNTIME_SHORT,
        severity="info",
        meaning=(
            "On mains, with the battery charged, the runtime at the load measured now is shorter than the room asks "
            "for: `power_return_wait` and twice its `shutdown_time` (BSI GEB.9.1.3). On battery it has its own alert."
        ),
        runbook=(
            "Compare the load with that at which the UPS was bought: what was added to it since?",
            "Move loads that need no battery (monitors, printers) to another socket.",
            "An older battery: runtime falls long before the UPS asks for a new one. Test it under load.",
            "Else a battery module, a larger UPS, or a shorter `shutdown_time` that was tried out.",
        ),
        norm=_SIZED,
        leads=False,
    ),
    Rule(
        UPS_LOW_BATTERY_LATE,
        severity="info",
        meaning=(
            "The UPS says that its battery is low only when less time is left than the shutdown of the room takes "
            "(`shutdown_time`). Computers that wait for this signal are switched off in the middle of it."
        ),
        runbook=(
            "Raise the runtime from which on the UPS declares a low battery above the shutdown time of the room: "
            "`battery.runtime.low` with Network UPS Tools, else on its management card.",
            "Or let the computers begin earlier, after so many minutes on battery.",
            "Then try it: pull the mains plug of the UPS on an announced evening, and take the time.",
        ),
        norm="BSI INF.5.A16",
        leads=False,
    ),
    Rule(
        UPS_BATTERY_REPLACE,
        severity="warning",
        meaning="The UPS asks for a new battery: it found it weak, or its time is over.",
        runbook=(
            "Do not rely on the runtime that it shows: such a battery may end within seconds.",
            "Order batteries of the same kind, all of the string at once; the register has model and serial number.",
            "Until then: what must not go off, and can it be fed by another UPS?",
            "After the exchange enter the date in the UPS, and let it test itself.",
        ),
        hold=600.0,
        norm=_SIZED,
        leads=False,
    ),
    Rule(
        UPS_SELF_TEST_FAILED,
        severity="warning",
        meaning=(
            "The last self-test of the UPS failed. Where it also asks for a new battery, only that is told. At the "
            "next outage the load may be gone at once."
        ),
        runbook=(
            "Read the result on its display: battery, inverter, or overload during the test?",
            "Let it charge for a day, then test again, outside office hours and announced.",
            "It fails again: exchange the battery. It still fails with a new one: call the service.",
        ),
        norm=_SIZED,
        leads=False,
    ),
    Rule(
        UPS_BATTERY_OLD,
        severity="info",
        meaning="The battery is older than the option says, by the date that was entered in the UPS.",
        runbook=(
            "Was it exchanged and the date not entered? Then enter it in the UPS.",
            "Else put the exchange into the budget now: delivery takes weeks, and the self-test may pass to the end.",
        ),
        options=OldOptions,
        norm=_SIZED,
        leads=False,
    ),
    Rule(
        UPS_BATTERY_HOT,
        severity="warning, critical by the options",
        meaning=(
            "The battery is too warm. Lead-acid batteries age twice as fast for each 10 K above 20 to 25 °C; a hot one "
            "may swell and catch fire."
        ),
        runbook=(
            "Is the room warm as well? Then the cooling first.",
            "Only the battery: fans and air inlets of the UPS, load, and the age of the battery.",
            "Above 45 °C, or it smells, or the case is swollen: leave it shut, shut down what it feeds in order, take "
            "it off the mains, and call the service. Do not open the battery compartment.",
        ),
        options=HotOptions,
        norm=_SIZED,
    ),
    Rule(
        UPS_SELF_TEST_DUE,
        severity="info",
        meaning="The last self-test of the UPS is longer ago than the option says; where the UPS tells when it was.",
        runbook=(
            "Switch on the monthly self-test of the UPS, at an hour when somebody is there.",
            "Once a year test the whole chain: mains off, and do the computers shut down in time?",
        ),
        options=SelfTestOptions,
        norm="BSI GEB.9.2",
        leads=False,
    ),
    Rule(
        UPS_OVERLOAD,
        severity="warning, critical by the options",
        meaning=(
            "More load hangs on the UPS than it should carry. Beyond its rating it switches to bypass or off, at the "
            "latest when the mains fails."
        ),
        runbook=(
            "What was plugged in or switched on last? A heater or a vacuum cleaner on the wrong socket is a classic.",
            "Beyond 100 %: take off at once what is not needed.",
            "Of two UPS that stand in for each other, neither may carry more than half.",
        ),
        options=OverloadOptions,
        norm=_SIZED,
    ),
    Rule(
        UPS_ON_BYPASS,
        severity="warning",
        meaning="The UPS feeds its load past its inverter: at the next failure of the mains the load is gone at once.",
        runbook=(
            "Is somebody at work there (manual bypass)? Then it is announced work: a `maintenance` entry explains it.",
            "Else overload, heat or a fault of the inverter: its display and its log say which.",
            "Do not switch it off: that takes the load along. Call the service; is what it feeds on a second feed?",
        ),
        norm=_SIZED,
    ),
    Rule(
        SHUTDOWN_CLIENTS_MISSING,
        severity="warning where fewer computers are connected than `clients` says, info where none is and nothing is "
        "said; on battery one step worse, up to critical",
        meaning=(
            "Fewer computers are connected to the UPS server (Network UPS Tools) than are to be shut down by it. When "
            "the battery ends they are cut off in the middle of their work. With `clients: 0` this is not judged."
        ),
        runbook=(
            "`upsc -c NAME` on the UPS server lists who is connected. Who is missing?",
            "There: does the service `nut-monitor` (upsmon) run, with the right password, and does the firewall let "
            "port 3493 through?",
            "On battery: shut down by hand what is missing, before the moment that the alert of the UPS names.",
            "They are shut down in another way? Then say so with `clients: 0`.",
        ),
        hold=60.0,
        norm="BSI INF.5.A16",
        leads=False,
    ),
    Rule(
        FEEDS_SHARE_UPS,
        severity="info",
        meaning=(
            "Devices with two or more feeds (`powered_by`) depend on this UPS all the same: all their feeds come "
            "from it, over however many rails, or the other UPS has not answered for more than a day."
        ),
        runbook=(
            "The evidence shows each feed up to the UPS. Is it wired so, or only declared so?",
            "Plug one of the two power supplies of each into a rail on another UPS, or straight into the mains of "
            "another circuit: that is better than both on one UPS.",
            "Take care that the other UPS can carry all of it alone.",
        ),
        norm="BSI INF.2.A25",
        leads=False,
    ),
)
