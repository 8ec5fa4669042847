"""Where a UPS stands now: on mains, in a self-test, or in an outage, and how long its battery lasts."""

from __future__ import annotations

from dataclasses import dataclass

from agent import neutral
from agent.contract import PowerState
from agent.risk.catalogue.power import UPS_SELF_TEST_STUCK, StuckOptions
from agent.risk.rule import options_of
from agent.risk.sight import Sight
from agent.risk.ups.history import empty_at
from agent.risk.ups.memory import Memory
from agent.risk.ups.needs import Needs
from agent.risk.ups.readings import Ups
from config.base import Model
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """One UPS at one look. Times in seconds, of moments since the epoch.

    ``outage_since``: the mains is out; None on mains and in a self-test. ``test_since``: a self-test runs, ``stuck``:
    for longer than one takes. ``says``, ``shows``: in an outage, when the battery ends by what the UPS says and by the
    fall of its charge. ``counted_on``: it does not answer, and all this is told from what it said last.
    ``clients``: of an outage, the most that were connected since it began.
    """

    ups: Ups
    needs: Needs
    now: float
    memory: Memory
    outage_since: float | None = None
    test_since: float | None = None
    stuck: bool = False
    says: float | None = None
    shows: float | None = None
    clients: float | None = None
    counted_on: bool = False

    @property
    def empty_at(self) -> float | None:
        """When the battery ends: the earlier of the two; None on mains."""
        return min((one for one in (self.says, self.shows) if one is not None), default=None)

    @property
    def spent(self) -> bool:
        """Whether nothing can be told any more: it fell silent, and its battery must be empty or was never known."""
        return self.counted_on and (self.empty_at is None or self.empty_at <= self.now)

    @property
    def runtime(self) -> float | None:
        """What the battery lasts."""
        if self.outage_since is None:
            return self.ups.value(neutral.UPS_RUNTIME)
        return None if self.spent else self.left(self.empty_at)

    @property
    def testing(self) -> bool:
        """Whether it tests itself, which is no outage."""
        return self.test_since is not None and not self.stuck and self.outage_since is None

    @property
    def on_battery(self) -> bool | None:
        """Whether the load hangs on the battery, if only for a test; None where nobody knows."""
        if self.outage_since is not None:
            return None if self.spent else True
        return self.ups.holds(neutral.UPS_ON_BATTERY)

    @property
    def shutdown_at(self) -> float | None:
        """When an orderly shutdown must begin at the latest: while the reserve is left."""
        if self.outage_since is None or self.empty_at is None or self.needs.reserve is None:
            return None
        return self.empty_at - self.needs.reserve

    @property
    def waited(self) -> float:
        """How long the mains has been out."""
        return 0.0 if self.outage_since is None else max(0.0, self.now - self.outage_since)

    @property
    def too_short(self) -> bool:
        """Whether the battery does not last for what is still to come: the rest of the wait, and the reserve."""
        runtime, required = self.runtime, self.needs.required
        if runtime is None or required is None:
            return False
        return runtime < required - min(self.waited, self.needs.wait or 0.0)

    def left(self, moment: float | None) -> float | None:
        """Return the seconds until a moment, none once it is past."""
        return None if moment is None else max(0.0, moment - self.now)

    def state(self) -> PowerState:
        """Return it for page, figures and other judgement."""
        ups = self.ups
        clients = ups.value(neutral.UPS_CLIENTS)
        return PowerState(
            device=ups.name,
            room=self.needs.room,
            on_battery=self.on_battery,
            testing=self.testing,
            runtime=self.runtime,
            required=self.needs.required,
            shutdown_at=self.shutdown_at,
            charge=ups.value(neutral.UPS_CHARGE),
            load=ups.value(neutral.UPS_LOAD),
            watts=ups.value(neutral.UPS_OUTPUT_POWER),
            clients=None if clients is None else round(clients),
            battery_installed_at=ups.value(neutral.UPS_BATTERY_INSTALLED),
            tested_at=ups.value(neutral.UPS_SELF_TEST_AT),
            too_short=self.too_short,
            counted_on=self.counted_on,
        )


def standing_of(sight: Sight, ups: Ups, needs: Needs, memory: Memory) -> Standing:
    """Tell where a UPS stands from what it says now and what is remembered, this reading included."""
    now = sight.view.now
    longest = longest_test(sight.settings)
    if ups.at is None:
        return _counted_on(sight, ups, needs, memory)
    test_since = memory.test_since
    stuck = test_since is not None and now - test_since > longest
    outage_since = memory.outage_since(now, longest) if ups.holds(neutral.UPS_ON_BATTERY) else None
    if outage_since is None:
        return Standing(ups, needs, now, memory, test_since=test_since, stuck=stuck)
    shows = empty_at(sight, ups, outage_since, ups.at)
    clients = memory.clients if ups.value(neutral.UPS_CLIENTS) is not None else None
    return Standing(ups, needs, now, memory, outage_since, test_since, stuck, memory.empty_at, shows, clients)


def _counted_on(sight: Sight, ups: Ups, needs: Needs, memory: Memory) -> Standing:
    """A UPS that fell silent on battery goes on discharging: the switch before it may have gone first."""
    now = sight.view.now
    since = memory.outage_since(now, longest_test(sight.settings))
    if since is None or not ups.silent or memory.tests:
        return Standing(ups, needs, now, memory)
    shows = None if memory.read_at is None else empty_at(sight, ups, since, memory.read_at)
    return Standing(
        ups,
        needs,
        now,
        memory,
        outage_since=since,
        says=memory.empty_at,
        shows=shows,
        clients=memory.clients,
        counted_on=True,
    )


def longest_test(settings: Settings) -> float:
    """Return what a self-test may take in seconds."""
    return options_of(settings, UPS_SELF_TEST_STUCK, StuckOptions).after


def configured_clients(sight: Sight, name: str) -> int | None:
    """Return how many computers are to be shut down by a UPS (`nut: {clients: …}`); None where that is not said."""
    device = sight.inventory.devices.get(name)
    params = None if device is None else device.params.get("nut")
    wanted = getattr(params, "clients", None) if isinstance(params, Model) else None
    return wanted if isinstance(wanted, int) else None
