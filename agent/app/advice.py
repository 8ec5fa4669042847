"""What ``check`` says of own rules that load and yet can never find anything, or whose text cannot be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.app.offers import Offer, Source, exporter_of, make_offers, sources
from agent.contract import CollectorSpec, Plan
from agent.families import PER_JOB
from config.errors import did_you_mean, printable, shown
from config.inventory import Inventory
from config.loader import Loaded
from config.operations import Rule
from config.placeholders import VALUE, placeholders
from config.selectors import Matcher, Selector

# Labels by which a selector names what is polled, and where the inventory has it.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "device": ("devices",),
    "service": ("services",),
    "link": ("links",),
    "site": ("sites",),
    "instance": ("devices", "services", "links", "sites"),
}
_OWN = frozenset(family.name for family in PER_JOB)
_NEAR = 0.9  # pages hold families that nobody declares, some with similar names


def advise(loaded: Loaded, specs: Mapping[str, CollectorSpec], plan: Plan) -> Iterator[str]:
    """Yield one line for each mistake: where it stands, what it is, what may help."""
    rules = loaded.inventory.rules
    offers = make_offers(specs, plan) if rules else ()
    known = frozenset(family.name for spec in specs.values() for family in spec.families)
    for name, rule in rules.items():
        yielding = list(sources(rule.select, offers))
        why, key = _why_nothing(rule.select, yielding, offers, loaded.inventory, known), "select"
        if why is None:
            why, key = _unfilled(rule, yielding, loaded.inventory), "text"
        if why is not None:
            mark = loaded.positions.at(("rules", name, key))
            yield printable(f"{mark}: rules.{name}: {why}")


def _why_nothing(
    selector: Selector, yielding: Sequence[Source], offers: Sequence[Offer], inventory: Inventory, known: frozenset[str]
) -> str | None:
    """Return why no series can be meant, or None where one may be."""
    stray = _disk(selector, yielding, inventory) or _stray_name(selector, yielding, inventory)
    if stray is not None:
        return stray
    if not yielding:
        return _no_family(selector, offers, known)
    misspelt = _misspelt(selector, yielding, known)
    if misspelt is not None:
        return misspelt
    on_target = [one for one in yielding if _is_target(selector, one, inventory)]
    if not on_target:
        return _not_there(selector, offers, inventory)
    lacking = [_lacking(selector, one) for one in on_target]
    if None in lacking:
        return None
    has, label = on_target[0].labels() or (), lacking[0] or ""
    hint = did_you_mean(label, has) or f"it has {', '.join(has)}"
    return f"{_what(selector)} has no label {shown(label)} ({hint})"


def _disk(selector: Selector, yielding: Sequence[Source], inventory: Inventory) -> str | None:
    """A device of the inventory where `device` is the disk or the interface."""
    given = next((one for one in selector.labels if one.name == "device" and one.operator in {"=", "=~"}), None)
    if given is None or selector.family is None or not yielding:
        return None
    names = [given.value] if given.operator == "=" else given.value.split("|")
    declared = yielding[0].offer.declared.get(selector.family, frozenset())
    if "device" not in declared or not all(name in inventory.devices for name in names):
        return None
    meant = f"instance{given.operator}{shown(given.value)}"
    return f"`device` is the disk or the interface in {selector.family}: the server is {meant}"


def _stray_name(selector: Selector, yielding: Sequence[Source], inventory: Inventory) -> str | None:
    """A device, service, link or site that the inventory does not have, where the label cannot be the family's own."""
    for matcher in selector.labels:
        sections = _SECTIONS.get(matcher.name)
        if sections is None or matcher.matches(""):
            continue
        names = [entry for section in sections for entry in getattr(inventory, section)]
        if any(map(matcher.matches, names)) or any(one.declares(matcher.name, selector) for one in yielding):
            continue
        own = any(one.own(matcher.name, selector) for one in yielding)
        hint = did_you_mean(matcher.value, names) if matcher.operator == "=" else None
        unsure = matcher.name == "device" and (own or not yielding)
        if hint is not None or not unsure:
            return _nobody(matcher) + (f" ({hint})" if hint else "")
    return None


def _nobody(matcher: Matcher) -> str:
    if matcher.operator == "=":
        what = "nothing polled is called" if matcher.name == "instance" else f"there is no {matcher.name}"
        return f"{what} {shown(matcher.value)}"
    what = "nothing polled" if matcher.name == "instance" else f"no {matcher.name}"
    return f"{what} matches {matcher.operator}{shown(matcher.value)}"


def _misspelt(selector: Selector, yielding: Sequence[Source], known: frozenset[str]) -> str | None:
    """A name that pages alone may hold, that nobody lists, and that is nearly one that is known."""
    if any(one.family is not None for one in yielding):
        return None
    if selector.family is None:
        return _misspelt_beginning(selector, yielding, known)
    name = selector.family
    if name in known or any(one.offer.lists(name) for one in yielding):
        return None
    if exporter_of(name) is None and any(one.offer.takes_all for one in yielding):
        return None
    near = did_you_mean(name, (one for one in known if _build(one) == _build(name)), _NEAR)
    return f"no family is known as {name} ({near}; if a page has it: `scrape: {{allow: [{name}]}}`)" if near else None


