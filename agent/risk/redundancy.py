"""Has each site the ways that it was designed to have?

Reality outranks the graph: a site where nothing answers is cut off, whatever ways are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from agent.contract import Finding, FindingKey, JobKey, Measure, Severity, SiteVerdict, Subject
from agent.figures import SITE_PATHS, SITE_PATHS_DESIGNED, SITE_PATHS_REQUIRED, SITE_PATHS_UNVERIFIED
from agent.risk.catalogue.network import BELOW_REQUIRED, REDUNDANCY_LOST, SITE_ISOLATED
from agent.risk.network.darkness import COMPANIONS_SECONDS, LONGEST_DOUBT_SECONDS
from agent.risk.network.picture import Picture
from agent.risk.network.wishes import jobs_at, jobs_of_link, not_asked_since
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight

MAX_LISTED = 20  # devices or links in the evidence
MAX_NAMED = 4  # links in a summary


def judge_sites(sight: Sight, picture: Picture) -> Iterator[Outcome]:
    """Yield ``site_isolated``, ``redundancy_lost`` and ``below_required`` for each site, and how many ways it has."""
    for verdict in picture.network.sites.values():
        dim = picture.darkness
        if not verdict.needs and verdict.id not in picture.leader.keys() | dim.asked | dim.converging:
            continue
        yield from _judge_isolation(sight, picture, verdict)
        if verdict.needs:
            yield from _judge_ways(sight, picture, verdict)
            yield from _measures(verdict)


def _judge_isolation(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[Outcome]:
    site, dim = verdict.id, picture.darkness
    key = FindingKey(SITE_ISOLATED, Subject("site", site))
    if site in picture.leader or site in dim.answering:
        waiting = tuple(_to_ask(sight, picture, verdict))
        yield from waiting
        if waiting or site in dim.doubted or _more_to_come(sight, picture, site):
            yield key
        elif site in picture.leader:
            yield _isolated(sight, picture, verdict)
        else:
            said = sight.words.say("answers_all_the_same", site=picture.names.site(site))
            yield _finding(key, Severity.WARNING, said, _cuts(sight, picture, verdict))
    elif site in dim.asked or site in dim.converging:
        yield key
        yield from _ask(sight, picture, site)
    elif verdict.unreachable:
        yield from _lacking(sight, picture, verdict)
    elif verdict.paths == 0 and picture.survey.undecided:
        yield key


def _to_ask(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[JobKey]:
    """Yield who must be asked before this is said of a site, for no longer than a while.

    It answers although no way is left: the ends of the links that are said to be cut. A way is back since it went dark:
    those who stand there.
    """
    answering = picture.darkness.answering.get(verdict.id)
    if answering is not None:
        if sight.view.now - answering < LONGEST_DOUBT_SECONDS:
            links = ((cut.id, sight.inventory.links[cut.id]) for cut in verdict.cuts)
            yield from not_asked_since(chain.from_iterable(jobs_of_link(sight, *one) for one in links), answering)
        return
    if verdict.paths_possible:
        dark = picture.darkness.dark[verdict.id]
        back = max((at for at in _up_since(picture) if at > dark), default=None)
        if back is not None and sight.view.now - back < LONGEST_DOUBT_SECONDS:
            yield from not_asked_since(jobs_at(sight, verdict.id), back)


def _more_to_come(sight: Sight, picture: Picture, site: str) -> bool:
    """Whether sites next to this part are about to be called dark as well: one alert names them all."""
    dim = picture.darkness
    if site not in dim.dark or sight.view.now - dim.dark[site] >= COMPANIONS_SECONDS:
        return False
    part = {site, *picture.speakers.segment(picture.leader[site])}
    return any(picture.declared.companions[one] & dim.asked - part for one in part)


def _isolated(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Finding:
    """The one nearest to home of those that are dark together speaks for all of them; the others follow it."""
    site, words = verdict.id, sight.words
    leader = picture.leader[site]
    name = picture.names.site(site)
    evidence = (*_cuts(sight, picture, verdict), *_silent(sight, picture, site), *_protocol(sight, picture, verdict))
    others = picture.speakers.segment(site) if leader == site else ()
    kind = "silent" if verdict.paths_possible else "isolated"
    named = picture.names.sites(others)
    said = words.say(f"{kind}_with", site=name, others=named) if others else words.say(kind, site=name)
    parts = [said, *_why(sight, picture, verdict)]
    cause = None if leader == site else Subject("site", leader)
    key = FindingKey(SITE_ISOLATED, Subject("site", site))
    return _finding(key, Severity.CRITICAL, "; ".join(parts), evidence, cause)


def _why(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[str]:
    """Say what failed, and over what the site should still be reached."""
    common = picture.speakers.common.get(verdict.id)
    if common is not None:
        yield sight.words.say("common_cause", element=picture.names.element(common))
    elif verdict.cuts:
        cuts = [picture.names.label(cut.id) for cut in verdict.cuts[:MAX_NAMED]]
        yield sight.words.say("cuts_are", links=sight.words.joined(cuts))
    left = _ways_left(sight, picture, verdict.id)
    if common is None and verdict.paths_possible and left:
        yield sight.words.say("carries_over", links=sight.words.joined(left))


def _lacking(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[Outcome]:
    """Not dark itself, but something that it needs is: told by the alert about that one."""
    key = FindingKey(SITE_ISOLATED, Subject("site", verdict.id))
    if picture.darkness.asked & set(verdict.unreachable):
        yield key
        return
    name = picture.names.site(verdict.id)
    said = sight.words.say("cannot_reach", site=name, needs=picture.names.sites(verdict.unreachable))
    speaker = next((picture.leader[need] for need in verdict.unreachable if need in picture.leader), None)
    cause = None if speaker is None else Subject("site", speaker)
    yield _finding(key, Severity.CRITICAL, said, _cuts(sight, picture, verdict), cause)


def _judge_ways(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[Outcome]:
    lost, below = (FindingKey(rule, Subject("site", verdict.id)) for rule in (REDUNDANCY_LOST, BELOW_REQUIRED))
    newest = next(iter(verdict.cuts), None)
    if verdict.id in picture.darkness.asked or (newest is not None and newest.id in picture.waiting):
        # in a moment more is known, and it is told by the alert about the cut
        yield from (lost, below)
        return
    speaker = picture.leader.get(verdict.id)
    told_by = Subject("site", speaker) if speaker is not None else newest
    evidence = _cuts(sight, picture, verdict)
    name = picture.names.site(verdict.id)
    if verdict.paths_possible < verdict.paths_designed:
        said = sight.words.say("way_left", site=name, left=verdict.paths_possible, designed=verdict.paths_designed)
        yield _finding(lost, Severity.WARNING, _because(picture, said, verdict), evidence, told_by)
    elif verdict.paths < verdict.paths_designed and picture.survey.undecided:
        yield lost
    if verdict.paths_possible < verdict.paths_required:
        by_design = verdict.paths_designed < verdict.paths_required
        text = "ways_required_design" if by_design else "ways_required"
        left = verdict.paths_designed if by_design else verdict.paths_possible
        said = sight.words.say(text, site=name, left=left, required=verdict.paths_required)
        cause = None if by_design else told_by
        yield _finding(below, Severity.WARNING, said, evidence, cause)
    elif verdict.paths < verdict.paths_required and picture.survey.undecided:
        yield below


def _measures(verdict: SiteVerdict) -> Iterator[Measure]:
    """Only ways that are known to carry are counted; those of unknown state stand beside them."""
    site = (verdict.id,)
    yield Measure(SITE_PATHS, site, verdict.paths)
    yield Measure(SITE_PATHS_UNVERIFIED, site, verdict.paths_possible - verdict.paths)
    yield Measure(SITE_PATHS_DESIGNED, site, verdict.paths_designed)
    yield Measure(SITE_PATHS_REQUIRED, site, verdict.paths_required)


def _because(picture: Picture, said: str, verdict: SiteVerdict) -> str:
    if not verdict.cuts:
        return said
    why = picture.names.words.say("is_down", what=picture.names.label(verdict.cuts[0].id))
    return picture.names.words.say("because", text=said, why=why)


def _cuts(sight: Sight, picture: Picture, verdict: SiteVerdict) -> tuple[str, ...]:
    """Say of each cut since when it is down, and who says so."""
    lines: list[str] = []
    for cut in verdict.cuts[:MAX_LISTED]:
        state = picture.network.links[cut.id].state
        ago = sight.words.duration(sight.view.now - (state.since or sight.view.now))
        what = picture.names.label(cut.id)
        lines.append(sight.words.say("down_since", what=what, says=state.reason, ago=ago))
    return tuple(lines)


def _silent(sight: Sight, picture: Picture, site: str) -> Iterator[str]:
    if site in picture.survey.silent:
        names = [name for name, device in sight.inventory.devices.items() if device.site == site]
        silent = [name for name in names if picture.network.devices[name].state == "down"]
        yield sight.words.say("silent_devices", devices=", ".join(silent[:MAX_LISTED]))


def _protocol(sight: Sight, picture: Picture, verdict: SiteVerdict) -> Iterator[str]:
    rings = {sight.inventory.links[cut.id].ring for cut in verdict.cuts}
    for ring in picture.network.rings.values():
        if ring.id in rings and ring.protocol:
            yield sight.words.say("ring_says", says=", ".join(ring.protocol[:MAX_LISTED]))


def _ways_left(sight: Sight, picture: Picture, site: str) -> list[str]:
    """Return the links that leave the dark part and are not known to be down."""
    part = {site, *picture.speakers.segment(picture.leader[site])}
    links = (link for link in picture.network.links.values() if link.state.state != "down")
    left = [
        link.id for link in links if len(part & set(link.ends)) == 1 and not set(link.ends) <= picture.leader.keys()
    ]
    return [picture.names.link(link) for link in left[:MAX_NAMED]]


def _ask(sight: Sight, picture: Picture, site: str) -> Iterator[JobKey]:
    """Ask who stands there, once since the cut and once since its ring had the time to switch over; and next to it."""
    if site not in picture.darkness.converging:
        newest = max(picture.survey.down.values(), default=None)
        if newest is not None:
            yield from not_asked_since(jobs_at(sight, site), newest)
        return
    silent = picture.survey.silent[site]
    end = silent + picture.declared.patience.get(site, 0.0)
    if sight.view.now >= end:
        yield from not_asked_since(jobs_at(sight, site), end)
    for other in picture.declared.companions[site]:
        yield from not_asked_since(jobs_at(sight, other), silent)


def _up_since(picture: Picture) -> Iterator[float]:
    for link in picture.network.links.values():
        if link.state.state != "down" and link.state.since is not None:
            yield link.state.since


def _finding(
    key: FindingKey, severity: Severity, said: str, evidence: Iterable[str] = (), cause: Subject | None = None
) -> Finding:
    rule, subject = key
    return Finding(rule, subject, severity, said, tuple(evidence), cause, RULES[rule].norm, site=subject.id)
