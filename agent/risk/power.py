"""Is the power what it should be?"""

from __future__ import annotations

from collections.abc import Iterator

from agent import neutral
from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.rooms import UPS_ON_BATTERY
from agent.risk.reachability import CONFIRMED
from agent.risk.rules import RULES
from agent.risk.sight import PING, Outcome, Sight


def judge_power(sight: Sight) -> Iterator[Outcome]:
    """Yield ``ups_on_battery``; critical once the runtime is known and below the room's shutdown time."""
    seen = sight.by_subject(neutral.UPS_ON_BATTERY.name)
    for subject, series in seen.items():
        if any(one.value == 1 for one in series):
            yield (
                FindingKey(UPS_ON_BATTERY, subject)
                if _is_outdated(sight, subject, series[0].at)
                else _on_battery(sight, subject, series[0].site)
            )
    yield from sight.unseen(UPS_ON_BATTERY, "device", seen)


def _is_outdated(sight: Sight, subject: Subject, read_at: float) -> bool:
    """Whether the next poll is due or under way, or failed and is not confirmed: it decides, not what was read before.

    Else a self-test of seconds would stand for as long as a lost packet holds up the poll that would see its end. A
    device that answers no more keeps what it said last.
    """
    device = sight.inventory.devices.get(subject.id)
    failures = [job.failures for job in sight.jobs.get(subject, ()) if job.key.check != PING]
    if device is None or max(failures, default=0) >= CONFIRMED:
        return False
    interval = device.interval or sight.settings.defaults.interval
    return 1 in failures or sight.view.now - read_at > interval


def _on_battery(sight: Sight, subject: Subject, site: str | None) -> Finding:
    words = sight.words
    charge = _value(sight, neutral.UPS_CHARGE.name, subject)
    runtime = _value(sight, neutral.UPS_RUNTIME.name, subject)
    needed = _shutdown_seconds(sight, subject)
    too_short = runtime is not None and needed is not None and runtime < needed
    parts: list[str] = []
    if charge is not None:
        parts.append(words.say("charge", value=words.percent(charge)))
    if runtime is not None:
        parts.append(words.say("runtime", value=words.duration(runtime)))
    if too_short and needed is not None:
        parts.append(words.say("too_short", value=words.duration(needed)))
    summary = words.say("on_battery", name=subject.id) + (f": {', '.join(parts)}" if parts else "")
    severity = Severity.CRITICAL if too_short else Severity.WARNING
    return Finding(UPS_ON_BATTERY, subject, severity, summary, norm=RULES[UPS_ON_BATTERY].norm, site=site)


def _value(sight: Sight, family: str, subject: Subject) -> float | None:
    """The least of the device's values: of two batteries the weaker counts."""
    return min((series.value for series in sight.view.series(family, subject)), default=None)


def _shutdown_seconds(sight: Sight, subject: Subject) -> float | None:
    device = sight.inventory.devices.get(subject.id)
    room = None if device is None or device.room is None else sight.inventory.rooms.get(device.room)
    return None if room is None else room.shutdown_time
