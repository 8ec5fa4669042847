"""What to do about an alert: a page for each rule, shipped or own, with its options as they are in force. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from agent.alerts.lifecycle import Policy
from agent.contract import Severity
from agent.risk.docs import spelled
from agent.risk.rule import Rule, options_of
from agent.risk.rules import RULES
from agent.risk.steps import fact_of, meaning_of, steps_of
from agent.risk.texts import Words
from config.inventory import Inventory
from config.inventory import Rule as OwnRule
from config.rules import RuleOptions
from config.settings import Settings
from exporters.web.words import PageWords, clean

PATH = "/runbooks"

_MAX_BYTES = 4096  # of one text; what the configuration takes is longer than a line


class Part(NamedTuple):
    """A piece of a text; ``code`` stood between backticks."""

    text: str
    code: bool = False


Parts = tuple[Part, ...]


class Fact(NamedTuple):
    """A line about a rule."""

    label: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Runbook:
    """What the template writes of one rule. ``href``: the page elsewhere that an own rule names."""

    language: str
    municipality: str
    rule: str
    known: bool
    labels: Mapping[str, str]
    meaning: Parts = ()
    facts: tuple[Fact, ...] = ()
    steps: tuple[Parts, ...] = ()
    href: str | None = None


def path_of(rule: str) -> str:
    """Return the address of a rule's page on this server."""
    return f"{PATH}/{quote(rule, safe='')}"


def web_address(text: str) -> str | None:
    """Return the text if it is a web address and nothing else: ``javascript:`` is one kind of address, too."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


def make_runbook(name: str, inventory: Inventory, settings: Settings) -> Runbook:
    """Return the page of a rule; ``known`` is False where no rule has the name."""
    town = settings.municipality
    words = PageWords(Words(town.language), 0.0)
    head = (town.language, clean(town.name or town.id), clean(name))
    patience = _Patience(Policy.of(settings, inventory.rules), words)
    shipped, own = RULES.get(name), inventory.rules.get(name)
    if shipped is not None:
        facts = tuple(_shipped(shipped, settings, patience))
        steps = tuple(split(step) for step in steps_of(shipped, town.language))
        return Runbook(*head, True, words.labels, split(meaning_of(shipped, town.language)), facts, steps)
    if own is not None:
        href = None if own.runbook is None else web_address(own.runbook)
        steps = () if own.runbook is None or href else (_plain(own.runbook),)
        return Runbook(*head, True, words.labels, (), tuple(_own(name, own, patience)), steps, href)
    return Runbook(*head, False, words.labels)


def split(text: str) -> Parts:
    """Return the pieces of one of our own texts, the even ones in backticks."""
    parts = clean(text, _MAX_BYTES).split("`")
    return tuple(Part(part, index % 2 == 1) for index, part in enumerate(parts) if part)


class _Patience(NamedTuple):
    """How long a rule waits, in words."""

    policy: Policy
    words: PageWords

    def facts(self, rule: str, severity: str) -> Iterator[Fact]:
        """Yield severity and times; where a text says on what the severity depends, the time of each."""
        labels, duration = self.words.labels, self.words.words.duration
        hold = self.policy.rule_hold.get(rule)
        known = severity in set(Severity)
        yield Fact(labels["severity"], split(self.words.say(severity) if known else severity))
        if hold is None and known:
            hold = self.policy.hold[Severity(severity)]
        by_severity = ((self.words.say(one.value), duration(self.policy.hold[one])) for one in Severity)
        held = ", ".join(f"{name} {waits}" for name, waits in by_severity) if hold is None else duration(hold)
        yield Fact(labels["hold"], _plain(held))
        yield Fact(labels["clear"], _plain(duration(self.policy.clear_of(rule))))


def _shipped(rule: Rule, settings: Settings, patience: _Patience) -> Iterator[Fact]:
    labels = patience.words.labels
    options = options_of(settings, rule.name, rule.options)
    language = settings.municipality.language
    yield from patience.facts(rule.name, options.severity or fact_of(rule.severity, language))
    if rule.norm:
        yield Fact(labels["norm"], _plain(rule.norm))
    if rule.select is not None:
        yield Fact(labels["series"], (Part(rule.select, True),))
    for name, field in rule.options.model_fields.items():
        if name not in RuleOptions.model_fields:
            value = f" = {spelled(field, getattr(options, name))}: "
            meaning = split(fact_of(field.description or "", language))
            yield Fact(labels["option"], (Part(name, True), Part(value), *meaning))


def _own(name: str, rule: OwnRule, patience: _Patience) -> Iterator[Fact]:
    labels = patience.words.labels
    if rule.text is not None:
        yield Fact(labels["text"], _plain(rule.text))
    yield Fact(labels["series"], (Part(clean(str(rule.select), _MAX_BYTES), True),))
    yield Fact(labels["condition"], _plain(_comparison(rule, patience.words)))
    yield from patience.facts(name, rule.severity)


def _comparison(rule: OwnRule, words: PageWords) -> str:
    for key, bound in (("above", rule.above), ("below", rule.below)):
        if bound is not None:
            return words.say(key, bound=words.words.figure(bound))
    if rule.changed is not None:
        return words.say("changed", bound=words.words.duration(rule.changed))
    return words.say("absent")


def _plain(text: str) -> Parts:
    return (Part(clean(text, _MAX_BYTES)),)
