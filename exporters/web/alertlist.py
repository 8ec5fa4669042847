"""The alerts as the status page shows them: sorted, bounded, in the reader's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from agent.contract import Alert, AlertState, Finding, Severity, Subject
from config.inventory import Inventory
from exporters.web.words import Mark, Moment, PageWords, clean

MAX_STANDING = 500  # firing; the rest is counted
MAX_OTHERS = 100  # of each other group
MAX_EVIDENCE = 20

SUMMARY_BYTES = 600
_LINE_BYTES = 300
_RUNBOOKS = "docs/alerts.md"
_RANK = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Runbook:
    """Where it is written what to do; ``href`` is None where that is no web address."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. ``remark``: why nobody is told of it, or that someone has acknowledged it."""

    anchor: str
    mark: Mark
    summary: str
    subject: str
    site: str
    when: Moment
    remark: str
    evidence: tuple[str, ...]
    cause: str
    norm: str
    rule: str
    runbook: Runbook
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts that are shown, and how many more there are, in words or empty."""

    alerts: tuple[AlertView, ...]
    count: int
    more: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """Every alert in its group; the groups do not overlap. ``firing`` holds what someone is told of."""

    firing: AlertGroup
    pending: AlertGroup
    muted: AlertGroup
    resolved: AlertGroup


@dataclass(frozen=True, slots=True)
class Namer:
    """Names for people."""

    inventory: Inventory
    words: PageWords

    def site(self, site: str | None) -> str:
        """Return a site's name, or nothing."""
        known = self.inventory.sites.get(site) if site is not None else None
        return clean((known.name if known is not None else None) or site or "")

    def subject(self, subject: Subject) -> str:
        """Return kind and name: ``Strecke Nordheim–Ostfeld``."""
        kind = self.words.say(subject.kind)
        if subject.kind == "daemon":
            return kind
        tables: Mapping[str, Mapping[str, object]] = {
            "device": self.inventory.devices,
            "link": self.inventory.links,
            "service": self.inventory.services,
            "site": self.inventory.sites,
            "ring": self.inventory.rings,
            "room": self.inventory.rooms,
            "deadline": self.inventory.deadlines,
        }
        name = getattr(tables.get(subject.kind, {}).get(subject.id), "name", None)
        return clean(f"{kind} {name or subject.id}")


def sort_alerts(alerts: Iterable[Alert], namer: Namer) -> Alerts:
    """Put the alerts in groups: the worst first, of equals the newest; what is resolved by its end."""
    groups: dict[str, list[Alert]] = {"firing": [], "pending": [], "muted": [], "resolved": []}
    for alert in alerts:
        muted = alert.muted is not None and alert.state is not AlertState.RESOLVED
        groups["muted" if muted else alert.state.value].append(alert)
    for name in ("firing", "pending", "muted"):
        groups[name].sort(key=lambda alert: (_RANK[alert.finding.severity], -alert.since, alert.finding.key))
    groups["resolved"].sort(key=lambda alert: -alert.changed_at)
    return Alerts(
        _group(groups["firing"], MAX_STANDING, namer),
        _group(groups["pending"], MAX_OTHERS, namer),
        _group(groups["muted"], MAX_OTHERS, namer),
        _group(groups["resolved"], MAX_OTHERS, namer),
    )


def _group(alerts: list[Alert], limit: int, namer: Namer) -> AlertGroup:
    shown = tuple(_view(alert, namer) for alert in islice(alerts, limit))
    left = len(alerts) - len(shown)
    return AlertGroup(shown, len(alerts), namer.words.count("more", left) if left else "")


def _view(alert: Alert, namer: Namer) -> AlertView:
    finding, words = alert.finding, namer.words
    resolved = alert.state is AlertState.RESOLVED
    return AlertView(
        anchor=f"alert-{clean(alert.id, 80)}",
        mark=words.mark("ok", "resolved") if resolved else words.mark(finding.severity.value),
        summary=clean(finding.summary, SUMMARY_BYTES),
        subject=namer.subject(finding.subject),
        site=namer.site(finding.site),
        when=words.moment("ended", alert.changed_at) if resolved else words.moment("since", alert.since),
        remark=_remark(alert, words),
        evidence=_evidence(finding, words),
        cause="" if finding.cause is None else namer.subject(finding.cause),
        norm=clean(finding.norm or ""),
        rule=clean(finding.rule),
        runbook=_runbook(finding),
        sites=_sites(finding, namer.inventory),
    )


def _remark(alert: Alert, words: PageWords) -> str:
    if alert.state is AlertState.RESOLVED:
        return ""
    if alert.muted is not None:
        return words.say(alert.muted.by, until=clean(alert.muted.until), reason=clean(alert.muted.reason))
    return words.say("acknowledged") if alert.acknowledged_by is not None else ""


def _evidence(finding: Finding, words: PageWords) -> tuple[str, ...]:
    lines = tuple(clean(line, _LINE_BYTES) for line in finding.evidence[:MAX_EVIDENCE])
    left = len(finding.evidence) - len(lines)
    return (*lines, words.count("more", left)) if left else lines


def _runbook(finding: Finding) -> Runbook:
    """Link to what is a web address and nothing else: ``javascript:`` is one kind of address, too."""
    if finding.runbook is None:
        return Runbook(clean(f"{_RUNBOOKS}#{finding.rule}"))
    text = clean(finding.runbook, _LINE_BYTES)
    return Runbook(text, text if text == finding.runbook and _is_web(text) else None)


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _sites(finding: Finding, inventory: Inventory) -> tuple[str, ...]:
    """Return the sites that it is about; a link is about both of its ends."""
    link = inventory.links.get(finding.subject.id) if finding.subject.kind == "link" else None
    ends = () if link is None else tuple(end.site for end in link.ends)
    own = finding.subject.id if finding.subject.kind == "site" else finding.site
    return tuple(dict.fromkeys((*ends, *(() if own is None else (own,)))))