def _build(name: str) -> tuple[int, Sequence[str]]:
    """Return what no slip changes: a word or a number more is another family (`…_tai_…`, `…_TCP6_…`)."""
    return name.count("_"), re.findall(r"[0-9]", name)


def _misspelt_beginning(selector: Selector, yielding: Sequence[Source], known: frozenset[str]) -> str | None:
    word, underscore, _ = selector.beginning.partition("_")
    heads = {name.partition("_")[0] for name in known if "_" in name} | {"windows", "pve", "vmware"}
    listed = any(one.offer.takes_all or one.offer.lists_beginning(f"{word}_") for one in yielding)
    if not underscore or word in heads or listed:
        return None
    near = did_you_mean(f"{word}_", (f"{head}_" for head in heads), _NEAR)
    return f"no family is known that begins with {word}_ ({near})" if near else None


def _is_target(selector: Selector, source: Source, inventory: Inventory) -> bool:
    """Whether the target's own labels are those that are asked for. A page may have a `device` of its own."""
    for matcher in selector.labels:
        if matcher.name not in _SECTIONS:
            continue
        known = source.family is None and matcher.operator == "=" and matcher.value in inventory.devices
        if source.own(matcher.name, selector) and not known:
            continue
        if not matcher.matches(source.offer.target.get(matcher.name, "")):
            return False
    return True


def _lacking(selector: Selector, source: Source) -> str | None:
    """Return the first label that is asked for and that the family is known not to have."""
    has = source.labels()
    if has is None:
        return None
    asked = (one.name for one in selector.labels if not one.matches(""))
    return next((name for name in asked if name not in has), None)


def _unfilled(rule: Rule, yielding: Sequence[Source], inventory: Inventory) -> str | None:
    """A placeholder of the text that nothing fills in. Only where all labels are known."""
    has = _fillers(rule, [one for one in yielding if _is_target(rule.select, one, inventory)])
    lost = None if has is None else next((one for one in placeholders(rule.text or "") if one not in has), None)
    if has is None or lost is None:
        return None
    hint = did_you_mean(lost, has) or f"there is {', '.join(sorted(has)) or 'none'}"
    return f"nothing fills in {{{lost}}} ({hint})"


def _fillers(rule: Rule, on_target: Sequence[Source]) -> frozenset[str] | None:
    """Return what a text may hold; None where it is unknown. Who is absent has no value, and its target's labels."""
    if rule.absent:
        named = any(rule.select.named(label) for label in ("device", "service", "link", "instance"))
        targets = (one.offer.target for one in on_target if named)
        return frozenset(one.name for one in rule.select.labels if one.operator == "=").union(*targets)
    labels = [one.labels() for one in on_target]
    known = [one for one in labels if one is not None]
    return frozenset((VALUE,)).union(*known) if len(known) == len(labels) else None


def _no_family(selector: Selector, offers: Sequence[Offer], known: frozenset[str]) -> str:
    if selector.family in _OWN:
        return f"{selector.family} is no collected family (that a check fails is told by `device_unreachable`)"
    said = f"nothing that is polled is known to yield {_what(selector)}"
    near = did_you_mean(selector.family or "", known) if selector.family not in known else None
    checks = _checks(selector, offers)
    if near is not None:
        return f"{said} ({near})"
    return f"{said}{f'; {checks}' if checks else ''} ({_hint(selector, offers)})"


def _not_there(selector: Selector, offers: Sequence[Offer], inventory: Inventory) -> str:
    checks = _checks(selector, offers)
    said = f"{_what(selector)} is yielded elsewhere, but not where the selector looks"
    lonely = selector.named("device") in inventory.devices and not checks
    return f"{said}{f': {checks}' if checks else ': the device is not polled' if lonely else ''}"


def _checks(selector: Selector, offers: Sequence[Offer]) -> str | None:
    """Return by which checks the named device, service or link is polled."""
    wanted = {selector.named(label) for label in ("device", "service", "link", "instance")}
    meant = [offer for offer in offers if offer.job.key.subject.id in wanted]
    if not meant:
        return None
    return f"{meant[0].job.key.subject.id} is polled by {', '.join(map(_check, meant))}"


def _check(offer: Offer) -> str:
    check, presets = offer.job.key.check, ", ".join(map(str, offer.option("preset")))
    return f"{check} with preset {presets}" if presets else check


def _hint(selector: Selector, offers: Sequence[Offer]) -> str:
    wanted = {selector.named(label) for label in ("device", "instance")}
    if selector.family is not None and any(offer.is_page and offer.job.key.subject.id in wanted for offer in offers):
        exporter = exporter_of(selector.family)
        whose = f"it is a family of {exporter}; " if exporter is not None else ""
        return f"{whose}if this page has it: `scrape: {{allow: [{selector.family}]}}`"
    return "docs/metrics.md lists what is collected; another exporter's page is read by `scrape`"


def _what(selector: Selector) -> str:
    return selector.family if selector.family is not None else shown(selector.text)
