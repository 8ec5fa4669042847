"""Alerts to an Alertmanager: ``POST /api/v2/alerts`` (its openapi.yaml, 0.16 and newer)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

import aiohttp
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from structlog.typing import FilteringBoundLogger

from agent.alerts.episodes import RESOLVED_KEPT_SECONDS
from agent.contract import Alert, AlertState, Clock, Finding, LabelPairs, Snapshot, Telemetry
from agent.families import NOTIFICATIONS
from exporters.calls import problem_of
from exporters.times import rfc3339

# Alertmanager keeps alerts in memory only: one that was restarted has them again within a minute.
RESEND_SECONDS = 50.0
# Alertmanager takes an alert that is not sent again for resolved; Prometheus gives itself four times its resend delay.
VALID_SECONDS = 240.0
FIRST_RETRY_SECONDS = 5.0
# Snapshots come each 5 s, but not to the millisecond: one that comes so much early counts as in time.
EARLY_SECONDS = 0.5
POST_SECONDS = 10.0

_log: FilteringBoundLogger = structlog.get_logger("alertmanager")


@dataclass(frozen=True, slots=True)
class PostableAlert:
    """One alert as Alertmanager knows it: its labels are its identity. Times are seconds since the epoch."""

    labels: LabelPairs
    starts_at: float
    ended_at: float | None = None
    annotations: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)

    def body(self, now: float, generator_url: str) -> dict[str, object]:
        """Return it as the API takes it."""
        return {
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
            "startsAt": rfc3339(self.starts_at, "milliseconds"),
            "endsAt": rfc3339(now + VALID_SECONDS if self.ended_at is None else self.ended_at, "milliseconds"),
            "generatorURL": generator_url,
        }


Postable = Mapping[LabelPairs, PostableAlert]


class _Gettable(BaseModel):
    """One alert of the API's answer; its other keys are passed over."""

    labels: dict[str, str]


