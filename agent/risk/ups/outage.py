"""Texts and severity of a UPS on battery: how long it lasts, and when the shutdown must begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from agent import neutral
from agent.contract import Finding, FindingKey, Severity
from agent.risk.catalogue.power import UPS_ON_BATTERY
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words
from agent.risk.ups.grid import Grid
from agent.risk.ups.needs import Needs
from agent.risk.ups.readings import asked_again, interval_of
from agent.risk.ups.standing import Standing, configured_clients

_NAMED = 6  # devices that a line of evidence names
# Where no shutdown is agreed: with so little left, or less than two polls, it is as good as over.
_LAST_SECONDS = 120.0


def judge_outage(sight: Sight, standing: Standing, grid: Grid) -> Iterator[Outcome]:
    """Yield ``ups_on_battery``; nothing on mains and in a self-test, but where the battery gets low in it."""
    ups = standing.ups
    if standing.on_battery is None:
        yield FindingKey(UPS_ON_BATTERY, ups.subject)
    low_in_test = standing.testing and bool(ups.holds(neutral.UPS_BATTERY_LOW))
    if ups.outdated and (standing.on_battery or low_in_test):
        yield FindingKey(UPS_ON_BATTERY, ups.subject)
    elif standing.outage_since is not None and not standing.spent:
        yield from _on_battery(sight, standing, grid)
    elif low_in_test:
        words = sight.words
        summary = f"{words.say('ups_test_low', name=ups.name)}: {words.say('ups_low')}"
        evidence = tuple(_measured(words, standing))
        yield _finding(standing, Severity.CRITICAL, summary, evidence)


def _on_battery(sight: Sight, standing: Standing, grid: Grid) -> Iterator[Outcome]:
    severity = Severity.CRITICAL if is_pressing(sight, standing) else Severity.WARNING
    evidence = tuple(_evidence(sight, standing, grid))
    yield _finding(standing, severity, _summary(sight, standing), evidence)
    if standing.memory.awaits_flag(standing.now):
        yield from asked_again(sight, standing.ups, standing.memory.read_at or standing.now)


def is_pressing(sight: Sight, standing: Standing) -> bool:
    """Whether the shutdown must begin before the next look at the UPS, or nothing will begin it."""
    due, low, interval = (
        standing.shutdown_at,
        standing.ups.holds(neutral.UPS_BATTERY_LOW),
        interval_of(sight, standing.ups.name),
    )
    at_hand = due is not None and due - standing.now <= interval
    left = standing.runtime if due is None else None
    ends = left is not None and left <= max(_LAST_SECONDS, 2 * interval)
    return (
        at_hand
        or ends
        or bool(low)
        or _wait_is_over(standing)
        or (standing.too_short and _nobody_listens(sight, standing))
    )


def _wait_is_over(standing: Standing) -> bool:
    return standing.needs.wait is not None and standing.waited >= standing.needs.wait


def _nobody_listens(sight: Sight, standing: Standing) -> bool:
    """Whether it is known that no computer will shut itself down, though one should."""
    return standing.clients == 0 and configured_clients(sight, standing.ups.name) != 0


def _finding(standing: Standing, severity: Severity, summary: str, evidence: tuple[str, ...]) -> Finding:
    ups = standing.ups
    return Finding(
        UPS_ON_BATTERY, ups.subject, severity, summary, evidence, norm=RULES[UPS_ON_BATTERY].norm, site=ups.site
    )


def _summary(sight: Sight, standing: Standing) -> str:
    words, ups = sight.words, standing.ups
    head = words.say("ups_silent" if standing.counted_on else "on_battery", name=ups.name)
    parts = list(_parts(sight, standing))
    return f"{head}: {', '.join(parts)}" if parts else head


def _parts(sight: Sight, standing: Standing) -> Iterator[str]:
    """What counts, the most urgent last: it is read after what is left."""
    words, charge = sight.words, standing.ups.value(neutral.UPS_CHARGE)
    if standing.stuck and standing.test_since is not None:
        yield words.say("ups_testing_for", value=words.duration(standing.now - standing.test_since))
    if standing.runtime is not None:
        key = "ups_left_about" if standing.counted_on else "ups_left"
        yield words.say(key, value=words.span(standing.runtime))
    elif charge is not None:
        yield words.say("ups_charge", value=words.percent(charge))
    if standing.ups.holds(neutral.UPS_BATTERY_LOW):
        yield words.say("ups_low")
    yield from _what_to_do(sight, standing)
    if standing.too_short and _nobody_listens(sight, standing):
        yield words.say("ups_nobody")


def _what_to_do(sight: Sight, standing: Standing) -> Iterator[str]:
    words, due, needs = sight.words, standing.shutdown_at, standing.needs
    if due is not None and due <= standing.now and needs.shutdown is not None:
        yield words.say("ups_shut_down_now", value=words.span(needs.shutdown))
    elif _wait_is_over(standing) and needs.wait is not None:
        wait = words.duration(needs.wait)
        last = "" if due is None else clock_time(sight, due)
        yield words.say("ups_wait_over_by" if last else "ups_wait_over", value=wait, at=last)
    elif due is not None:
        left = words.duration(due - standing.now)
        yield words.say("ups_shut_down_by", at=clock_time(sight, due), left=left)


def _evidence(sight: Sight, standing: Standing, grid: Grid) -> Iterator[str]:
    words, ups = sight.words, standing.ups
    if standing.outage_since is not None:
        since = clock_time(sight, standing.outage_since)
        key = "ups_since_at_least" if standing.memory.at_least else "ups_since"
        yield words.say(key, at=since, value=words.duration(standing.waited))
    if standing.counted_on and standing.memory.read_at is not None:
        yield words.say("ups_last_heard", at=clock_time(sight, standing.memory.read_at))
    says, shows = standing.left(standing.says), standing.left(standing.shows)
    if says is not None and shows is not None:
        yield words.say("ups_says", value=words.span(says))
        yield words.say("ups_shows", value=words.span(shows))
    yield from _measured(words, standing)
    yield from required_line(words, standing.needs)
    if standing.clients is not None:
        yield words.say("ups_clients", count=words.number(standing.clients))
    yield from _fed(words, ups.name, grid)


def _fed(words: Words, name: str, grid: Grid) -> Iterator[str]:
    """What goes with it, and with those that are on battery as well; and what stands on the mains elsewhere."""
    lost = grid.lost_with(name)
    if lost:
        yield words.say("ups_takes_along", names=shortened(words, sorted(lost)))
    for other in grid.also_out(name):
        runtime = grid.standings[other].runtime
        if runtime is None:
            yield words.say("ups_also_out", name=other)
        else:
            yield words.say("ups_also_out_left", name=other, value=words.span(runtime))
    kept = grid.kept_without(name)
    if kept:
        named = [f"{device} ({', '.join(feeders)})" for device, feeders in kept.items()]
        yield words.say("ups_lives_on", names=shortened(words, named))


def _measured(words: Words, standing: Standing) -> Iterator[str]:
    charge = standing.ups.value(neutral.UPS_CHARGE)
    if charge is not None:
        yield words.say("ups_charge", value=words.percent(charge))
    yield from load_line(words, standing)


def load_line(words: Words, standing: Standing) -> Iterator[str]:
    """Yield the load in percent and in watts, as far as it is known."""
    load = standing.ups.value(neutral.UPS_LOAD)
    watts = standing.ups.value(neutral.UPS_OUTPUT_POWER)
    if load is not None and watts is not None:
        yield words.say("ups_load_watts", value=words.percent(load), watts=words.number(watts))
    elif load is not None:
        yield words.say("ups_load", value=words.percent(load))
    elif watts is not None:
        yield words.say("ups_watts", watts=words.number(watts))


def required_line(words: Words, needs: Needs) -> Iterator[str]:
    """Yield what the room asks for, as a sum with its source."""
    if needs.required is None:
        return
    value = {"value": words.span(needs.required), "room": needs.name}
    if needs.shutdown is None:
        yield words.say("ups_required_wait", **value)
    elif needs.wait is None:
        yield words.say("ups_required_shutdown", shutdown=words.span(needs.shutdown), **value)
    else:
        yield words.say("ups_required_both", wait=words.span(needs.wait), shutdown=words.span(needs.shutdown), **value)


def shortened(words: Words, names: list[str]) -> str:
    """Return the names in a list that a line can hold."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return words.joined(words.few(names, _NAMED))


def clock_time(sight: Sight, at: float) -> str:
    """Return the local time of day, with the day where it is another."""
    zone = ZoneInfo(sight.settings.municipality.timezone)
    local, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(sight.view.now, zone).date()
    return f"{local:%H:%M}" if local.date() == today else sight.moment(at)
