"""What each UPS says, of the families of any vendor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from agent import neutral
from agent.contract import JobKey, MetricFamily, Series, Subject
from agent.risk.reachability import CONFIRMED, confirmed_down
from agent.risk.sight import PING, Sight

ROLE = "ups"

# Of two batteries, or of two checks of one UPS, the worse value counts; of tests the newest.
_WORST: Mapping[MetricFamily, Callable[[Iterable[float]], float]] = {
    neutral.UPS_ON_BATTERY: max,
    neutral.UPS_RUNTIME: min,
    neutral.UPS_CHARGE: min,
    neutral.UPS_LOAD: max,
    neutral.UPS_BATTERY_TEMPERATURE: max,
    neutral.UPS_BATTERY_LOW: max,
    neutral.UPS_BATTERY_REPLACE: max,
    neutral.UPS_SELF_TEST_PASSED: min,
    neutral.UPS_SELF_TEST_RUNNING: max,
    neutral.UPS_SELF_TEST_AT: max,
    neutral.UPS_BATTERY_INSTALLED: min,
    neutral.UPS_RUNTIME_LOW: min,
    neutral.UPS_CLIENTS: min,
    neutral.UPS_BYPASS: max,
    neutral.UPS_INPUT_VOLTAGE: max,  # of three phases one suffices to know that the mains is there
    neutral.UPS_OUTPUT_POWER: max,
}


@dataclass(frozen=True, slots=True)
class Ups:
    """One UPS as it was read last, at ``at`` (seconds since the epoch; None: nothing of it is fresh).

    ``outdated``: the next poll is due or under way, or failed once: it decides what holds, not what was read before.
    ``silent``: it does not answer, poll and confirmation failed. ``values``: by family, plausible ones only.
    """

    subject: Subject
    site: str | None
    at: float | None = None
    outdated: bool = False
    silent: bool = False
    values: Mapping[MetricFamily, float] = field(default_factory=dict[MetricFamily, float])

    @property
    def name(self) -> str:
        """The id of the device."""
        return self.subject.id

    def value(self, family: MetricFamily) -> float | None:
        """Return what was read of a family; None where it is not known."""
        return self.values.get(family)

    def holds(self, family: MetricFamily) -> bool | None:
        """Return whether a flag is set; None where it is not known."""
        value = self.values.get(family)
        return None if value is None else value == 1


def supplies(sight: Sight, seen: Collection[str] = ()) -> Mapping[str, Ups]:
    """Return every UPS by device id: devices of that role, and those that show, or have shown, what only a UPS has."""
    series = _read(sight)
    names = [name for name, device in sight.inventory.devices.items() if device.role == ROLE or name in seen]
    subjects = dict.fromkeys((*(Subject("device", name) for name in names), *series))
    return {subject.id: _ups(sight, subject, series.get(subject, {})) for subject in subjects}


def _read(sight: Sight) -> dict[Subject, dict[MetricFamily, list[Series]]]:
    found: dict[Subject, dict[MetricFamily, list[Series]]] = {}
    for family in _WORST:
        for one in sight.view.series(family.name):
            if one.subject.kind == "device" and is_plausible(family, one.value):
                found.setdefault(one.subject, {}).setdefault(family, []).append(one)
    return found


def is_plausible(family: MetricFamily, value: float) -> bool:
    """Whether a UPS can say so; what is no number never is."""
    least, most = neutral.PLAUSIBLE[family.name]
    return least <= value <= most


def _ups(sight: Sight, subject: Subject, series: Mapping[MetricFamily, list[Series]]) -> Ups:
    device = sight.inventory.devices.get(subject.id)
    values = {family: _WORST[family](one.value for one in found) for family, found in series.items()}
    ats = [one.at for one in series.get(neutral.UPS_ON_BATTERY) or _all(series)]
    sites = [one.site for one in _all(series)]
    site = device.site if device is not None else next(iter(sites), None)
    jobs = [job for job in sight.jobs.get(subject, ()) if job.key.check != PING]
    silent = any(confirmed_down(job) for job in jobs)
    at = max(ats, default=None)
    outdated = at is not None and device is not None and _is_outdated(sight, subject, at)
    return Ups(subject, site, at, outdated, silent, values)


def _all(series: Mapping[MetricFamily, list[Series]]) -> list[Series]:
    return [one for found in series.values() for one in found]


def _is_outdated(sight: Sight, subject: Subject, read_at: float) -> bool:
    """Whether the next poll decides, which is due or under way, or failed and is not confirmed.

    Else a self-test of seconds would stand for as long as a lost packet holds up the poll that would see its end. A
    device that answers no more keeps what it said last.
    """
    failures = [job.failures for job in sight.jobs.get(subject, ()) if job.key.check != PING]
    if max(failures, default=0) >= CONFIRMED:
        return False
    return 1 in failures or sight.view.now - read_at > interval_of(sight, subject.id)


def interval_of(sight: Sight, device: str) -> float:
    """Return the time between two polls of a device in seconds."""
    known = sight.inventory.devices.get(device)
    return (known.interval if known is not None else None) or sight.settings.defaults.interval


def asked_again(sight: Sight, ups: Ups, since: float) -> Iterator[JobKey]:
    """Wish that a UPS be polled at once where it was not since a moment; after a poll that failed it has its time."""
    for job in sight.jobs.get(ups.subject, ()):
        if job.key.check != PING and (job.last_attempt is None or job.last_attempt <= since):
            yield job.key
