"""Which days are near: deadlines, contracts and licences with notice, warranties. See ``agent.risk.deadlines``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, takewhile

from agent.contract import Finding, Severity, Subject
from agent.risk.catalogue.deadlines import DEADLINE_NEAR, WARRANTY_ENDING, WarrantyOptions
from agent.risk.deadlines import Ending, Limits, Listing, Today, coming, models, placed
from agent.risk.rule import options_of
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words
from config.inventory import Warranty

MAX_EVIDENCE = 20
_RANK = ("info", "warning", "critical")


def judge_deadlines(sight: Sight) -> Iterator[Outcome]:
    """Yield ``deadline_near`` for each deadline, contract and licence, ``warranty_ending`` for each site."""
    listing = Listing(sight.inventory, sight.settings, Today.of(sight.view.now, sight.settings))
    near: dict[Subject, list[Ending]] = {}
    for ending in chain(listing.deadlines(), listing.contracts(), listing.licences()):
        if ending.stage != "later":
            near.setdefault(ending.subject, []).append(ending)
    for subject, of_subject in near.items():
        yield _near(sight, subject, sorted(of_subject, key=_urgency))
    yield from _warranties(sight, listing.today)


def _urgency(ending: Ending) -> tuple[int, bool, int]:
    """Sort the worst first; of two that are as bad, the one that can still be met, then the nearer one."""
    return -_RANK.index(ending.stage), ending.days_left < 0, ending.days_left


def _near(sight: Sight, subject: Subject, of_subject: list[Ending]) -> Finding:
    worst, *others = of_subject
    evidence = [sentence(sight.words, other) for other in others]
    if worst.what_to_do and (worst.kind not in {"notice", "licence_notice"} or worst.days_left >= 0):
        evidence.append(sight.words.say("what_to_do", what=worst.what_to_do))
    contract = sight.inventory.contracts.get(subject.id) if subject.kind == "contract" else None
    if contract is not None and contract.hotline:
        evidence.append(sight.words.say("hotline", number=contract.hotline))
    summary = sentence(sight.words, worst)
    return Finding(DEADLINE_NEAR, subject, Severity(worst.stage), summary, tuple(evidence), site=worst.site)


def sentence(words: Words, ending: Ending) -> str:
    """Return what is said of a deadline, a notice, the end of a contract or of a licence."""
    key = f"{ending.kind}_{'over' if ending.days_left < 0 else 'ends'}"
    return words.say(key, name=ending.name, when=words.when(ending.days_left), day=words.day(ending.day))


def _warranties(sight: Sight, today: Today) -> Iterator[Finding]:
    """One finding for each site, however many devices."""
    limits: Limits = (("info", options_of(sight.settings, WARRANTY_ENDING, WarrantyOptions).info),)
    sites: dict[Subject, list[Warranty]] = {}
    for warranty in takewhile(lambda one: today.stage(one.until, limits) == "info", coming(sight.inventory, today.day)):
        sites.setdefault(placed(warranty), []).append(warranty)
    for subject, found in sites.items():
        yield _ending_warranties(sight, subject, found, today)


def _ending_warranties(sight: Sight, subject: Subject, found: list[Warranty], today: Today) -> Finding:
    words, first = sight.words, found[0].until
    site = sight.inventory.sites.get(subject.id)
    summary = words.say(
        "warranty_ends",
        name=subject.id if site is None else site.name or subject.id,
        count=sum(warranty.count for warranty in found),
        when=words.when(today.until(first)),
        day=words.day(first),
    )
    evidence = [
        words.say("on_day", day=words.day(warranty.until), what=models(warranty, words))
        for warranty in found[:MAX_EVIDENCE]
    ]
    if len(found) > MAX_EVIDENCE:
        evidence[-1] = words.say("more", text=evidence[-1], count=len(found) - MAX_EVIDENCE)
    return Finding(WARRANTY_ENDING, subject, Severity.INFO, summary, tuple(evidence), site=found[0].site)
