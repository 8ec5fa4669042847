"""From jobs to collectors; every wrong parameter is found, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.contract import Collector, CollectorSpec, Job, JobKey, ParamError, Wire


class BuildErrors(Exception):
    """Parameters that only the collectors could judge are wrong; ``errors`` holds all of them."""

    def __init__(self, errors: tuple[tuple[Job, ParamError], ...]) -> None:
        super().__init__("; ".join(f"{job.key}: {error}" for job, error in errors))
        self.errors = errors


def build_collectors(jobs: Iterable[Job], specs: Mapping[str, CollectorSpec], wire: Wire) -> dict[JobKey, Collector]:
    """Build the collector of each job; no I/O. Raises BuildErrors."""
    collectors: dict[JobKey, Collector] = {}
    errors: list[tuple[Job, ParamError]] = []
    for job in jobs:
        try:
            collectors[job.key] = specs[job.kind].build(job.target, job.params, wire)
        except ParamError as error:
            errors.append((job, error))
    if errors:
        raise BuildErrors(tuple(errors))
    return collectors
