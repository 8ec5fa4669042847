"""PromQL for what a rule finds: the series themselves where it is a plain threshold. Pure."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Container

from agent.families import FINDING, UP
from agent.risk.threshold import Threshold
from config.selectors import Matcher, Selector

# By these labels a selector names what is polled.
_NAMING = ("device", "service", "link", "instance")
# Two families may differ in nothing but their names, which an alert does not keep; a label `family` of their own stays.
_FAMILY = 'label_replace({of}, "family", "$1", "__name__", "(.+)")'
# An alert's own labels replace those of its series, which would then be one and the same to Prometheus.
_REPLACED = ("severity", "municipality", "alertname")
_LONGEST_STEP_SECONDS = 60.0  # at which several families are looked at over a span
# Four scrapes at the interval that we ask for: of a single value nobody can tell whether it changed.
SHORTEST_SPAN_SECONDS = 60.0


def finding(rule: str, *matchers: str) -> str:
    """Return the findings of a rule, of whichever daemon they are: who judges is no part of what is found.

    What another alert may yet speak for waits, as it does in our own lifecycle.
    """
    selected = ", ".join((f'rule="{rule}"', 'leads!="waits"', *matchers))
    return f"max without (instance, job, rule) ({FINDING.name}{{{selected}}})"


def exceeded(threshold: Threshold, polled: Container[str]) -> str:
    """Return an expression that yields each series that breaks the threshold; ``polled``: ids of what is polled."""
    series = written(threshold.selector)
    if threshold.comparison == "absent":
        return _absent(threshold.selector, series, polled)
    if threshold.comparison == "changed":
        return _changed(threshold.selector, series, threshold.bound)
    operator = ">" if threshold.comparison == "above" else "<"
    return f"{_told_apart(threshold.selector, series)} {operator} {number(threshold.bound)}"


def beside_ours(expression: str) -> str:
    """Return the series with copies of the labels that every alert has as well: Prometheus' own ``exported_…``."""
    return functools.reduce(_exported, _REPLACED, expression)


def written(selector: Selector) -> str:
    """Return a selector anew from its parts; what else stood in its text, a comment, would swallow what follows."""
    families, labels = selector.families, selector.labels
    name = ""
    if len(families) == 1 and families[0].operator == "=":
        name, families = families[0].value, ()
    inside = ", ".join(map(_matcher, (*families, *labels)))
    return f"{name}{{{inside}}}" if inside else name


def number(value: float) -> str:
    """Return a number as PromQL has it."""
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def duration(seconds: float) -> str:
    """Return a duration as Prometheus has it: ``1d``, ``1m30s``, ``500ms``."""
    rest = round(seconds * 1000)
    text = ""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def _matcher(one: Matcher) -> str:
    """Return a matcher; JSON's escapes are a part of Go's."""
    return f"{one.name}{one.operator}{json.dumps(one.value, ensure_ascii=False)}"


def _told_apart(selector: Selector, series: str) -> str:
    """Return them with the label ``family`` where there may be several."""
    return series if selector.family is not None else _FAMILY.format(of=_exported(series, "family"))


def _exported(series: str, label: str) -> str:
    return f'label_replace({series}, "exported_{label}", "$1", "{label}", "(.+)")'


def _absent(selector: Selector, series: str, polled: Container[str]) -> str:
    """Nothing is known to be missing while who should show it is silent, or nobody says that it answers."""
    named = next((name for label in _NAMING if (name := selector.named(label)) is not None and name in polled), None)
    of = UP.name if named is None else f"{UP.name}{{instance={json.dumps(named)}}}"
    return f"absent({series}) and on () (min({of}) == 1)"


def _changed(selector: Selector, series: str, span: float) -> str:
    """Changed values, and series that are new where their subject showed others before; as they are now.

    A value that is missing (NaN) is none, and who was away for less than the span is not new.
    """
    span = max(span, SHORTEST_SPAN_SECONDS)
    over, step = duration(span), duration(min(span / 4, _LONGEST_STEP_SECONDS))
    present = _told_apart(selector, series)
    past = _told_apart(selector, f"last_over_time({series}[{over}] offset {over})")
    history = f"{series}[{over}]" if present == series else f"{present}[{over}:{step}]"
    moved = f"max_over_time({history}) != min_over_time({history})"
    return f"{present} and ({moved}) or ({present} unless {past}) and on (instance) ({past})"
