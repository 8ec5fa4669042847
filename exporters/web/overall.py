"""The one sentence at the top of the status page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.contract import AlertState, Severity, Snapshot
from agent.families import LAST_JUDGEMENT
from config.inventory import Inventory
from exporters.web.elements import Element
from exporters.web.figures import worst
from exporters.web.words import TONES, Mark, PageWords, Tone

# The daemon judges each second, and at the slowest within its budget of 30 s.
JUDGEMENT_OLD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of what. ``unreported``: not up, and no alert stands about it; ``unknown``: sites without anything, too.

    ``judgement``: what is to be said of a judgement that is missing or old, or empty. ``sections``: how each section
    stands, by the text that says so: it may be worse than all alerts, those that are muted for instance.
    """

    faults: int
    critical: int
    notes: int
    pending: int
    muted: int
    unknown: int
    unreported: int
    judgement: str
    sections: Mapping[str, Mark]

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        inventory: Inventory,
        found: Sequence[Element],
        sections: Mapping[str, Mark],
        words: PageWords,
    ) -> Tally:
        """Count."""
        standing = [alert for alert in snapshot.alerts if alert.state is not AlertState.RESOLVED]
        heard = [alert for alert in standing if alert.muted is None]
        firing = [alert.finding.severity for alert in heard if alert.state is AlertState.FIRING]
        reported = {alert.finding.subject for alert in standing}
        bad = [element for element in found if element.state in {"down", "degraded"}]
        return cls(
            faults=len(firing) - firing.count(Severity.INFO),
            critical=firing.count(Severity.CRITICAL),
            notes=firing.count(Severity.INFO),
            pending=len(heard) - len(firing),
            muted=len(standing) - len(heard),
            unknown=sum(element.state == "unknown" for element in found) + _bare_sites(inventory, found),
            unreported=sum(element.subject not in reported for element in bad),
            judgement=_judgement(snapshot, words),
            sections=sections,
        )

    @property
    def tone(self) -> Tone:
        """Return how bad it is at worst."""
        return worst((self.counted, *(mark.tone for mark in self.sections.values())))

    @property
    def counted(self) -> Tone:
        """Return how bad it is by what is counted."""
        if self.critical:
            return "critical"
        if self.faults or self.unreported:
            return "warning"
        if self.unknown or self.judgement:
            return "unknown"
        return "info" if self.notes or self.pending or self.muted else "ok"


def overall(tally: Tally, words: PageWords) -> Mark:
    """Return the sentence. All is well only if nothing is open and nothing is unknown."""
    counted = (
        ("faults", tally.faults),
        ("unreported", tally.unreported),
        ("notes", tally.notes),
        ("pending_count", tally.pending),
        ("unknown_count", tally.unknown),
    )
    parts = [words.count(key, n) for key, n in counted if n]
    worse = {key: mark for key, mark in tally.sections.items() if _is_worse(mark.tone, tally.counted)}
    parts = [*(words.say(key, state=mark.word) for key, mark in worse.items()), *parts]
    if tally.judgement:
        parts.append(tally.judgement)
    if not parts:
        parts.append(words.say("nothing_open" if tally.muted else "all_well"))
    if tally.muted:
        parts.append(words.count("muted_count", tally.muted))
    return Mark(tally.tone, _sentence(parts))


def _is_worse(tone: Tone, counted: Tone) -> bool:
    return TONES.index(tone) < TONES.index(counted)


def judged_at(snapshot: Snapshot) -> float | None:
    """Return when everything was last judged, seconds since the epoch; None before the first time."""
    for family, series in snapshot.own:
        if family.name == LAST_JUDGEMENT.name:
            return max((value for _, value in series), default=None)
    return None


def _judgement(snapshot: Snapshot, words: PageWords) -> str:
    at = judged_at(snapshot)
    if at is None:
        return words.say("not_judged")
    age = snapshot.at - at
    return words.say("judgement_old", ago=words.words.duration(age)) if age > JUDGEMENT_OLD_SECONDS else ""


def _bare_sites(inventory: Inventory, found: Iterable[Element]) -> int:
    """Return how many sites nothing is known of; without any site and element, the county as a whole is one."""
    watched = {site for element in found for site in element.sites}
    if not inventory.sites and not found:
        return 1
    return len(set(inventory.sites) - watched)


def _sentence(parts: Sequence[str]) -> str:
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
