"""Did the device restart between two polls, or its agent alone, or did its clock only wrap? Pure (facts F23).

sysUpTime counts hundredths of a second since the *agent* started and wraps after 497 days; hrSystemUptime
(HOST-RESOURCES-MIB, RFC 2790) counts since the *host* started; snmpEngineBoots (SNMP-FRAMEWORK-MIB, RFC 3411) counts
the starts of the agent, on devices that remember it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collectors.snmp.modules.texts import number
from collectors.snmp.oid import SYS_UPTIME, Value

ENGINE_BOOTS = "1.3.6.1.6.3.10.2.1.2.0"
HOST_UPTIME = "1.3.6.1.2.1.25.1.1.0"
SIGNS = (ENGINE_BOOTS, HOST_UPTIME)
"""Instances that tell more than sysUpTime does, where a device has them."""

MODULUS = 1 << 32
WRAP_ZONE = 360_000
"""Within an hour of the ceiling a smaller sysUpTime is a wrap: clocks of devices run a little wrong."""
TICKS_PER_SECOND = 100

Change = Literal["none", "rebooted", "agent_restarted"]


@dataclass(frozen=True, slots=True)
class Life:
    """What a poll at ``at`` (seconds since the epoch) read: hundredths of a second up, and how often begun."""

    at: float
    uptime: float | None
    boots: float | None = None
    host_uptime: float | None = None

    def wraps_by(self, at: float) -> bool:
        """Whether sysUpTime may have wrapped until then."""
        passed = max(0.0, at - self.at) * TICKS_PER_SECOND
        return self.uptime is not None and self.uptime + passed >= MODULUS - WRAP_ZONE

    @property
    def seconds(self) -> float | None:
        """Seconds since the host started, or else its agent."""
        ticks = self.uptime if self.host_uptime is None else self.host_uptime
        return None if ticks is None else ticks / TICKS_PER_SECOND


def read_life(scalars: Mapping[str, Value], at: float) -> Life:
    """Return what was read; what is missing or no number is None."""
    return Life(at, *(number(scalars.get(oid)) for oid in (SYS_UPTIME, *SIGNS)))


def change(before: Life | None, after: Life) -> Change:
    """Tell what happened in between; without an earlier look nothing is known to have happened."""
    if before is None or not (_begun_anew(before, after) or _went_back(before, after)):
        return "none"
    return "agent_restarted" if _host_ran_on(before, after) else "rebooted"


def _begun_anew(before: Life, after: Life) -> bool:
    """Whether the count of starts rose while sysUpTime fell: a restart, also where a wrap was due."""
    if before.boots is None or after.boots is None or after.boots <= before.boots:
        return False
    return before.uptime is None or after.uptime is None or after.uptime < before.uptime


def _went_back(before: Life, after: Life) -> bool:
    if before.uptime is None or after.uptime is None or after.uptime >= before.uptime:
        return False
    return not before.wraps_by(after.at)


def _host_ran_on(before: Life, after: Life) -> bool:
    if before.host_uptime is None or after.host_uptime is None:
        return False
    return after.host_uptime >= before.host_uptime
