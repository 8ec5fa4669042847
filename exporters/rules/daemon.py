"""The alert that always fires, and those that fire where nobody judges. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.families import BUILD_INFO, LAST_JUDGEMENT
from agent.risk.texts import Language
from config.rules import ALWAYS, DOWN, NOT_JUDGING
from exporters.rules.office import Office
from exporters.rules.parts import RESTART_SECONDS, AlertingRule

JUDGED_SECONDS = 300.0
_GRACE_SECONDS = 60.0
_UP = 'up{job="ringwacht"}'
_SAME = "on (instance, job)"

_SUMMARIES: Mapping[str, Mapping[Language, str]] = {
    ALWAYS: {
        "de": "Feuert immer: Wer davon minutenlang nichts hört, weiß, dass niemand mehr alarmiert.",
        "en": "Always fires: who hears nothing of it for minutes knows that nobody alerts any more.",
    },
    DOWN: {
        "de": "Prometheus kann Ringwacht nicht lesen: Nichts wird überwacht, oder niemand erfährt davon.",
        "en": "Prometheus cannot read Ringwacht: nothing is watched, or nobody is told of it.",
    },
    NOT_JUDGING: {
        "de": "Ringwacht antwortet, hat aber seit Minuten nichts beurteilt: Was es zeigt, kann veraltet sein.",
        "en": "Ringwacht answers, but has judged nothing for minutes: what it shows may be old.",
    },
}


def about_daemon(office: Office) -> Iterator[AlertingRule]:
    """Yield them, the one that always fires first."""
    yield AlertingRule(ALWAYS, "vector(1)", office.labels("none"), _said(office, ALWAYS))
    yield AlertingRule(
        DOWN,
        f"{_UP} == 0 or (absent({BUILD_INFO.name}) unless on () {_UP} == 0)",
        office.labels("critical"),
        _said(office, DOWN),
        hold=RESTART_SECONDS,
    )
    never = f"min by (instance, job) ({BUILD_INFO.name}) unless {_SAME} {LAST_JUDGEMENT.name}"
    yield AlertingRule(
        NOT_JUDGING,
        f"time() - {LAST_JUDGEMENT.name} > {JUDGED_SECONDS:g} or ({never})",
        office.labels("critical"),
        _said(office, NOT_JUDGING),
        hold=_GRACE_SECONDS,
    )


def _said(office: Office, rule: str) -> dict[str, str]:
    return {"summary": _SUMMARIES[rule][office.language]}
