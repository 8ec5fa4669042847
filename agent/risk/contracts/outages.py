"""Several things of one provider fail at once, and nothing of ours explains it: which, since when, until all are back.

Pure but for what it remembers from look to look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from agent.contract import Alert, AlertState, Finding, FindingKey, Subject
from agent.risk.catalogue.contracts import PROVIDER_DOWN
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.network import SITE_ISOLATED
from agent.risk.contracts.following import Followed
from agent.risk.contracts.owed import is_theirs, provider_of
from agent.risk.contracts.provider import Outage, finding_of, with_cause
from agent.risk.contracts.standing import TELLING
from agent.risk.reachability import device_state
from agent.risk.sight import Sight

SAME_OUTAGE_SECONDS = 300.0  # between one and the next: checks come each minute, and are confirmed
SAME_MOMENTS_SECONDS = 120.0  # what else fails so near has perhaps the same cause
# So long after the last of them failed it may still turn out that it is no provider's fault.
SETTLED_SECONDS = 240.0

_OURS = frozenset({DEVICE_UNREACHABLE, LINK_DOWN, SITE_ISOLATED})


class OutageBook:
    """Outages that are told: each keeps its things while they are down, and its alert stays with its contract."""

    def __init__(self) -> None:
        self._told: list[Outage] = []
        self._seen: dict[FindingKey, float] = {}  # since when something of ours is found
        self._single: set[Subject] = set()  # what speaks for itself until it is back

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Go on with what was told before a restart."""
        standing = [one.finding for one in alerts if one.state is not AlertState.RESOLVED]
        for one in standing:
            if one.rule == PROVIDER_DOWN and all(one.subject.id != known.contract for known in self._told):
                things = [each.subject for each in standing if each.cause == one.subject and each.rule in TELLING]
                self._told.append(Outage(one.subject.id, tuple(dict.fromkeys(things))))

    def explained(
        self,
        sight: Sight,
        followed: Mapping[Subject, Followed],
        matter: Iterable[Followed],
        findings: Collection[Finding],
        unverified: Collection[FindingKey],
    ) -> Iterator[Finding | FindingKey]:
        """Yield the findings, effects with their cause, and one for each outage.

        ``matter``: what is owed and matters at this hour. An outage of which nothing can be told now could not be
        judged.
        """
        self._note_ours(sight, findings)
        loose = {one.subject for one in findings if one.rule in TELLING and one.cause is None}
        doubted = {one.subject for one in unverified if one.rule in TELLING} - loose
        self._single &= loose | doubted
        told = [self._left(one, sight, followed, loose, doubted) for one in self._told]
        self._told = [one for one in told if one.things and one.contract in sight.inventory.contracts]
        down = [one for one in matter if one.subject in loose and one.stand.standing == "down"]
        self._regroup(sight, followed, down)
        yield from self._outcomes(sight, findings)

    def _outcomes(self, sight: Sight, findings: Collection[Finding]) -> Iterator[Finding | FindingKey]:
        because = {thing: one for one in self._told for thing in one.things}
        effects: dict[str, list[Finding]] = {one.contract: [] for one in self._told}
        for one in findings:
            outage = because.get(one.subject) if one.rule in TELLING and one.cause is None else None
            if outage is not None:
                effects[outage.contract].append(one)
            yield one if outage is None else with_cause(sight, one, outage)
        for outage in self._told:
            mine = effects[outage.contract]
            yield finding_of(sight, outage, mine) if mine else outage.key

    def _left(
        self,
        outage: Outage,
        sight: Sight,
        followed: Mapping[Subject, Followed],
        loose: Collection[Subject],
        doubted: Collection[Subject],
    ) -> Outage:
        """Return the outage with what is still down, or cannot be told; with nothing where it was no such thing."""
        provider = provider_of(sight.inventory, Subject("contract", outage.contract))
        things = tuple(
            one
            for one in outage.things
            if one in followed
            and provider_of(sight.inventory, one) == provider
            and (one in doubted or (one in loose and followed[one].stand.standing in {"down", None}))
        )
        return outage._replace(things=things)

    def _regroup(self, sight: Sight, followed: Mapping[Subject, Followed], down: Sequence[Followed]) -> None:
        """Add what failed with what is told, and what failed together anew; take back what is not so by now."""
        begins = {one.subject: since for one in down if (since := one.down_since) is not None}
        for outage in tuple(self._told):
            if self._is_young(sight, outage, begins) and self._is_doubtful(sight, outage, begins):
                self._told.remove(outage)
                self._single.update(outage.things)
        members = {thing for one in self._told for thing in one.things}
        for thing in members & followed.keys() - begins.keys():
            since = followed[thing].down_since
            if since is not None:
                begins[thing] = since
        providers = dict.fromkeys(provider_of(sight.inventory, one) for one in begins)
        for provider in providers:
            mine = [(since, one) for one, since in begins.items() if provider_of(sight.inventory, one) == provider]
            for group in _groups(sorted(one for one in mine if one[1] not in self._single)):
                self._take(sight, group, begins)

    def _take(self, sight: Sight, group: Sequence[Subject], begins: Mapping[Subject, float]) -> None:
        for place, outage in enumerate(self._told):
            if set(outage.things) & set(group):
                taken = {thing for one in self._told for thing in one.things}
                more = [one for one in group if one not in taken]
                self._told[place] = outage._replace(things=(*outage.things, *more))
                return
        used = {one.contract for one in self._told}
        under = {contract for one in group if (contract := _contract(sight, one)) is not None}
        free = next((name for name in sight.inventory.contracts if name in under and name not in used), None)
        if len(group) < 2 or free is None:
            return
        outage = Outage(free, tuple(group))
        if self._is_doubtful(sight, outage, begins):
            self._single.update(group)
        else:
            self._told.append(outage)

    def _is_doubtful(self, sight: Sight, outage: Outage, begins: Mapping[Subject, float]) -> bool:
        """Whether it is not known that nothing of ours explains it: others failed in the same moments."""
        mine = [begins[one] for one in outage.things if one in begins]
        if not mine:
            return False
        provider = provider_of(sight.inventory, Subject("contract", outage.contract))
        others = [since for one, since in begins.items() if provider_of(sight.inventory, one) != provider]
        others += [since for key, since in self._seen.items() if not is_theirs(sight, key.subject, provider)]
        first, last = min(mine) - SAME_MOMENTS_SECONDS, max(mine) + SAME_MOMENTS_SECONDS
        return any(first <= since <= last for since in others)

    def _is_young(self, sight: Sight, outage: Outage, begins: Mapping[Subject, float]) -> bool:
        newest = max((begins[one] for one in outage.things if one in begins), default=0.0)
        return 0 <= sight.view.now - newest < SETTLED_SECONDS

    def _note_ours(self, sight: Sight, findings: Collection[Finding]) -> None:
        """Remember since when sites, links and devices are down; not those that others run."""
        theirs = {name for name, site in sight.inventory.sites.items() if site.external}
        found = [one for one in findings if one.rule in _OURS and one.site not in theirs]
        self._seen = {one.key: self._seen.get(one.key) or _begin(sight, one.subject) for one in found}


def _groups(known: Sequence[tuple[float, Subject]]) -> Iterator[list[Subject]]:
    group: list[Subject] = []
    before = 0.0
    for since, one in known:
        if group and since - before > SAME_OUTAGE_SECONDS:
            yield group
            group = []
        group.append(one)
        before = since
    if group:
        yield group


def _contract(sight: Sight, thing: Subject) -> str | None:
    inventory = sight.inventory
    return (inventory.links if thing.kind == "link" else inventory.services)[thing.id].contract


def _begin(sight: Sight, subject: Subject) -> float:
    """Return since when something of ours is down, as far as its checks say; else it was noted now."""
    if subject.kind == "link":
        verdict = sight.network.links.get(subject.id)
        since = None if verdict is None else verdict.state.since
    elif subject.kind == "site":
        site = sight.network.sites.get(subject.id)
        since = None if site is None else site.silent_since
    else:
        since = device_state(sight.jobs.get(subject, ())).since
    return sight.view.now if since is None else min(since, sight.view.now)
