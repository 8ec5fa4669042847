"""What the battery of a UPS is worth, and whether it is tested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from agent import neutral
from agent.contract import FindingKey, Severity
from agent.risk.catalogue.power import (
    UPS_BATTERY_HOT,
    UPS_BATTERY_OLD,
    UPS_BATTERY_REPLACE,
    UPS_SELF_TEST_DUE,
    UPS_SELF_TEST_FAILED,
    UPS_SELF_TEST_STUCK,
    HotOptions,
    OldOptions,
    SelfTestOptions,
)
from agent.risk.rule import options_of
from agent.risk.sight import Outcome, Sight
from agent.risk.ups.readings import asked_again
from agent.risk.ups.standing import Standing
from agent.risk.ups.verdict import Bounds, found, graded, unless_known
from config.units import DAY

YEAR = 365.25 * DAY
HYSTERESIS_KELVIN = 1.0


def judge_battery(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    """Yield ``ups_battery_replace``, ``_old``, ``_hot`` and ``ups_self_test_failed``, ``_due``, ``_stuck``."""
    yield from _replace(sight, standing)
    yield from _test_failed(sight, standing)
    yield from _old(sight, standing)
    yield from _hot(sight, standing)
    yield from _test_due(sight, standing)
    yield from _stuck(sight, standing)


def _replace(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    if standing.ups.holds(neutral.UPS_BATTERY_REPLACE):
        summary = sight.words.say("ups_replace", name=standing.ups.name)
        evidence = [*_dates(sight, standing)]
        if standing.ups.value(neutral.UPS_SELF_TEST_PASSED) == 0:
            evidence.append(sight.words.say("ups_test_failed", name=standing.ups.name))
        yield found(standing, UPS_BATTERY_REPLACE, Severity.WARNING, summary, tuple(evidence))
    else:
        yield from unless_known(standing, UPS_BATTERY_REPLACE, neutral.UPS_BATTERY_REPLACE)


def _test_failed(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    """A failed test of a battery that the UPS gives up anyway is not told twice."""
    passed = standing.ups.holds(neutral.UPS_SELF_TEST_PASSED)
    if passed is False and standing.ups.holds(neutral.UPS_BATTERY_REPLACE):
        yield FindingKey(UPS_SELF_TEST_FAILED, standing.ups.subject)
    elif passed is False:
        summary = sight.words.say("ups_test_failed", name=standing.ups.name)
        yield found(standing, UPS_SELF_TEST_FAILED, Severity.WARNING, summary, tuple(_dates(sight, standing)))
    else:
        yield from unless_known(standing, UPS_SELF_TEST_FAILED, neutral.UPS_SELF_TEST_PASSED)


def _old(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    installed = standing.ups.value(neutral.UPS_BATTERY_INSTALLED)
    limit = options_of(sight.settings, UPS_BATTERY_OLD, OldOptions).after
    if installed is None or installed > sight.view.now + DAY:  # what is to come was entered wrongly
        yield from unless_known(standing, UPS_BATTERY_OLD, neutral.UPS_BATTERY_INSTALLED)
    elif sight.view.now - installed > limit:
        years = sight.words.number((sight.view.now - installed) / YEAR, 1)
        most = sight.words.number(limit / (365 * DAY), 1)
        summary = sight.words.say("ups_battery_old", name=standing.ups.name, value=years, limit=most)
        yield found(standing, UPS_BATTERY_OLD, Severity.INFO, summary, tuple(_dates(sight, standing)))


def _hot(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    """A jump is asked for again at once; what is not believed says nothing of the battery."""
    celsius, jump = standing.memory.celsius, standing.memory.heat.jump
    options = options_of(sight.settings, UPS_BATTERY_HOT, HotOptions)
    if celsius is None:
        yield FindingKey(UPS_BATTERY_HOT, standing.ups.subject)
        if jump is not None:
            yield from asked_again(sight, standing.ups, jump[1])
        return
    severity = graded(standing, UPS_BATTERY_HOT, celsius, Bounds(options.warning, options.critical, HYSTERESIS_KELVIN))
    if severity is not None:
        limit = sight.words.celsius(options.critical if severity is Severity.CRITICAL else options.warning)
        value = sight.words.celsius(celsius)
        summary = sight.words.say("ups_battery_hot", name=standing.ups.name, value=value, limit=limit)
        yield found(standing, UPS_BATTERY_HOT, severity, summary, tuple(_dates(sight, standing)))


def _test_due(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    tested = standing.ups.value(neutral.UPS_SELF_TEST_AT)
    limit = options_of(sight.settings, UPS_SELF_TEST_DUE, SelfTestOptions).after
    if tested is None:
        yield from unless_known(standing, UPS_SELF_TEST_DUE, neutral.UPS_SELF_TEST_AT)
    elif sight.view.now - tested > limit and not standing.testing:
        ago = sight.words.duration(sight.view.now - tested)
        most = sight.words.number(limit / DAY)
        summary = sight.words.say("ups_test_due", name=standing.ups.name, value=ago, limit=most)
        yield found(standing, UPS_SELF_TEST_DUE, Severity.INFO, summary, tuple(_dates(sight, standing)))


def _stuck(sight: Sight, standing: Standing) -> Iterator[Outcome]:
    if standing.stuck and standing.test_since is not None:
        since = sight.words.duration(standing.now - standing.test_since)
        summary = sight.words.say("ups_self_test_stuck", name=standing.ups.name, value=since)
        yield found(standing, UPS_SELF_TEST_STUCK, Severity.WARNING, summary)
    else:
        yield from unless_known(standing, UPS_SELF_TEST_STUCK, neutral.UPS_SELF_TEST_RUNNING)


def _dates(sight: Sight, standing: Standing) -> Iterator[str]:
    zone = ZoneInfo(sight.settings.municipality.timezone)
    dates = (("ups_installed", neutral.UPS_BATTERY_INSTALLED), ("ups_tested", neutral.UPS_SELF_TEST_AT))
    for key, family in dates:
        at = standing.ups.value(family)
        if at is not None:
            yield sight.words.say(key, day=sight.words.day(datetime.fromtimestamp(at, zone).date()))
