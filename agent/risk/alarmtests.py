"""Were the ways to all receivers tested lately? BSI INF.2.A13 and A19 ask for it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.contract import AlarmTest, Finding, Severity
from agent.risk.catalogue.norms import ALARM_PATH_TEST_DUE, AlarmTestOptions
from agent.risk.clock import AHEAD_SECONDS
from agent.risk.reachability import DAEMON
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.texts import Words
from config.settings import Settings

_NAMED = 3  # more receivers than that are counted in the summary, and listed in the evidence
_LISTED = 20
_HASH_CHARS = 4  # hexadecimal: one of 65,536

Tests = Mapping[str, AlarmTest]


class Due(NamedTuple):
    """By when a receiver is to be tested: ``due_at`` as configured, seconds since the epoch."""

    test: AlarmTest
    due_at: float
    remind_at: float


def receivers_with_ways(settings: Settings) -> tuple[str, ...]:
    """Return the receivers that have ways of their own; who stands in for others by duty has none."""
    return tuple(name for name, one in settings.alerting.receivers.items() if one.apprise)


def ways_of(settings: Settings, receiver: str) -> str:
    """Return by what other ways to a receiver are noticed: so few bits of a hash that they confirm no guess."""
    known = settings.alerting.receivers.get(receiver)
    urls = [] if known is None else sorted(one.get_secret_value() for one in known.apprise)
    return hashlib.sha256("\n".join(urls).encode("utf-8", "surrogateescape")).hexdigest()[:_HASH_CHARS]


def awaited(known: Tests, settings: Settings, now: float) -> tuple[AlarmTest, ...]:
    """Return what is to be noted: of receivers that are new or have other ways a test is awaited from ``now`` on.

    Of those that are gone it is noted that nothing is: one that comes back is new.
    """
    present = {name: ways_of(settings, name) for name in receivers_with_ways(settings)}
    new = [AlarmTest(name, now, None, ways) for name, ways in present.items() if _ways(known, name) != ways]
    gone = [AlarmTest(name, now) for name, one in known.items() if name not in present and one.ways]
    return (*new, *gone)


def _ways(known: Tests, name: str) -> str:
    return known[name].ways if name in known else ""


def when_due(known: Tests, settings: Settings, now: float) -> Iterator[Due]:
    """Yield, of each receiver of which anything is known, by when a test is due and from when one is reminded.

    What a wrong clock put into the future proves nothing.
    """
    options = options_of(settings, ALARM_PATH_TEST_DUE, AlarmTestOptions)
    before = min(options.before, options.every / 2)  # else a test that is just made would be due again
    for one in (known[name] for name in receivers_with_ways(settings) if name in known):
        if one.delivered_at is not None and one.delivered_at <= now + AHEAD_SECONDS:
            due = one.delivered_at + options.every
            yield Due(one, due, due - before)
        elif one.awaited_since <= now + AHEAD_SECONDS:
            due = one.awaited_since + options.first
            yield Due(replace(one, delivered_at=None), due, due)
        else:
            yield Due(AlarmTest(one.receiver, now), now, now)


def judge_alarm_tests(known: Tests, settings: Settings, now: float) -> Iterator[Finding]:
    """Yield ``alarm_path_test_due``: one for all receivers, who stand in the evidence."""
    due = sorted(
        (one for one in when_due(known, settings, now) if now >= one.remind_at),
        key=lambda one: (one.due_at, one.test.receiver),
    )
    if not due:
        return
    words, zone = Words(settings.municipality.language), ZoneInfo(settings.municipality.timezone)
    names = words.few([one.test.receiver for one in due], _NAMED)
    evidence = [_said(one, words, zone) for one in due[:_LISTED]]
    if len(due) > _LISTED:
        evidence[-1] = words.say("more", text=evidence[-1], count=len(due) - _LISTED)
    summary = words.say("alarm_test_due", names=words.joined(names))
    norm = RULES[ALARM_PATH_TEST_DUE].norm
    yield Finding(ALARM_PATH_TEST_DUE, DAEMON, Severity.INFO, summary, tuple(evidence), norm=norm)


def _said(one: Due, words: Words, zone: ZoneInfo) -> str:
    def day(at: float) -> str:
        return words.day(datetime.fromtimestamp(at, zone).date())

    name, delivered = one.test.receiver, one.test.delivered_at
    if delivered is None:
        return words.say("alarm_test_never", name=name, day=day(one.test.awaited_since))
    return words.say("alarm_test_last", name=name, day=day(delivered), due=day(one.due_at))
