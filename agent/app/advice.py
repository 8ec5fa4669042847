"""What ``check`` says of own rules that load and yet can never find anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from agent.contract import CollectorSpec, Job, MetricFamily, Plan
from agent.families import PER_JOB
from config.errors import did_you_mean, printable, shown
from config.inventory import Inventory
from config.loader import Loaded
from config.selectors import Selector

# Labels by which a selector names what is polled, and where the inventory has it.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "device": ("devices",),
    "service": ("services",),
    "link": ("links",),
    "site": ("sites",),
    "instance": ("devices", "services", "links"),
}
# An exporter's own families: a page read with another one's preset is not expected to have them.
_EXPORTERS: Mapping[str, str] = {"node_": "node_exporter", "windows_": "windows_exporter"}
_OWN = frozenset(family.name for family in PER_JOB)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one job may yield. ``elsewhere``: families that checks of another kind declare."""

    job: Job
    spec: CollectorSpec
    elsewhere: frozenset[str]

    def option(self, name: str) -> tuple[object, ...]:
        """Return a list among the parameters of a page that is read, e.g. ``preset``."""
        value: object = getattr(self.job.params, name, None) if self.spec.may_yield is not None else None
        return cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()

    def may_yield(self, selector: Selector) -> bool:
        """Whether a page may hold what is selected; its families and labels are not declared."""
        family = selector.family
        if self.spec.may_yield is None or family is None:
            return self.spec.may_yield is not None
        return self._expects(family) and self.spec.may_yield(self.job.params, family)

    def _expects(self, family: str) -> bool:
        """Whether the family is not another exporter's or check's, by the presets that the page is read with."""
        presets, exporter = self.option("preset"), _exporter(family)
        if not presets or self.option("allow"):
            return True
        if exporter is None:
            return family not in self.elsewhere
        return exporter in presets or any(family == one.name for one in self.spec.families)


# A job and a family of it that a selector may mean; None for one whose labels are unknown.
_Pair = tuple[_Offer, MetricFamily | None]


def advise(loaded: Loaded, specs: Mapping[str, CollectorSpec], plan: Plan) -> Iterator[str]:
    """Yield one line for each own rule whose selector can match nothing: where it stands, why, what may help."""
    rules = loaded.inventory.rules
    if not rules:
        return
    families = {kind: frozenset(family.name for family in spec.families) for kind, spec in specs.items()}
    known = frozenset[str]().union(*families.values())
    elsewhere = {kind: known - names for kind, names in families.items()}
    offers = [_Offer(job, specs[job.kind], elsewhere[job.kind]) for job in plan.jobs]
    for name, rule in rules.items():
        why = _why_nothing(rule.select, offers, loaded.inventory, known)
        if why is not None:
            mark = loaded.positions.at(("rules", name, "select"))
            yield printable(f"{mark.file}:{mark.line}: rules.{name}: {why}")


def _why_nothing(
    selector: Selector, offers: Sequence[_Offer], inventory: Inventory, known: frozenset[str]
) -> str | None:
    """Return why no series can be meant, or None where one may be."""
    yielding = _yielding(selector, offers)
    stray = _stray_name(selector, yielding, inventory)
    if stray is not None:
        return stray
    if not yielding:
        return _no_family(selector, offers, known)
    on_target = [pair for pair in yielding if _is_target(selector, *pair, inventory)]
    if not on_target:
        return _not_there(selector, offers, inventory)
    if any(_lacking(selector, *pair) is None for pair in on_target):
        return None
    offer, family = on_target[0]
    label = _lacking(selector, offer, family) or ""
    has = (*(dict(offer.job.target.labels)), *(() if family is None else family.labels))
    hint = did_you_mean(label, has) or f"it has {', '.join(has)}"
    return f"{_what(selector)} has no label {shown(label)} ({hint})"


def _yielding(selector: Selector, offers: Sequence[_Offer]) -> list[_Pair]:
    """Return who may yield what; of the families of a kind that have the same labels one stands for all."""
    meant: dict[str, tuple[MetricFamily, ...]] = {}
    pairs: list[_Pair] = []
    for offer in offers:
        if offer.spec.may_yield is not None:
            pairs += [(offer, None)] if offer.may_yield(selector) else []
            continue
        if offer.job.kind not in meant:
            wanted = (family for family in offer.spec.families if selector.wants(family.name))
            meant[offer.job.kind] = tuple({family.labels: family for family in wanted}.values())
        pairs += [(offer, family) for family in meant[offer.job.kind]]
    return pairs


