"""Who may yield what a selector means: the declared families of each job, and what a page that is read may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from agent.contract import CollectorSpec, Job, MetricFamily, Plan
from agent.families import SITE_SERIES
from config.selectors import Selector

# An exporter's own families: a page read with another one's preset is not expected to have them.
_EXPORTERS: Mapping[str, str] = {"node_": "node_exporter", "windows_": "windows_exporter"}
# Exporters whose families have no label `device`, but for those that are about one by name.
_WITHOUT_DEVICE = ("windows_", "pve_", "vmware_")
_ABOUT_DEVICE = ("device", "gpu")

Declared = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one job may yield. ``declared``: the labels of all families that any check declares.

    ``elsewhere``: the families among them that only checks of another kind declare.
    """

    job: Job
    spec: CollectorSpec
    declared: Declared
    elsewhere: frozenset[str]

    @property
    def target(self) -> Mapping[str, str]:
        """The labels that each series of the target has."""
        return dict(self.job.target.labels)

    @property
    def is_page(self) -> bool:
        """Whether another exporter's page is read, whose families and labels are not declared."""
        return self.spec.may_yield is not None

    @property
    def takes_all(self) -> bool:
        """Whether all of a page is kept."""
        return self.is_page and not (self.option("preset") or self.option("allow"))

    def option(self, name: str) -> tuple[object, ...]:
        """Return a list among the parameters of a page that is read, e.g. ``preset``."""
        value: object = getattr(self.job.params, name, None) if self.is_page else None
        return cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()

    def lists(self, family: str) -> bool:
        """Whether the family is kept because ``allow`` says so, by more than `*`."""
        allowed = (str(one) for one in self.option("allow"))
        return any(one.strip("*?") and (fnmatchcase(family, one) or family.startswith(f"{one}_")) for one in allowed)

    def lists_beginning(self, head: str) -> bool:
        """Whether ``allow`` names a family that begins so."""
        return any(str(one).startswith(head) for one in self.option("allow"))

    @property
    def families(self) -> tuple[MetricFamily, ...]:
        """Return what the check declares; pings of a site bring its series, all others bring the rest."""
        of_site = self.job.key.subject.kind == "site"
        return tuple(family for family in self.spec.families if (family in SITE_SERIES) == of_site)

    def may_yield(self, selector: Selector) -> bool:
        """Whether the page may hold what is selected."""
        if self.spec.may_yield is None:
            return False
        if selector.family is not None:
            return self._expects(selector.family) and self.spec.may_yield(self.job.params, selector.family)
        return self._expects(selector.beginning) and self.spec.may_yield(self.job.params, f"{selector.beginning}*")

    def _expects(self, family: str) -> bool:
        """Whether the family is not another exporter's or check's, by the presets that the page is read with."""
        presets, exporter = self.option("preset"), exporter_of(family)
        if not presets or self.option("allow"):
            return True
        if exporter is None:
            return family not in self.elsewhere
        return exporter in presets or any(one.name.startswith(family) for one in self.spec.families)


@dataclass(frozen=True, slots=True)
class Source:
    """A job and a family of it that a selector may mean; ``family`` is None for one whose labels are unknown."""

    offer: Offer
    family: MetricFamily | None

    def declares(self, label: str, selector: Selector) -> bool:
        """Whether a label is declared to be the series' own, e.g. ``device`` for a disk or an interface."""
        if self.family is not None:
            return label in self.family.labels
        return label in self.offer.declared.get(selector.family or "", ())

    def own(self, label: str, selector: Selector) -> bool:
        """Whether a label of the target may be the series' own here. A page sets none but ``device``."""
        if self.family is not None or label != "device":
            return self.declares(label, selector)
        name = selector.family or ""
        if name in self.offer.declared:
            return self.declares(label, selector)
        return not name.startswith(_WITHOUT_DEVICE) or any(word in name for word in _ABOUT_DEVICE)

    def labels(self) -> tuple[str, ...] | None:
        """Return the names of all labels, or None where they are unknown."""
        return None if self.family is None else (*self.offer.target, *self.family.labels)


def make_offers(specs: Mapping[str, CollectorSpec], plan: Plan) -> Sequence[Offer]:
    """Return what each job may yield."""
    declared: dict[str, frozenset[str]] = {}
    for family in (family for spec in specs.values() for family in spec.families):
        declared[family.name] = declared.get(family.name, frozenset()).union(family.labels)
    elsewhere = {
        kind: frozenset(declared.keys() - {family.name for family in spec.families}) for kind, spec in specs.items()
    }
    return [Offer(job, specs[job.kind], declared, elsewhere[job.kind]) for job in plan.jobs]


def sources(selector: Selector, offers: Sequence[Offer]) -> Iterator[Source]:
    """Yield who may yield what; of the families of a kind that have the same labels one stands for all."""
    meant: dict[tuple[str, bool], tuple[MetricFamily, ...]] = {}
    for offer in offers:
        if offer.is_page:
            if offer.may_yield(selector):
                yield Source(offer, None)
            continue
        kind = offer.job.kind, offer.job.key.subject.kind == "site"
        if kind not in meant:
            wanted = (family for family in offer.families if selector.wants(family.name))
            meant[kind] = tuple({family.labels: family for family in wanted}.values())
        yield from (Source(offer, family) for family in meant[kind])


def exporter_of(family: str) -> str | None:
    """Return whose family it is by its name, or None where the name does not tell."""
    return next((name for prefix, name in _EXPORTERS.items() if family.startswith(prefix)), None)
