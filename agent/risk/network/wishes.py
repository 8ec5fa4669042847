"""Who is to be polled at once, because a verdict waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent.contract import JobKey, JobState, Subject
from agent.risk.sight import PING, Sight
from config.inventory import Link


def jobs_at(sight: Sight, site: str) -> Iterator[JobState]:
    """Yield the jobs of the devices that stand at a site, and that of the site itself."""
    for name, device in sight.inventory.devices.items():
        if device.site == site:
            yield from sight.jobs.get(Subject("device", name), ())
    yield from sight.jobs.get(Subject("site", site), ())


def jobs_about(sight: Sight, subject: Subject) -> Iterator[JobState]:
    """Yield the jobs of a subject; of a room those of all that stands in it."""
    if subject.kind != "room":
        yield from sight.jobs.get(subject, ())
        return
    for jobs in sight.jobs.values():
        if jobs[0].target.room == subject.id:
            yield from jobs


def probes_of(sight: Sight, name: str) -> Iterator[JobState]:
    """Yield the jobs that ask whether a link carries; one that measures its rate tells of a server as well."""
    return (job for job in sight.jobs.get(Subject("link", name), ()) if job.key.check == PING)


def jobs_of_link(sight: Sight, name: str, link: Link) -> Iterator[JobState]:
    """Yield the jobs that tell where a link stands: its probe's, and those of the devices at its ends."""
    yield from probes_of(sight, name)
    for end in link.ends:
        if end.device is not None:
            yield from sight.jobs.get(Subject("device", end.device), ())


def not_asked_since(jobs: Iterable[JobState], moment: float) -> Iterator[JobKey]:
    """Yield those that were last polled before the moment (seconds since the epoch)."""
    for job in jobs:
        if job.last_attempt is not None and job.last_attempt < moment:
            yield job.key
