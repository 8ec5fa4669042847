"""Who is behind a cut is unreachable because of it, and not told for itself.

A cause is named only where the state of the way is known: the site is dark. Before that the way is asked; afterwards
each device is asked again before it may speak for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.contract import Finding, JobState, Subject
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE, PROBE_FAILING
from agent.risk.catalogue.equipment import CLASSROOM_EQUIPMENT, CLASSROOMS_SILENT
from agent.risk.catalogue.services import SERVICE_FAILING
from agent.risk.network.darkness import ANSWER_SECONDS
from agent.risk.network.picture import Picture
from agent.risk.network.wishes import jobs_about, jobs_of_link, not_asked_since
from agent.risk.sight import Outcome, Sight

# What a site that is cut off explains.
_EXPLAINED = frozenset({DEVICE_UNREACHABLE, SERVICE_FAILING, PROBE_FAILING, CLASSROOM_EQUIPMENT, CLASSROOMS_SILENT})


def explained(sight: Sight, picture: Picture, found: Finding) -> Iterator[Outcome]:
    """Yield the finding with its cause; or hold it back, and ask, while the cause is not certain."""
    site = found.site
    if found.rule not in _EXPLAINED or site is None:
        yield found
    elif site in picture.leader:
        yield _because(sight, picture, found, site)
    elif site in picture.darkness.asked or site in picture.darkness.converging:
        yield found.key
    elif site in picture.released:
        yield from _after_release(sight, found, picture.released[site])
    else:
        yield from _way_first(sight, picture, found, site)


def _because(sight: Sight, picture: Picture, found: Finding, site: str) -> Finding:
    leader = picture.leader[site]
    why = sight.words.say("site_cut_off", site=picture.names.site(leader))
    return replace(
        found, summary=sight.words.say("because", text=found.summary, why=why), cause=Subject("site", leader)
    )


def _after_release(sight: Sight, found: Finding, released: float) -> Iterator[Outcome]:
    """What fell silent in the dark is asked again before it may speak for itself."""
    waiting = tuple(not_asked_since(jobs_about(sight, found.subject), released))
    if waiting:
        yield found.key
        yield from waiting
    else:
        yield found


def _way_first(sight: Sight, picture: Picture, found: Finding, site: str) -> Iterator[Outcome]:
    """Ask the links at the site before one that fell silent is told for itself; but do not wait for them long."""
    jobs = sight.jobs.get(found.subject, ())
    since = max((job.since for job in jobs if job.up is False and job.since is not None), default=None)
    if since is None or site == picture.declared.home:
        yield found
        return
    since = min(since, sight.view.now)
    waiting = tuple(not_asked_since(_at_the_way(sight, site), since))
    yield from waiting
    yield found.key if waiting and sight.view.now - since < ANSWER_SECONDS else found


def _at_the_way(sight: Sight, site: str) -> Iterator[JobState]:
    for name, link in sight.inventory.links.items():
        if site in {end.site for end in link.ends}:
            yield from jobs_of_link(sight, name, link)
