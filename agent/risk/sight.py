"""What every rule looks at: inventory, settings, the view, and each subject's jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.contract import Finding, FindingKey, JobState, Series, Subject, View, Windows
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings

PING = "icmp"
PLUGIN = "plugin"

# What a rule yields: a finding, or the key of what it could not judge for want of data.
Outcome = Finding | FindingKey


@dataclass(frozen=True, slots=True)
class Sight:
    """One look."""

    inventory: Inventory
    settings: Settings
    view: View
    windows: Windows
    words: Words
    jobs: Mapping[Subject, tuple[JobState, ...]]

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, view: View, windows: Windows) -> Sight:
        """Gather the jobs by subject; the language is the municipality's."""
        jobs: dict[Subject, list[JobState]] = {}
        for job in view.jobs():
            jobs.setdefault(job.key.subject, []).append(job)
        grouped = {subject: tuple(sorted(states, key=lambda job: job.key.check)) for subject, states in jobs.items()}
        return cls(inventory, settings, view, windows, Words(settings.municipality.language), grouped)

    def blind(self, subject: Subject) -> bool:
        """Whether something of the subject's data is missing: a job without a fresh reading, or with a partial one."""
        return any(_incomplete(job) for job in self.jobs.get(subject, ()))

    def by_subject(self, family: str) -> dict[Subject, list[Series]]:
        """Return the fresh series of a family, grouped."""
        grouped: dict[Subject, list[Series]] = {}
        for series in self.view.series(family):
            grouped.setdefault(series.subject, []).append(series)
        return grouped

    def unseen(self, rule: str, kind: str, seen: Mapping[Subject, object]) -> Iterator[FindingKey]:
        """Yield the rule's key for each subject of the kind that shows no such series while its data is incomplete."""
        for subject in self.jobs:
            if subject.kind == kind and subject not in seen and self.blind(subject):
                yield FindingKey(rule, subject)


def _incomplete(job: JobState) -> bool:
    if job.key.check == PING:
        return False  # brings no series that a rule asks for: whoever may not ping is not blind
    if job.up is not True:
        return True
    harvest = job.reading.harvest if job.reading is not None else None
    return harvest is None or bool(harvest.partial)