def _stray_name(selector: Selector, yielding: Sequence[_Pair], inventory: Inventory) -> str | None:
    """A device, service, link or site that the inventory does not have, where the label cannot be the family's own."""
    for label, sections in _SECTIONS.items():
        name = selector.named(label)
        names = [entry for section in sections for entry in getattr(inventory, section)]
        own = any(family is not None and label in family.labels for _, family in yielding)
        if name is None or name in names or own:
            continue
        hint = did_you_mean(name, names)
        certain = label != "device" or (bool(yielding) and all(family is not None for _, family in yielding))
        if certain or hint is not None:
            what = "nothing polled is called" if label == "instance" else f"there is no {label}"
            return f"{what} {shown(name)}" + (f" ({hint})" if hint else "")
    return None


def _is_target(selector: Selector, offer: _Offer, family: MetricFamily | None, inventory: Inventory) -> bool:
    """Whether the target's own labels are those that are asked for. A page may have a `device` of its own."""
    fixed = dict(offer.job.target.labels)
    for matcher in selector.labels:
        if matcher.name not in _SECTIONS or (family is not None and matcher.name in family.labels):
            continue
        named = selector.named("device")
        if matcher.name == "device" and family is None and (named is None or named not in inventory.devices):
            continue
        if not matcher.matches(fixed.get(matcher.name, "")):
            return False
    return True


def _lacking(selector: Selector, offer: _Offer, family: MetricFamily | None) -> str | None:
    """Return the first label that is asked for and that the family is known not to have."""
    if family is None:
        return None
    has = {*family.labels, *dict(offer.job.target.labels)}
    asked = (one.name for one in selector.labels if not one.matches(""))
    return next((name for name in asked if name not in has), None)


def _no_family(selector: Selector, offers: Sequence[_Offer], known: frozenset[str]) -> str:
    if selector.family in _OWN:
        return f"{selector.family} is no collected family (that a check fails is told by `device_unreachable`)"
    said = f"nothing that is polled is known to yield {_what(selector)}"
    near = did_you_mean(selector.family or "", known) if selector.family not in known else None
    checks = _checks(selector, offers)
    if near is not None:
        return f"{said} ({near})"
    return f"{said}{f'; {checks}' if checks else ''} ({_hint(selector, offers)})"


def _not_there(selector: Selector, offers: Sequence[_Offer], inventory: Inventory) -> str:
    checks = _checks(selector, offers)
    said = f"{_what(selector)} is yielded elsewhere, but not where the selector looks"
    lonely = selector.named("device") in inventory.devices and not checks
    return f"{said}{f': {checks}' if checks else ': the device is not polled' if lonely else ''}"


def _checks(selector: Selector, offers: Sequence[_Offer]) -> str | None:
    """Return by which checks the named device, service or link is polled."""
    wanted = {selector.named(label) for label in ("device", "service", "link", "instance")}
    meant = [offer for offer in offers if offer.job.key.subject.id in wanted]
    if not meant:
        return None
    return f"{meant[0].job.key.subject.id} is polled by {', '.join(map(_check, meant))}"


def _check(offer: _Offer) -> str:
    check, presets = offer.job.key.check, ", ".join(map(str, offer.option("preset")))
    return f"{check} with preset {presets}" if presets else check


def _exporter(family: str) -> str | None:
    return next((name for prefix, name in _EXPORTERS.items() if family.startswith(prefix)), None)


def _hint(selector: Selector, offers: Sequence[_Offer]) -> str:
    wanted = {selector.named(label) for label in ("device", "instance")}
    if selector.family is not None and any(
        offer.spec.may_yield is not None and offer.job.key.subject.id in wanted for offer in offers
    ):
        exporter = _exporter(selector.family)
        whose = f"it is a family of {exporter}; " if exporter is not None else ""
        return f"{whose}if this page has it: `scrape: {{allow: [{selector.family}]}}`"
    return "docs/metrics.md lists what is collected; another exporter's page is read by `scrape`"


def _what(selector: Selector) -> str:
    return selector.family if selector.family is not None else shown(selector.text)