_HELD = TypeAdapter(list[_Gettable])


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends: the municipality's id, the URL of our alerts, and the one under which each rule's runbook is.

    Each URL may be empty.
    """

    municipality: str
    generator_url: str = ""
    runbooks: str = ""


def merge(
    known: Postable, alerts: Iterable[Alert], origin: Origin, now: float, held: Container[LabelPairs] = ()
) -> Postable:
    """Return what to send now: what fires, and what ended in the last 15 minutes.

    ``known`` is what was sent last. A label set that no longer fires has ended, also where its alert goes on under
    another one, because its severity changed. What is accepted, explained by announced work, or told with its cause
    is not sent, unless it was before, by this run or an earlier one (``held``): for Alertmanager an alert that is sent
    no more has ended.
    """
    alerts = tuple(alerts)
    standing = {labels for labels, before in known.items() if before.ended_at is None}
    sent: dict[LabelPairs, PostableAlert] = {}
    for alert in alerts:
        if alert.state is AlertState.RESOLVED:
            ended = _postable(alert, origin.municipality, origin.runbooks)
            sent[ended.labels] = replace(ended, ended_at=alert.changed_at)
    for labels, before in known.items():
        if labels not in sent:
            sent[labels] = before if before.ended_at is not None else replace(before, ended_at=now)
    for alert in alerts:
        if alert.state is AlertState.FIRING:
            firing = _postable(alert, origin.municipality, origin.runbooks)
            if alert.muted is None or firing.labels in standing or firing.labels in held:
                sent[firing.labels] = firing
    return {
        labels: alert
        for labels, alert in sent.items()
        if alert.ended_at is None or now - alert.ended_at < RESOLVED_KEPT_SECONDS
    }


def _postable(alert: Alert, municipality: str, runbooks: str) -> PostableAlert:
    finding = alert.finding
    labels = {
        "alertname": finding.rule,
        "subject": str(finding.subject),
        finding.subject.kind: finding.subject.id,
        "severity": finding.severity.value,
        "municipality": municipality,
    }
    if finding.site is not None:
        labels["site"] = finding.site
    return PostableAlert(tuple(sorted(labels.items())), alert.since, None, _annotations(finding, runbooks))


def _annotations(finding: Finding, runbooks: str) -> dict[str, str]:
    annotations = {
        "summary": finding.summary,
        "description": "\n".join(finding.evidence),
        "cause": "" if finding.cause is None else str(finding.cause),
        "norm": finding.norm or "",
        **_runbook(finding, runbooks),
    }
    return {name: text for name, text in annotations.items() if text}


def _runbook(finding: Finding, runbooks: str) -> dict[str, str]:
    """The finding's own runbook, a page or words, or else the rule's page of ours."""
    if finding.runbook is None:
        return {"runbook_url": f"{runbooks}/{quote(finding.rule, safe='')}"} if runbooks else {}
    return {"runbook_url" if finding.runbook.startswith(("http://", "https://")) else "runbook": finding.runbook}


class AlertmanagerExporter:
    """Keeps one Alertmanager informed; several have one exporter each, so that none waits for another.

    ``publish`` is called with every snapshot (each 5 s, and at once upon a transition) and posts where something
    changed, 50 s have passed since the last try, or a failed one is due again: with the next snapshot 5 s after it,
    then after twice as long, up to 50 s. It never raises for what the far side does.
    """

    def __init__(self, url: str, origin: Origin, clock: Clock, telemetry: Telemetry) -> None:
        parts = urlsplit(url)
        self.name = f"alertmanager:{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        self._endpoint = url.rstrip("/") + "/api/v2/alerts"
        self._origin = origin
        self._clock = clock
        self._telemetry = telemetry
        self._session: aiohttp.ClientSession | None = None
        self._known: Postable = {}
        self._held: frozenset[LabelPairs] | None = None
        self._failures = 0
        self._due_at = clock.monotonic()

    async def publish(self, snapshot: Snapshot) -> None:
        """Send what is due."""
        now = self._clock.now()
        if self._held is None:
            muted = any(alert.muted is not None for alert in snapshot.alerts)
            self._held = await self._ask_held() if muted else frozenset()
        sent = merge(self._known, snapshot.alerts, self._origin, now, self._held or ())
        if self._held:
            self._held = frozenset()  # from here on what is known says it
        changed = sent != self._known
        self._known = sent
        began = self._clock.monotonic()
        if sent and (changed or began >= self._due_at):
            problem = await self._post([alert.body(now, self._origin.generator_url) for alert in sent.values()])
            self._due_at = began + self._settle(problem) - EARLY_SECONDS

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask_held(self) -> frozenset[LabelPairs] | None:
        """Return the label sets of our alerts that it holds from before a restart or reload; None: ask again."""
        params = {"filter": f'municipality="{self._origin.municipality}"'}
        try:
            async with self._opened().get(self._endpoint, params=params, allow_redirects=False) as answer:
                held = _HELD.validate_json(await answer.read()) if answer.status == 200 else None
        except (TimeoutError, aiohttp.ClientError, OSError, ValidationError):
            return None
        return None if held is None else frozenset(tuple(sorted(one.labels.items())) for one in held)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_SECONDS))
        return self._session

    async def _post(self, body: list[dict[str, object]]) -> str | None:
        """Post once; return None, or what went wrong."""
        post = self._opened().post(self._endpoint, json=body, allow_redirects=False)
        return await problem_of(post, {200}, POST_SECONDS)

    def _settle(self, problem: str | None) -> float:
        """Count, log on change only; return how many seconds after this try the next one is due."""
        outcome = "delivered" if problem is None else "failed"
        self._telemetry.count(NOTIFICATIONS, (("receiver", self.name), ("outcome", outcome)))
        if problem is None:
            if self._failures:
                _log.info("Alertmanager takes alerts again", receiver=self.name)
            self._failures = 0
            return RESEND_SECONDS
        if not self._failures:
            _log.warning("Alertmanager does not take alerts", receiver=self.name, detail=problem)
        wait = min(FIRST_RETRY_SECONDS * 2.0**self._failures, RESEND_SECONDS)
        self._failures = min(self._failures + 1, 10)
        return wait
