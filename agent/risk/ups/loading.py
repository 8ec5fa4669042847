"""How much a UPS carries, how long its battery would last, and whether it protects at all."""

from __future__ import annotations

from collections.abc import Iterator

from agent import neutral
from agent.contract import FindingKey, Severity
from agent.risk.catalogue.power import (
    UPS_LOW_BATTERY_LATE,
    UPS_ON_BYPASS,
    UPS_OVERLOAD,
    UPS_RUNTIME_SHORT,
    OverloadOptions,
)
from agent.risk.rule import options_of
from agent.risk.sight import Outcome, Sight
from agent.risk.ups.outage import load_line, required_line
from agent.risk.ups.standing import Standing
from agent.risk.ups.verdict import Bounds, found, graded, unless_known

# After an outage the runtime says nothing before the battery is charged again.
CHARGED = 0.9
# The runtime that a UPS tells sways with its load: what was too short stays so until it is longer by this share.
RUNTIME_PLAY = 0.1
LOAD_PLAY = 0.03


def judge_loading(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    """Yield ``ups_overload``, ``ups_on_bypass``, ``ups_runtime_short`` and ``ups_low_battery_late``."""
    yield from _overload(sight, standing)
    yield from _bypass(sight, standing)
    yield from _runtime(sight, standing)
    yield from _low_late(sight, standing)


def _overload(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    load = standing.ups.value(neutral.UPS_LOAD)
    options = options_of(sight.settings, UPS_OVERLOAD, OverloadOptions)
    if load is None:
        yield from unless_known(standing, UPS_OVERLOAD, neutral.UPS_LOAD)
        return
    severity = graded(standing, UPS_OVERLOAD, load, Bounds(options.warning, options.critical, LOAD_PLAY))
    if severity is not None:
        limit = sight.words.percent(options.critical if severity is Severity.CRITICAL else options.warning)
        summary = sight.words.say("ups_overload", name=standing.ups.name, value=sight.words.percent(load), limit=limit)
        yield found(standing, UPS_OVERLOAD, severity, summary, tuple(load_line(sight.words, standing)))


def _bypass(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    if standing.ups.holds(neutral.UPS_BYPASS):
        summary = sight.words.say("ups_bypass", name=standing.ups.name)
        yield found(standing, UPS_ON_BYPASS, Severity.WARNING, summary, tuple(load_line(sight.words, standing)))
    else:
        yield from unless_known(standing, UPS_ON_BYPASS, neutral.UPS_BYPASS)


def _runtime(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    """On battery another alert speaks, and this one keeps what it is."""
    required, runtime = standing.needs.required, standing.runtime
    if required is None:
        return
    charge = standing.ups.value(neutral.UPS_CHARGE)
    at_rest = standing.on_battery is False and standing.test_since is None
    if runtime is None:
        yield from unless_known(standing, UPS_RUNTIME_SHORT, neutral.UPS_RUNTIME)
    elif not at_rest or (charge is not None and charge <= CHARGED):
        yield FindingKey(UPS_RUNTIME_SHORT, standing.ups.subject)
    elif runtime < required:
        words = sight.words
        values = {"value": words.span(runtime), "required": words.span(required)}
        summary = words.say("ups_runtime_short", name=standing.ups.name, **values)
        evidence = [*load_line(words, standing), *required_line(words, standing.needs)]
        if charge is not None:
            evidence.insert(0, words.say("ups_charge", value=words.percent(charge)))
        yield found(standing, UPS_RUNTIME_SHORT, Severity.INFO, summary, tuple(evidence))
    elif runtime < required * (1 + RUNTIME_PLAY):
        yield FindingKey(UPS_RUNTIME_SHORT, standing.ups.subject)


def _low_late(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    low, shutdown = standing.ups.value(neutral.UPS_RUNTIME_LOW), standing.needs.shutdown
    if low is None:
        yield from unless_known(standing, UPS_LOW_BATTERY_LATE, neutral.UPS_RUNTIME_LOW)
    elif shutdown is not None and low < shutdown:
        words = sight.words
        values = {"value": words.span(low), "shutdown": words.span(shutdown)}
        summary = words.say("ups_low_late", name=standing.ups.name, **values)
        evidence = tuple(required_line(words, standing.needs))
        yield found(standing, UPS_LOW_BATTERY_LATE, Severity.INFO, summary, evidence)
