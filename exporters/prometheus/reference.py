"""docs/metrics.md: every family that the daemon can export, from the same declarations that the page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.contract import MetricFamily

_HEAD = """# Metrics

Generated from the declarations in the code; do not edit. Every series of a target also carries its own label (`device`,
`link`, `service` or `site`), `instance` (the same id, for boards made for the exporters) and `site`, unless the family
declares a label of that name. In OpenMetrics a counter whose inherited name lacks `_total` is typed `unknown`; the
names are the same in both formats.
"""


def render_reference(groups: Mapping[str, Iterable[MetricFamily]]) -> str:
    """Return the page as Markdown: one table a group, its title the key; a family declared twice is listed once."""
    parts = [_HEAD]
    listed: set[str] = set()
    for title, families in groups.items():
        fresh = {family.name: family for family in families if family.name not in listed}
        listed.update(fresh)
        if fresh:
            rows = "".join(_row(fresh[name]) for name in sorted(fresh))
            parts.append(f"\n## {title}\n\n| name | type | labels | meaning |\n|---|---|---|---|\n{rows}")
    return "".join(parts)


def _row(family: MetricFamily) -> str:
    labels = ", ".join(f"`{label}`" for label in family.labels)
    meaning = family.help.replace("|", r"\|").replace("\n", " ")
    return f"| `{family.name}` | {family.type} | {labels} | {meaning} |\n"
