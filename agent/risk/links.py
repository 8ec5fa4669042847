"""Does a declared link carry? One alert for a cut: it says what carries instead, and who has fewer ways for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.contract import Finding, FindingKey, LinkVerdict, Measure, Severity, Subject
from agent.figures import LINK_CAPACITY, LINK_STATE
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING, CutOptions
from agent.risk.catalogue.network import LINK_UNVERIFIED
from agent.risk.network.aftermath import Aftermath, aftermath, sentences, wishes
from agent.risk.network.picture import Picture
from agent.risk.network.wishes import jobs_of_link, not_asked_since
from agent.risk.network.witnesses import DARK, Witness
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from config.inventory import Link

LINKS_AT_ONCE = 50  # between two pauses

# A link that went down so shortly before its site was cut off, or later, is told by the alert about the site.
SAME_MOMENT_SECONDS = 10.0

_STATES = ("up", "degraded", "down", "unknown")


def judge_links(sight: Sight, picture: Picture) -> Iterator[Outcome | None]:
    """Yield ``link_down``, ``link_end_missing`` and ``link_unverified`` for each declared link, and its state."""
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        verdict, said = picture.network.links[name], picture.survey.links[name].said
        if "down" in picture.survey.memory[name].heard.says:
            # whoever was not asked since the first one said so may say more
            yield from not_asked_since(jobs_of_link(sight, name, link), picture.survey.memory[name].heard.since)
        if verdict.state.state == "down":
            yield from _judge_cut(sight, picture, link, verdict)
        elif said and (verdict.state.state == "unknown" or any(one.says in DARK for one in said)):
            yield FindingKey(LINK_DOWN, Subject("link", name))
        yield from _judge_ends(sight, name, link, said)
        yield from _judge_sight(sight, picture, verdict)
        yield from _measures(verdict)
        if number % LINKS_AT_ONCE == 0:
            yield None


def _judge_cut(sight: Sight, picture: Picture, link: Link, verdict: LinkVerdict) -> Iterator[Outcome]:
    """Hold the finding back until those that lost a way by it had the time to answer."""
    name, since = verdict.id, verdict.state.since or sight.view.now
    if verdict.off:
        return
    after = aftermath(sight, picture, name)
    yield from wishes(sight, picture, name, after)
    if name in picture.waiting:
        yield FindingKey(LINK_DOWN, Subject("link", name))
        return
    evidence = tuple(one.text(sight) for one in picture.survey.links[name].said)
    severity = severity_of_cut(link, {site: one.needs for site, one in picture.network.sites.items()})
    cause = _told_by(picture, after, since)
    said = _summary(sight, picture, name, after)
    norm, hold = RULES[LINK_DOWN].norm, _hold_seconds(sight, picture, name, after)
    subject, site = Subject("link", name), link.ends[0].site
    yield Finding(LINK_DOWN, subject, severity, said, evidence, cause, norm, site, hold_seconds=hold)


def _hold_seconds(sight: Sight, picture: Picture, name: str, after: Aftermath) -> float | None:
    """A hop that rain took comes back by itself; as long as nobody is cut off that is waited for."""
    if name not in picture.faded or after.dark:
        return None
    return options_of(sight.settings, LINK_DOWN, CutOptions).hold_after_fade


def _summary(sight: Sight, picture: Picture, name: str, after: Aftermath) -> str:
    what = picture.names.label(name)
    told = tuple(sentences(sight, picture, name, after))
    if told:
        return "; ".join((sight.words.say("is_down", what=what), *told))
    says = [one.text(sight) for one in picture.survey.links[name].said if one.says == "down"]
    return sight.words.say("is_down_says", what=what, says="; ".join(says))


def severity_of_cut(link: Link, needs: Mapping[str, Sequence[str]]) -> Severity:
    """Return how bad it is that a link is cut; ``needs``: what each site must reach.

    Where the ways of sites are judged, losing one is a warning; a site that is cut off has an alert of its own.
    """
    needed = {need for own in needs.values() for need in own}
    judged = any(needs.get(end.site) or (end.site in needs and end.site in needed) for end in link.ends)
    between = link.ends[0].site != link.ends[1].site
    return Severity.WARNING if link.ring is not None or link.standby or (judged and between) else Severity.CRITICAL


def _told_by(picture: Picture, after: Aftermath, since: float) -> Subject | None:
    """The cut that did it is told by the alert about the site that it cut off."""
    for site in after.dark:
        leader = picture.leader[site]
        if since >= picture.darkness.dark[leader] - SAME_MOMENT_SECONDS:
            return Subject("site", leader)
    return None


def _judge_ends(sight: Sight, name: str, link: Link, said: Sequence[Witness]) -> Iterator[Outcome]:
    """An end that does not exist would never tell that the link is down."""
    subject = Subject("link", name)
    missing = [one for one in said if one.says == "missing"]
    if missing:
        places = sight.words.joined([one.place for one in missing])
        text = sight.words.say("port_missing", name=link.name or name, end=places)
        yield Finding(LINK_END_MISSING, subject, Severity.WARNING, text, site=link.ends[0].site)
    elif any(one.says == "unknown" and one.source == "port" for one in said):
        yield FindingKey(LINK_END_MISSING, subject)


def _judge_sight(sight: Sight, picture: Picture, verdict: LinkVerdict) -> Iterator[Outcome]:
    """Say once, not for ever with each site, that nothing can tell whether a link carries."""
    if picture.survey.links[verdict.id].said or verdict.state.state != "unknown":
        return
    subject = Subject("link", verdict.id)
    if picture.leader.keys() & set(verdict.ends):
        yield FindingKey(LINK_UNVERIFIED, subject)  # who proves it otherwise is silent
        return
    text = sight.words.say("unverified_link", what=picture.names.label(verdict.id))
    yield Finding(LINK_UNVERIFIED, subject, Severity.INFO, text, site=verdict.ends[0])


def _measures(verdict: LinkVerdict) -> Iterator[Measure]:
    for state in _STATES:
        yield Measure(LINK_STATE, (verdict.id, state), float(verdict.state.state == state))
    if verdict.capacity is not None:
        yield Measure(LINK_CAPACITY, (verdict.id,), verdict.capacity)
