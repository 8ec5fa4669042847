"""The alerts that stand about each subject: how bad they are, and those that somebody is told of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.contract import Alert, AlertState, Severity, Subject
from exporters.web.alertlist import Alerts, AlertView
from exporters.web.figures import worst
from exporters.web.words import Mark, Tone

_TONES: Mapping[Severity, Tone] = {
    Severity.CRITICAL: "critical",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands about each subject: at worst, and in words."""

    tones: Mapping[Subject, Tone]
    told: Mapping[Subject, Sequence[AlertView]]

    @classmethod
    def of(cls, alerts: Iterable[Alert], shown: Alerts) -> Standing:
        """Gather them; ``shown``: the same alerts as the page shows them."""
        tones: dict[Subject, Tone] = {}
        for alert in alerts:
            if alert.state is AlertState.FIRING:
                subject = alert.finding.subject
                tones[subject] = worst((_tone(alert), tones.get(subject, "ok")))
        told: dict[Subject, list[AlertView]] = {}
        for view in shown.firing.alerts:
            told.setdefault(view.about, []).append(view)
        return cls(tones, told)

    def tone(self, subjects: Iterable[Subject], marks: Iterable[Mark | None] = ()) -> Tone:
        """Return how bad a thing is: the worst of what is shown of it, and of what stands about its subjects."""
        tones: list[Tone] = [self.tones[subject] for subject in subjects if subject in self.tones]
        tones.extend(mark.tone for mark in marks if mark is not None)
        return worst(tones)

    def about(self, subjects: Iterable[Subject]) -> Iterator[AlertView]:
        """Yield the alerts about these subjects that somebody is told of, each once."""
        for subject in dict.fromkeys(subjects):
            yield from self.told.get(subject, ())


def _tone(alert: Alert) -> Tone:
    """Return how bad it is; what was accepted may stand for years, and is no more than a note then."""
    accepted = alert.muted is not None and alert.muted.by == "accepted"
    return "info" if accepted else _TONES[alert.finding.severity]
