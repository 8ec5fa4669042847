"""The alerts as the status page shows them: sorted, bounded, in the reader's words. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from agent.contract import Alert, AlertState, Finding, Severity, Subject
from agent.risk.network.naming import Names
from config.inventory import Inventory
from exporters.web.runbooks import path_of, web_address
from exporters.web.words import Mark, Moment, PageWords, clean

MAX_STANDING = 500  # firing; the rest is counted
MAX_OTHERS = 100  # of each other group
MAX_ALIKE = 10  # of one rule and severity; what is left is folded
MAX_EVIDENCE = 20

SUMMARY_BYTES = 600
_LINE_BYTES = 300
# Rule and severity: alerts of one kind are alike.
_Kind = tuple[str, Severity]

_RANK = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class WhatToDo:
    """Where it is written what to do: the page that the finding names, or else ours; ``text``: its own words."""

    href: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. ``remark``: why nobody is told of it, who has acknowledged it, that it flaps, what work goes on.

    ``address``: its own page; ``fires``: something may be done about it. ``about``: the subject, for the program.
    """

    about: Subject
    anchor: str
    address: str
    fires: bool
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
    runbook: WhatToDo
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Alerts one after the other, and those folded behind the last of them, which are of its rule and severity."""

    shown: tuple[AlertView, ...]
    folded: tuple[AlertView, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts in runs, and how many more there are than these, in words or empty."""

    runs: tuple[Run, ...]
    count: int
    more: str

    @property
    def alerts(self) -> tuple[AlertView, ...]:
        """Return every alert that is shown or folded."""
        return tuple(alert for run in self.runs for alert in (*run.shown, *run.folded))


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
    names: Names

    def site(self, site: str | None) -> str:
        """Return a site's name, or nothing."""
        known = self.inventory.sites.get(site) if site is not None else None
        return clean((known.name if known is not None else None) or site or "")

    def subject(self, subject: Subject) -> str:
        """Return kind and name: ``Strecke Nordheim–Ostfeld``."""
        kind = self.words.say(subject.kind)
        if subject.kind == "daemon":
            return kind
        derived, slash, member = subject.id.partition("/")
        if subject.kind == "group" and slash:  # of all that has one provider, or stands in one room
            return clean(f"{self.words.say(derived)} {member}")
        tables: Mapping[str, Mapping[str, object]] = {
            "device": self.inventory.devices,
            "power": self.inventory.devices,
            "partner": self.inventory.partners,
            "link": self.inventory.links,
            "service": self.inventory.services,
            "site": self.inventory.sites,
            "ring": self.inventory.rings,
            "room": self.inventory.rooms,
            "deadline": self.inventory.deadlines,
            "function": self.inventory.functions,
            "fleet": self.inventory.fleets,
            "projector": self.inventory.projectors,
            "licence": self.inventory.licences,
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
    left = max(0, len(alerts) - limit)
    runs = _runs(_chosen(alerts, limit), namer)
    return AlertGroup(tuple(runs), len(alerts), namer.words.count("more", left) if left else "")


def _chosen(alerts: Sequence[Alert], limit: int) -> list[Alert]:
    """Return so many of them in their order: of each kind the first, so that a storm of one leaves room for others."""
    told: Counter[_Kind] = Counter()
    first: list[int] = []
    rest: list[int] = []
    for index, alert in enumerate(alerts):
        kind = _kind(alert)
        (first if told[kind] < MAX_ALIKE else rest).append(index)
        told[kind] += 1
    return [alerts[index] for index in sorted((*first, *rest)[:limit])]


def _runs(alerts: Sequence[Alert], namer: Namer) -> Iterator[Run]:
    """Fold what is left of each kind behind its ``MAX_ALIKE``-th alert."""
    alike: defaultdict[_Kind, list[Alert]] = defaultdict(list)
    for alert in alerts:
        alike[_kind(alert)].append(alert)
    told: Counter[_Kind] = Counter()
    shown: list[AlertView] = []
    for alert in alerts:
        kind = _kind(alert)
        told[kind] += 1
        if told[kind] <= MAX_ALIKE:
            shown.append(make_view(alert, namer))
        if told[kind] == MAX_ALIKE and len(alike[kind]) > MAX_ALIKE:
            folded = tuple(make_view(one, namer) for one in alike[kind][MAX_ALIKE:])
            yield Run(tuple(shown), folded, f"{namer.words.count('rest', len(folded))}: {clean(alert.finding.rule)}")
            shown = []
    if shown:
        yield Run(tuple(shown))


def _kind(alert: Alert) -> _Kind:
    return alert.finding.rule, alert.finding.severity


def anchor_of(alert_id: str) -> str:
    """Return where an alert stands on the status page."""
    return f"alert-{clean(alert_id, 80)}"


def make_view(alert: Alert, namer: Namer) -> AlertView:
    """Return one alert in the reader's words."""
    finding, words = alert.finding, namer.words
    resolved = alert.state is AlertState.RESOLVED
    return AlertView(
        about=finding.subject,
        anchor=anchor_of(alert.id),
        address=f"/alerts/{quote(alert.id, safe='')}",
        fires=alert.state is AlertState.FIRING,
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
        runbook=_what_to_do(finding),
        sites=_sites(finding, namer.inventory),
    )


def _remark(alert: Alert, words: PageWords) -> str:
    return "" if alert.state is AlertState.RESOLVED else " · ".join(_remarks(alert, words))


def _remarks(alert: Alert, words: PageWords) -> Iterator[str]:
    mark = alert.acknowledged
    if alert.muted is not None:
        yield words.say(alert.muted.by, until=clean(alert.muted.until), reason=clean(alert.muted.reason))
    if mark is not None and mark.holds(words.now):
        key = "acknowledged_for_good" if mark.until is None else "acknowledged_until"
        yield words.say(key, by=clean(mark.by), until="" if mark.until is None else words.local(mark.until))
    if alert.flaps is not None and alert.flaps.damped:
        yield words.count("flapping", alert.flaps.count)
    if alert.clear_since is not None:
        yield words.say("good_now", since=words.moment("since", alert.clear_since).text)
    if alert.milder_since is not None:
        yield words.say("milder", since=words.moment("since", alert.milder_since).text)
    if alert.work is not None:
        yield words.say("work", name=clean(alert.work))


def _evidence(finding: Finding, words: PageWords) -> tuple[str, ...]:
    lines = tuple(clean(line, _LINE_BYTES) for line in finding.evidence[:MAX_EVIDENCE])
    left = len(finding.evidence) - len(lines)
    return (*lines, words.count("more", left)) if left else lines


def _what_to_do(finding: Finding) -> WhatToDo:
    ours = path_of(finding.rule)
    if finding.runbook is None:
        return WhatToDo(ours)
    text = clean(finding.runbook, _LINE_BYTES)
    address = web_address(text) if text == finding.runbook else None
    return WhatToDo(ours, text) if address is None else WhatToDo(address)


def _sites(finding: Finding, inventory: Inventory) -> tuple[str, ...]:
    """Return the sites that it is about; a link is about both of its ends."""
    link = inventory.links.get(finding.subject.id) if finding.subject.kind == "link" else None
    ends = () if link is None else tuple(end.site for end in link.ends)
    own = finding.subject.id if finding.subject.kind == "site" else finding.site
    return tuple(dict.fromkeys((*ends, *(() if own is None else (own,)))))
