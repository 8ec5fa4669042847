"""Which receivers a duty receiver stands for at a moment, and what is to be said of its calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from agent.alerts.duty import DutyPlan, Shift, gaps, on_duty
from agent.contract import Finding, Severity, Subject
from agent.risk.catalogue.oncall import ON_CALL_CALENDAR, ON_CALL_GAP
from agent.risk.texts import Words
from config.calendarfaults import Fault
from config.settings import Settings

DAY_SECONDS = 86400.0
# A calendar is expanded from a day ago, for a clock that steps back, to beyond every digest and closure.
BEHIND_SECONDS = DAY_SECONDS
AHEAD_SECONDS = 90 * DAY_SECONDS
GAP_AHEAD_SECONDS = 7 * DAY_SECONDS

# Where what was read last is still in force, a calendar that is away for a while is nobody's business.
OLD_COPY_HOLD_SECONDS = 3600.0

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Roster:
    """What is known of the calendars, by duty receiver: the plan, and what is wrong with the calendar.

    A receiver without a plan stands for its ``otherwise``. ``troubles`` quote no title.
    """

    plans: Mapping[str, DutyPlan] = field(default_factory=dict[str, DutyPlan])
    troubles: Mapping[str, Fault] = field(default_factory=dict[str, Fault])

    def shifts(self, name: str, settings: Settings, at: float) -> tuple[Shift, ...]:
        """Return the shifts of whoever has duty; empty where the calendar names nobody, or is not known."""
        plan = self.plans.get(name)
        return () if plan is None else on_duty(plan, at, substitutes(settings))

    def expand(self, names: Iterable[str], settings: Settings, at: float) -> tuple[str, ...]:
        """Return the receivers that are to be told at a moment: each duty receiver becomes whoever has duty."""
        receivers = settings.alerting.receivers
        found: dict[str, None] = {}
        for name in names:
            known = receivers.get(name)
            duty = None if known is None else known.duty
            if duty is None:
                found[name] = None
            else:
                who = [shift.receiver for shift in self.shifts(name, settings, at)]
                found |= dict.fromkeys(who or duty.otherwise)
        return tuple(found)

    def ever(self, names: Iterable[str], settings: Settings) -> frozenset[str]:
        """Return all receivers that these names have stood, or will stand for."""
        receivers = settings.alerting.receivers
        found: set[str] = set()
        for name in names:
            known = receivers.get(name)
            duty = None if known is None else known.duty
            if duty is None:
                found.add(name)
                continue
            plan = self.plans.get(name)
            found.update(duty.otherwise, () if plan is None else _named(plan, substitutes(settings)))
        return frozenset(found)


def substitutes(settings: Settings) -> dict[str, str]:
    """Return who has the duty while another is absent, by receiver."""
    receivers = settings.alerting.receivers.items()
    return {name: receiver.substitute for name, receiver in receivers if receiver.substitute is not None}


def roster_findings(roster: Roster, settings: Settings, now: float) -> Iterator[Finding]:
    """Yield what is to be said of the calendars: nobody has duty, or a calendar cannot be read or understood."""
    words = Words(settings.municipality.language)
    for name, receiver in settings.alerting.receivers.items():
        if receiver.duty is None:
            continue
        yield from _calendar(name, roster, words)
        plan = roster.plans.get(name)
        if plan is not None:
            yield from _gap(name, plan, settings, now, words)


def _gap(name: str, plan: DutyPlan, settings: Settings, now: float, words: Words) -> Iterator[Finding]:
    until = min(now + GAP_AHEAD_SECONDS, plan.end)
    begins, ends = next(gaps(plan, now, until, substitutes(settings)), (None, None))
    if begins is None or ends is None:
        return
    receiver = settings.alerting.receivers[name]
    zone = ZoneInfo(settings.municipality.timezone)
    told = words.joined(() if receiver.duty is None else receiver.duty.otherwise)
    present = begins <= now
    key = "on_call_gap_now" if present else "on_call_gap_soon"
    summary = words.say(key, name=name, begin=words.moment(begins, zone), otherwise=told)
    more = words.say("on_call_gap_until", end=words.moment(ends, zone)) if ends < until else ""
    severity = Severity.WARNING if present else Severity.INFO
    yield Finding(ON_CALL_GAP, Subject("receiver", name), severity, summary, (more,) if more else ())


def _calendar(name: str, roster: Roster, words: Words) -> Iterator[Finding]:
    plan = roster.plans.get(name)
    unknown = () if plan is None else plan.unknown
    trouble = roster.troubles.get(name)
    if trouble is None and not unknown:
        return
    evidence = [words.say("on_call_unknown", day=words.day(day)) for day in unknown[:_MOST_NAMED]]
    if len(unknown) > _MOST_NAMED:
        evidence.append(words.say("further", count=len(unknown) - _MOST_NAMED))
    hold = None
    if trouble is None:
        summary, severity = words.say("on_call_strangers", name=name, count=len(unknown)), Severity.INFO
    else:
        key = "on_call_unread" if plan is None else "on_call_old_copy"
        why = words.say(f"calendar_{trouble.key}", **dict(trouble.values))
        summary, severity = words.say(key, name=name, why=why), Severity.WARNING
        hold = None if plan is None else OLD_COPY_HOLD_SECONDS
    subject = Subject("receiver", name)
    yield Finding(ON_CALL_CALENDAR, subject, severity, summary, tuple(evidence), hold_seconds=hold)


def _named(plan: DutyPlan, stand_ins: Mapping[str, str]) -> Iterator[str]:
    """Yield who may have duty by the plan, with all who may stand in for them."""
    for name in dict.fromkeys(shift.receiver for shift in plan.shifts):
        seen: set[str] = set()
        who: str | None = name
        while who is not None and who not in seen:
            seen.add(who)
            yield who
            who = stand_ins.get(who)
