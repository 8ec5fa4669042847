"""Are the clocks right? Names are node_exporter's (``node_timex_*``) and, measured over NTP, the probe's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.servers import CLOCK_OFFSET, CLOCK_UNSYNCHRONISED, ClockOptions
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words

AHEAD_SECONDS = 3600.0
"""A moment further ahead than that is a wrong clock's."""

PROBE_OFFSET = "probe_ntp_offset_seconds"
PROBE_RTT = "probe_ntp_rtt_seconds"
TIMEX_OFFSET = "node_timex_offset_seconds"
TIMEX_SYNC = "node_timex_sync_status"
TIMEX_MAXERROR = "node_timex_maxerror_seconds"

# Where nobody keeps the clock, the kernel lets its estimate of the error grow to this (linux/timex.h, NTP_PHASE_LIMIT).
ERROR_LIMIT_SECONDS = 16.0
# What was found off stays so until it is less than this share of the limit: a busy line sways by that much.
CLEAR_SHARE = 0.8


class _Clock(NamedTuple):
    """A clock's offset in seconds, against ours (``probed``) or its own source; true within ``doubt`` seconds."""

    offset: float
    doubt: float
    probed: bool
    site: str | None

    @property
    def certain(self) -> float:
        """By how much it is off at least."""
        return max(0.0, abs(self.offset) - self.doubt)


def judge_clocks(sight: Sight) -> Iterator[Outcome]:
    """Yield ``clock_offset`` for devices and services, and ``clock_unsynchronised`` for devices."""
    options = options_of(sight.settings, CLOCK_OFFSET, ClockOptions)
    clocks = _clocks(sight)
    limit = min(options.warning, options.critical)
    evidence = _all_alike(clocks, limit, sight.words)
    for subject, clock in clocks.items():
        if clock.certain >= limit:
            severity = Severity.CRITICAL if clock.certain >= options.critical else Severity.WARNING
            yield _off(sight, subject, clock, severity, evidence if clock.probed else ())
        elif clock.certain >= limit * CLEAR_SHARE:
            yield FindingKey(CLOCK_OFFSET, subject)
    yield from sight.unseen(CLOCK_OFFSET, "device", clocks)
    yield from sight.unseen(CLOCK_OFFSET, "service", clocks)
    yield from _judge_synchronisation(sight)


def _clocks(sight: Sight) -> dict[Subject, _Clock]:
    """Return the worst that is known of each clock."""
    doubts = {target.subject: value / 2 for target, value in sight.values(PROBE_RTT)}
    unkept = {target.subject for target, value in sight.values(TIMEX_SYNC) if value == 0}
    found: dict[Subject, _Clock] = {}
    for family in (PROBE_OFFSET, TIMEX_OFFSET):
        probed = family == PROBE_OFFSET
        for target, value in sight.values(family):
            subject = target.subject
            if probed or subject not in unkept:  # without a source there is nothing to be off from
                clock = _Clock(value, doubts.get(subject, 0.0) if probed else 0.0, probed, target.site)
                known = found.get(subject)
                found[subject] = clock if known is None or clock.certain > known.certain else known
    return found


def _all_alike(clocks: Mapping[Subject, _Clock], limit: float, words: Words) -> tuple[str, ...]:
    """Where several were probed and all are off in the same direction, it is rather our own clock."""
    probed = [clock for clock in clocks.values() if clock.probed]
    directions = {clock.offset > 0 for clock in probed if clock.certain >= limit}
    if len(probed) < 2 or len(directions) != 1 or any(clock.certain < limit for clock in probed):
        return ()
    return (words.say("clocks_alike", count=len(probed)),)


def _off(sight: Sight, subject: Subject, clock: _Clock, severity: Severity, more: tuple[str, ...]) -> Finding:
    words = sight.words
    key = "clock_off" if not clock.probed else "clock_ahead" if clock.offset > 0 else "clock_behind"
    summary = words.say(key, name=sight.name(subject), value=_spoken(words, abs(clock.offset)))
    offset = f"{'+' if clock.offset > 0 else '-'}{words.number(abs(clock.offset), 3)} s"
    evidence = (words.say("clock_measured", value=offset, doubt=f"{words.number(clock.doubt, 3)} s"), *more)
    return Finding(CLOCK_OFFSET, subject, severity, summary, evidence, norm=RULES[CLOCK_OFFSET].norm, site=clock.site)


def _judge_synchronisation(sight: Sight) -> Iterator[Outcome]:
    """Both signs are needed: chrony without ``rtcsync`` keeps the clock and leaves the kernel's status alone."""
    errors = {target.subject: value for target, value in sight.values(TIMEX_MAXERROR)}
    status = {target.subject: (value, target.site) for target, value in sight.values(TIMEX_SYNC)}
    for subject, (value, site) in status.items():
        if value == 0 and errors.get(subject, 0.0) >= ERROR_LIMIT_SECONDS:
            summary = sight.words.say("clock_unsynchronised", name=sight.name(subject))
            norm = RULES[CLOCK_UNSYNCHRONISED].norm
            yield Finding(CLOCK_UNSYNCHRONISED, subject, Severity.WARNING, summary, norm=norm, site=site)
    yield from sight.unseen(CLOCK_UNSYNCHRONISED, "device", status)


def _spoken(words: Words, seconds: float) -> str:
    if seconds < 1:
        return f"{words.number(seconds * 1000)} ms"
    return f"{words.number(seconds, 1)} s" if seconds < 10 else words.duration(seconds)
