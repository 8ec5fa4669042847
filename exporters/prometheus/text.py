"""How the two text formats spell names, labels, values and declarations.

Sources: Prometheus text format 0.0.4 (docs/instrumenting/exposition_formats), OpenMetrics 1.0.0 (sections 4 and 5).
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Sequence

from pydantic_core import PydanticSerializationError, to_json

from agent.contract import MetricFamily

_METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL_NAME = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_LABEL_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\0": "\ufffd"})
_HELP_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n"})
_TYPES_0_0_4 = {"info": "gauge", "stateset": "gauge", "unknown": "untyped"}


def is_metric_name(name: str) -> bool:
    """Whether both formats accept the name of a family."""
    return _METRIC_NAME.fullmatch(name) is not None


def are_label_names(names: Sequence[str]) -> bool:
    """Whether both formats accept these label names together; names in ``__`` are Prometheus' own."""
    return len(set(names)) == len(names) and all(_LABEL_NAME.fullmatch(name) for name in names)


def label_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Return ``a="b",c="d"``, escaped and encodable."""
    return ",".join([f'{name}="{_escape(value)}"' for name, value in pairs])


def _escape(value: str) -> str:
    if value.isascii() and value.isprintable() and "\\" not in value and '"' not in value:
        return value
    # A lone surrogate has no UTF-8; replaced here, so that two values that become one are seen as duplicates.
    return value.translate(_LABEL_ESCAPES).encode("utf-8", "replace").decode()


def braced(text: str) -> str:
    """Return the label text in braces, or nothing where there are no labels."""
    return f"{{{text}}}" if text else ""


def spell(values: Sequence[float]) -> tuple[str, ...]:
    """Spell many values at once: integers exactly, floats in the fewest digits that give the same float."""
    try:
        # pydantic's JSON writer spells floats ten times faster than repr. What it quotes or calls by a word (`true`,
        # `null`, `NaN`, `Infinity`) is no plain number: then each value is spelled by itself.
        text = to_json(values).decode()
    except PydanticSerializationError:
        return tuple(map(spell_one, values))
    if "a" in text or "u" in text or "t" in text or '"' in text:
        return tuple(map(spell_one, values))
    return tuple(text[1:-1].split(","))


def spell_one(value: object) -> str:
    """Spell one value; what is no number at all is ``NaN``, for unknown."""
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return repr(value) if math.isfinite(value) else "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if isinstance(value, int) else "NaN"


def declaration(family: MetricFamily, names: Container[str], openmetrics: bool) -> str:
    """Return the HELP and TYPE lines of a family. ``names`` are all families of the page.

    OpenMetrics declares a counter without the ``_total`` and an info without the ``_info`` that its samples carry.
    Where that is not possible, because the inherited name lacks the suffix or another family has the shorter name,
    a counter is ``unknown`` and an info a ``gauge`` there: names never differ between the formats.
    """
    help_text = family.help.translate(_HELP_ESCAPES).replace("\0", "\ufffd")
    name, kind = family.name, _TYPES_0_0_4.get(family.type, family.type)
    if openmetrics:
        help_text = help_text.replace('"', r"\"")
        name, kind = _declared_openmetrics(family, names)
    return f"# HELP {name} {help_text}\n# TYPE {name} {kind}\n"


def _declared_openmetrics(family: MetricFamily, names: Container[str]) -> tuple[str, str]:
    suffix = {"counter": "_total", "info": "_info"}.get(family.type)
    if suffix is not None:
        short = family.name.removesuffix(suffix)
        if short not in {family.name, ""} and short not in names:
            return short, family.type
        return family.name, "unknown" if family.type == "counter" else "gauge"
    if family.type == "stateset" and family.name not in family.labels:
        return family.name, "gauge"
    return family.name, family.type
