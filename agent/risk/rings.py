"""Is each ring still closed?"""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import Finding, FindingKey, Measure, RingVerdict, Severity, Subject
from agent.figures import RING_CLOSED, RING_OPEN_SECONDS
from agent.risk.catalogue.network import RING_OPEN
from agent.risk.network.picture import Picture
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight


def judge_rings(sight: Sight, picture: Picture) -> Iterator[Outcome]:
    """Yield ``ring_open`` for each ring that is not closed, and how long each was without redundancy."""
    for verdict in picture.network.rings.values():
        subject = Subject("ring", verdict.id)
        doubted = verdict.closed is None and picture.survey.undecided.intersection(verdict.links)
        if doubted or picture.waiting.intersection(verdict.cuts):
            yield FindingKey(RING_OPEN, subject)
        elif verdict.closed is False:
            yield _open(sight, picture, verdict)
        if verdict.closed is not None:
            yield Measure(RING_CLOSED, (verdict.id,), float(verdict.closed))
        yield Measure(RING_OPEN_SECONDS, (verdict.id,), verdict.open_seconds_total)


def _open(sight: Sight, picture: Picture, verdict: RingVerdict) -> Finding:
    words, inventory = sight.words, sight.inventory
    ring = inventory.rings[verdict.id].name or verdict.id
    newest = verdict.cuts[-1]
    if len(verdict.cuts) == 1:
        one, other = (picture.names.site(end.site) for end in inventory.links[newest].ends)
        said = words.say("ring_open", ring=ring, one=one, other=other)
    else:
        links = words.joined([picture.names.link(cut) for cut in verdict.cuts])
        said = words.say("ring_cut", ring=ring, count=len(verdict.cuts), links=links)
    if verdict.segments:
        sites = [site for part in verdict.segments for site in part]
        said = f"{said}; {words.say('ring_segments', sites=picture.names.sites(sites))}"
    evidence = [_since(sight, picture, cut) for cut in verdict.cuts]
    if verdict.protocol:
        evidence.append(words.say("ring_says", says=", ".join(verdict.protocol)))
    first = verdict.cuts[0]  # it opened the ring
    cause = Subject("link", first)
    norm = RULES[RING_OPEN].norm
    return Finding(RING_OPEN, Subject("ring", verdict.id), Severity.WARNING, said, tuple(evidence), cause, norm)


def _since(sight: Sight, picture: Picture, cut: str) -> str:
    state = picture.network.links[cut].state
    ago = sight.words.duration(sight.view.now - (state.since or sight.view.now))
    what = picture.names.label(cut)
    return sight.words.say("down_since", what=what, says=state.reason, ago=ago)
