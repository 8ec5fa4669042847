"""Which metrics of several modules count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.families import JUDGED
from collectors.snmp.modules.module import Metric, Module


def metrics_of(modules: Iterable[Module]) -> tuple[tuple[Metric, ...], tuple[str, ...]]:
    """Return the metrics of all modules, and what is told of those left out.

    Of one module the last with an OID counts, as in snmp_exporter; of all the first with a name and an OID. A name may
    stand for several OIDs; what makes a family of another type of it than the first is left out.
    """
    found: dict[tuple[str, str], Metric] = {}
    types: dict[str, str] = {}
    told: dict[str, None] = {}
    for module in modules:
        for metric in {metric.oid: metric for metric in module.metrics}.values():
            if contradiction := contradicts(metric, types):
                told[contradiction] = None
            else:
                found.setdefault((metric.name, metric.oid), metric)
    return tuple(found.values()), tuple(told)


def contradicts(metric: Metric, types: dict[str, str]) -> str:
    """Return what is wrong where a family of this metric has another type in ``types``; else enter its families."""
    for family in metric.families:
        if types.get(family.name, family.type) != family.type:
            return f"{family.name}: both {types[family.name]} and {family.type}"
    types.update((family.name, family.type) for family in metric.families)
    return ""


def judged_first(metrics: Sequence[Metric]) -> list[Metric]:
    """Return the metrics in the order in which they are kept where a device has more than its share."""
    ranks = {name: rank for rank, name in enumerate(JUDGED)}
    return sorted(metrics, key=lambda metric: ranks.get(metric.name, len(JUDGED)))
