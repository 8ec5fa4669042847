"""What one sample line says: labels by prometheus-client's parser, and the family that it belongs to. Pure.

Labels are written alike in both formats, so that one of the client's two parsers reads both. Its OpenMetrics parser
would refuse a whole page for the values of one family (a histogram caught between two observations, time stamps on some
series of a group only), which Prometheus takes.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from agent.contract import MetricType
from agent.layout import clean_text
from collectors.scrape.lines import Declaration
from collectors.scrape.names import MAX_NAME, exported_name, is_label_name

MAX_LABELS = 64

Labels = tuple[tuple[str, str], ...]

# What a sample whose name is a declared family's own is exported as; anything else on a page is `unknown`.
_OWN_TYPES: Mapping[str, MetricType] = {
    "counter": "counter",
    "gauge": "gauge",
    "info": "gauge",
    "stateset": "gauge",
    "summary": "gauge",
}
# The parts of a declared family that are families of their own here.
_PART_TYPES: Mapping[tuple[str, str], MetricType] = {
    ("counter", "_total"): "counter",
    ("info", "_info"): "gauge",
    ("histogram", "_bucket"): "unknown",
    ("histogram", "_count"): "counter",
    ("histogram", "_sum"): "unknown",
    ("summary", "_count"): "counter",
    ("summary", "_sum"): "unknown",
    ("gaugehistogram", "_bucket"): "unknown",
    ("gaugehistogram", "_gcount"): "gauge",
    ("gaugehistogram", "_gsum"): "gauge",
}
_CREATED = "_created"
_HAS_CREATED = frozenset({"counter", "histogram", "summary"})


def read_labels(name: str, prefix: str, *, ours: bool = False) -> Labels | None:
    """Return the labels of a sample as they will be exported, sorted; None where they cannot be.

    Values are clean and bounded; empty ones are left out, which means the same; names of the target's own labels are
    renamed as Prometheus does it, ``device`` only in a family of ``ours``.
    """
    if len(name) > MAX_NAME:
        return None
    try:
        (metric,) = text_string_to_metric_families(f"{prefix}0")
    except ValueError:
        return None
    raw = metric.samples[0].labels
    if len(raw) > MAX_LABELS or not all(map(is_label_name, raw)):
        return None
    kept = ((exported_name(label, raw, ours=ours), clean_text(value)) for label, value in raw.items() if value)
    return tuple(sorted(kept))


def is_created(name: str, declared: Mapping[str, Declaration]) -> bool:
    """Whether the sample only says since when another one counts."""
    base = name.removesuffix(_CREATED)
    if base == name:
        return False
    types = (declared[one].type for one in (base, f"{base}_total") if one in declared)
    return any(one in _HAS_CREATED for one in types)


def describe(name: str, declared: Mapping[str, Declaration]) -> tuple[MetricType, str]:
    """Return type and help of the family of a sample."""
    own = declared.get(name)
    if own is not None:
        return _OWN_TYPES.get(own.type, "unknown"), own.help
    for (kind, suffix), type_ in _PART_TYPES.items():
        base = declared.get(name.removesuffix(suffix)) if name.endswith(suffix) else None
        if base is not None and base.type == kind:
            return type_, base.help
    return "unknown", ""
