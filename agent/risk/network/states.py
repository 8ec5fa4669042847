"""Where each link and device of the network stands, told from both ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from agent.contract import ElementState, Subject
from agent.risk.network.wishes import jobs_at
from agent.risk.network.witnesses import DARK, Witness
from agent.risk.reachability import OURS, DeviceState, device_state
from agent.risk.sight import Sight

State = Literal["up", "degraded", "down", "unknown"]


@dataclass(frozen=True, slots=True)
class LinkNow:
    """A link at this look. ``said``: by its ends and its probe. ``off``: switched off on purpose.

    ``measured``: bits per second that it can carry now, where that is measured; ``capacity``: the lower of that and
    what is declared.
    """

    state: State
    reason: str
    said: tuple[Witness, ...] = ()
    off: bool = False
    blocked: bool = False
    measured: float | None = None
    capacity: float | None = None


def link_now(sight: Sight, said: tuple[Witness, ...], before: State | None, *, was_off: bool = False) -> LinkNow:
    """Tell a link's state from what its ends and its probe say.

    One silent end is not a cut link: the other end decides, unless the link was down before. Then the silent end may be
    the one that said so, and nothing is known until it speaks again. ``was_off``: it was switched off on purpose, and
    stays so while whoever said that is silent.
    """
    words = {witness.says for witness in said}
    reason = "; ".join(witness.text(sight) for witness in said)
    blocked = "blocked" in words
    if "off" in words or (was_off and words & DARK and not words & {"up", "blocked"}):
        return LinkNow("down", reason, said, off=True)
    if "down" in words:
        return LinkNow("down", reason, said)
    carries = bool(words & {"up", "blocked"})
    if carries and not (words & DARK and before == "down"):
        return LinkNow("up", reason, said, blocked=blocked)
    return LinkNow("unknown", reason or sight.words.say("link_unmeasured"), said)


def with_hop(now: LinkNow, state: State, reason: str, capacity: float | None, *, several: bool) -> LinkNow:
    """Return the link with what its radio hop says: what it can carry now, and whether it is degraded.

    ``several``: the hop has more than one carrier or radio, so that one which is down does not cut it.
    """
    measured = replace(now, measured=capacity)
    if now.off or state == "unknown":
        return measured
    if now.state == "down" and not (several and state in {"up", "degraded"}):
        return measured
    if state == "degraded" or (now.state == "down" and several):
        return replace(measured, state="degraded", reason="; ".join(text for text in (reason, now.reason) if text))
    if state == "down":
        return replace(measured, state="down", reason=reason or now.reason)
    return measured


def since(before: ElementState | None, state: State, reason: str, now: float) -> ElementState:
    """Return the state with the moment at which it began; a clock that stepped back moves it to now."""
    begun = before.since if before is not None and before.state == state and before.since is not None else now
    return ElementState(state, reason, min(begun, now))


def device_states(sight: Sight) -> dict[str, DeviceState]:
    """Return where each device of the inventory stands, told from its jobs; one that nothing polls is unknown."""
    jobs = sight.jobs
    return {name: device_state(jobs.get(Subject("device", name), ())) for name in sight.inventory.devices}


def silent_since(devices: Collection[DeviceState]) -> float | None:
    """Return since when nothing at a site answers (seconds since the epoch); None while something does, or may.

    Who was not asked yet may answer; a device that this daemon cannot ask at all does not count.
    """
    known = [device for device in devices if device.state != "unknown" or device.reason not in OURS]
    if not known or any(device.state != "down" for device in known):
        return None
    return max(device.since or 0.0 for device in known)


def answered_at(devices: Collection[DeviceState]) -> float | None:
    """Return when a device of the site that answers was last asked with success; None where none does."""
    times = [one.last_success for one in devices if one.state in {"up", "degraded"} and one.last_success is not None]
    return max(times, default=None)


def sound_at(sight: Sight, devices: Mapping[str, DeviceState]) -> dict[str, float]:
    """Return by site when a device there that answers every check was last asked; seconds since the epoch.

    One that answers ping and nothing else is no proof that what a site needs gets through to it.
    """
    newest: dict[str, float] = {}
    for name, device in devices.items():
        if device.state == "up" and device.last_success is not None:
            site = sight.inventory.devices[name].site
            newest[site] = max(newest.get(site, 0.0), device.last_success)
    return newest


def tried_at(sight: Sight, site: str) -> float | None:
    """Return when a device of the site was last asked, with whatever result."""
    times = (job.last_attempt for job in jobs_at(sight, site) if job.last_attempt is not None)
    return max(times, default=None)


def at_sites(sight: Sight, devices: Mapping[str, DeviceState]) -> dict[str, list[DeviceState]]:
    """Return the states by site; what runs on this machine itself says nothing of the network."""
    grouped: dict[str, list[DeviceState]] = {site: [] for site in sight.inventory.sites}
    for name, state in devices.items():
        checks = {job.key.check for job in sight.jobs.get(Subject("device", name), ())}
        if checks - {"host", "plugin"}:
            grouped.setdefault(sight.inventory.devices[name].site, []).append(state)
    for site, states in grouped.items():
        jobs = sight.jobs.get(Subject("site", site), ())
        if jobs:
            states.append(device_state(jobs))
    return grouped
