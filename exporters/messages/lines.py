"""What a message says of one alert: its first line, and the sections below. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.alerts.parcels import LATE_SECONDS
from agent.contract import Alert, AlertState, Finding, Notification
from agent.layout import clean_text
from agent.risk.rules import RULES
from agent.risk.steps import steps_of
from exporters.messages.briefing import Briefing, acknowledgement
from exporters.messages.inert import cut, inert
from exporters.web.runbooks import web_address

LINE_CHARACTERS = 300
MAX_EFFECTS = 8
MAX_EVIDENCE = 6
MAX_STEPS = 3
MAX_CONTACTS = 4
_ADDRESS_BYTES = 2000


class Section(NamedTuple):
    """Lines that belong together. Of a message too long for a service the section with the highest rank goes first."""

    rank: int
    lines: tuple[str, ...]


class Headline(NamedTuple):
    """The first line in three parts; ``what`` is shortened where it is too long."""

    before: str
    what: str
    after: str

    def text(self, limit: int) -> str:
        """Return it in at most ``limit`` characters."""
        room = limit - len(self.before) - len(self.after)
        return cut(f"{self.before}{cut(self.what, max(room, limit // 3))}{self.after}", limit)


def headline(notification: Notification, briefing: Briefing, now: float) -> Headline:
    """Return severity, what, where and since when; of a resolved one how long it lasted. ``now``: when it is sent."""
    alert, finding = notification.alert, notification.alert.finding
    what = inert(finding.summary, LINE_CHARACTERS)
    site = inert(briefing.names.site(finding.site), LINE_CHARACTERS) if finding.site else ""
    where = f", {site}" if site and site.casefold() not in what.casefold() else ""
    return Headline(f"{label(notification, briefing)}: ", what, f"{where}, {_when(alert, briefing, now)}")


def label(notification: Notification, briefing: Briefing) -> str:
    """Return the severity in words, and why it is told unless it is new."""
    alert = notification.alert
    if alert.state is AlertState.RESOLVED:
        return briefing.say("resolved")
    reason = "new" if notification.reason == "resolved" else notification.reason
    return briefing.say(reason, label=briefing.say(alert.finding.severity.value))


def sections(notification: Notification, briefing: Briefing, reference: str, now: float) -> Iterator[Section]:
    """Yield what is below the first line, in the order in which it is read; ``now``: when it is sent."""
    alert = notification.alert
    yield Section(1, tuple(_situation(notification, briefing, now)))
    yield Section(2, _listed(briefing.say("effects"), notification.effects, MAX_EFFECTS, briefing))
    if alert.state is not AlertState.RESOLVED:
        yield Section(6, _listed(briefing.say("known"), alert.finding.evidence, MAX_EVIDENCE, briefing))
        yield Section(4, tuple(_to_do(alert, briefing)))
        contacts = [contact.text for contact in briefing.contacts(alert)]
        yield Section(3, _listed(briefing.say("call"), contacts, MAX_CONTACTS, briefing))
        yield Section(0, tuple(acknowledge_line(notification, briefing)))
    yield Section(5, tuple(_footer(alert, briefing, reference)))


def lateness(told: Sequence[Notification], briefing: Briefing, now: float) -> Iterator[str]:
    """Yield since when the first of them has been due, if that is long ago."""
    first = min(told, key=lambda one: one.due_at)
    if now - first.due_at >= LATE_SECONDS:
        key = "late_tried" if any(one.attempts for one in told) else "late"
        yield briefing.say(key, time=briefing.time(first.due_at, now))


def acknowledge_line(notification: Notification, briefing: Briefing) -> Iterator[str]:
    """Yield the link with which the receiver acknowledges, if there is something to acknowledge."""
    address = briefing.acknowledge_link(notification)
    if address is not None:
        yield briefing.say("acknowledge", address=address)


def _when(alert: Alert, briefing: Briefing, now: float) -> str:
    start = briefing.time(alert.since, now)
    if alert.state is not AlertState.RESOLVED:
        return briefing.say("since", time=start)
    ended = alert.changed_at if alert.clear_since is None else alert.clear_since
    lasted = briefing.words.duration(ended - alert.since)
    return briefing.say("lasted", duration=lasted, start=start, end=briefing.time(ended, now))


def _situation(notification: Notification, briefing: Briefing, now: float) -> Iterator[str]:
    """Yield why this receiver is told now, the cause, and what else goes on there."""
    alert = notification.alert
    facts: list[str] = list(_why_told(notification, briefing, now))
    if alert.flaps is not None and alert.flaps.damped:
        facts.append(briefing.say("flapping", count=alert.flaps.count))
    if alert.work:
        facts.append(briefing.say("work", work=alert.work))
    if alert.finding.cause is not None:
        facts.append(briefing.say("cause", cause=briefing.element(alert.finding.cause)))
    yield from (inert(fact, LINE_CHARACTERS) for fact in facts)


def _why_told(notification: Notification, briefing: Briefing, now: float) -> Iterator[str]:
    alert = notification.alert
    if notification.instead_of is not None:
        yield briefing.say("instead", receiver=notification.instead_of)
    if notification.reason == "escalated":
        yield briefing.say("nobody")
    if notification.reason == "repeated":
        yield briefing.say("stands", duration=briefing.words.duration(now - alert.since))
    mark = acknowledgement(notification)
    if mark is not None and alert.state is AlertState.FIRING:
        yield briefing.say("acknowledged", role=mark.by, time=briefing.time(mark.at, now))


def _listed(title: str, texts: Sequence[str], most: int, briefing: Briefing) -> tuple[str, ...]:
    """Return a title and a line each; of too many the first ones and how many more. Nothing of nothing."""
    if not texts:
        return ()
    shown = texts if len(texts) <= most else texts[: most - 1]
    more = [briefing.say("more", count=len(texts) - len(shown))] if len(shown) < len(texts) else []
    return (title, *(f"- {inert(text, LINE_CHARACTERS)}" for text in (*shown, *more)))


def _to_do(alert: Alert, briefing: Briefing) -> Iterator[str]:
    """Yield the first steps and the address of the page that has them all; an own runbook replaces the shipped one."""
    finding = alert.finding
    own = finding.runbook
    address = web_address(own) if own else None
    steps = [own] if own and not address else [] if own else _shipped_steps(finding, briefing)
    address = address or briefing.runbook(finding.rule)
    if steps or address:
        yield briefing.say("what_to_do")
    yield from (f"- {inert(step, LINE_CHARACTERS)}" for step in steps[: MAX_STEPS - bool(address)])
    if address:
        yield "- " + briefing.say("runbook", address=clean_text(address, _ADDRESS_BYTES))


def _shipped_steps(finding: Finding, briefing: Briefing) -> Sequence[str]:
    """Return the steps of a shipped rule; of those that are about one kind of link only what fits this one."""
    shipped, subject = RULES.get(finding.rule), finding.subject
    link = briefing.inventory.links.get(subject.id) if subject.kind == "link" else None
    return () if shipped is None else steps_of(shipped, briefing.words.language, link.kind if link else None)


def _footer(alert: Alert, briefing: Briefing, reference: str) -> Iterator[str]:
    finding = alert.finding
    if finding.norm:
        yield inert(briefing.say("norm", norm=finding.norm), LINE_CHARACTERS)
    said = briefing.say("reference", subject=str(finding.subject), rule=finding.rule, reference=reference)
    yield inert(said, LINE_CHARACTERS)
