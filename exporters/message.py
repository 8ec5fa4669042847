"""What a person is told about an alert, in German or English; texts of findings are data, never a template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from agent.contract import Alert, AlertState, Severity
from agent.layout import clean_text
from agent.risk.texts import Language

_TITLE_BYTES = 240
_LINE_BYTES = 1000

_WORDS: Mapping[str, tuple[str, str]] = {
    Severity.CRITICAL.value: ("KRITISCH", "CRITICAL"),
    Severity.WARNING.value: ("WARNUNG", "WARNING"),
    Severity.INFO.value: ("HINWEIS", "INFO"),
    AlertState.RESOLVED.value: ("BEHOBEN", "RESOLVED"),
    "subject": ("Betrifft: {}", "Subject: {}"),
    "site": ("Standort: {}", "Site: {}"),
    "since": ("Seit dem {}", "Since {}"),
    "ended": ("Behoben am {}", "Resolved at {}"),
    "cause": ("Ursache: {}", "Cause: {}"),
    "norm": ("Vorgabe: {}", "Norm: {}"),
    "rule": ("Regel: {}", "Rule: {}"),
    "runbook": ("Was zu tun ist: {}", "What to do: {}"),
}


class Message(NamedTuple):
    """A title of one line and a body of several."""

    title: str
    body: str


def compose(alert: Alert, language: Language, zone: tzinfo = UTC) -> Message:
    """Return the message about an alert; times are in ``zone``."""
    finding = alert.finding
    resolved = alert.state is AlertState.RESOLVED
    kind = alert.state.value if resolved else finding.severity.value
    facts = [
        ("subject", str(finding.subject)),
        ("site", finding.site),
        ("since", _time(alert.since, language, zone)),
        ("ended", _time(alert.changed_at, language, zone) if resolved else None),
        ("cause", None if finding.cause is None else str(finding.cause)),
        ("norm", finding.norm),
        ("rule", finding.rule),
        ("runbook", None if resolved else finding.runbook),
    ]
    lines = [finding.summary, *finding.evidence, ""]
    lines += [_word(name, language).format(text) for name, text in facts if text]
    title = clean_text(f"{_word(kind, language)}: {finding.summary}", _TITLE_BYTES)
    return Message(title, "\n".join(clean_text(line, _LINE_BYTES) for line in lines))


def _word(name: str, language: Language) -> str:
    return _WORDS[name][0 if language == "de" else 1]


def _time(at: float, language: Language, zone: tzinfo) -> str:
    """Spell it as in a German letter (DIN 5008), or as ISO 8601."""
    moment = datetime.fromtimestamp(at, zone)
    return f"{moment:%d.%m.%Y um %H:%M Uhr}" if language == "de" else moment.isoformat(" ", "seconds")
