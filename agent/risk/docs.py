"""docs/alerts.md, generated from the rules: ``make docs`` writes it, a test compares it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from agent.risk.rule import Rule
from agent.risk.rules import RULES
from config.rules import RuleOptions
from config.units import DAY

_HEAD = """\
# Alerts

<!-- Generated from agent/risk/catalogue/ by `make docs`; change it there. -->

Ringwacht judges what it polls. What it finds is identified by a rule and a subject (`link_down`, `link:rf-kh-wad`),
never by a value: a warmer room is still the same alert.

- **pending**: the finding stands, but not yet for `hold`. Nobody is told.
- **firing**: it stood for `hold`. Receivers are told by the first of `alerting.routes` that matches; again if it gets
  worse; again after `repeat`, until somebody acknowledges.
- **resolved**: it was good for `clear`. Whoever was told of the beginning is told of the end. It stays listed for
  15 minutes; if it comes back, that is a new episode with a new id.

**Unknown is never healthy.** What cannot be judged because its data is missing neither opens nor resolves an alert, and
time without data does not count towards `clear`.

`hold`, `clear` and `severity` can be set for each rule under `alerting.rules`; a severity set there replaces the rule's
own in every case. Without it, `hold` follows the severity (`alerting.hold`: critical 30 s, warning 2 min, info 10 min)
and `clear` is `alerting.clear` (2 min).

A finding that matches `alerting.accept` is listed and not told until its day is over. During `maintenance` what matches
is not told; what still stands at its end is.

What has been decided is written to disk before it is delivered, and delivery is tried until the receiver accepts or
refuses for good (then its `fallback` is told). A receiver may hear the same message twice, never not at all.

## Own rules

Thresholds of your own stand under `rules:` and are judged in the same way, on any family that is collected:
[own rules](rules.md). Their alerts bear the rule's name and are held, cleared, routed, accepted and muted like those of
the shipped rules. A shipped rule with a line "Series" below is such a threshold: `alerting.rules.<name>` changes its
bound, `hold`, `clear` and `severity`.

## Shipped rules

| Rule | Severity | Hold | Norm |
|---|---|---|---|
"""


def render() -> str:
    """Return the text of docs/alerts.md."""
    rows = "".join(
        f"| [{rule.name}](#{rule.name}) | {rule.severity} | {_hold(rule)} | {rule.norm or ''} |\n"
        for rule in RULES.values()
    )
    return f"{_HEAD}{rows}{''.join(map(_section, RULES.values()))}"


def _section(rule: Rule) -> str:
    parts = [f"\n## {rule.name}\n", rule.meaning, "", f"- Severity: {rule.severity}.", f"- Hold: {_hold(rule)}."]
    if rule.clear is not None:
        parts.append(f"- Clear: {_seconds(rule.clear)}.")
    if rule.norm:
        parts.append(f"- Norm: {rule.norm}.")
    if rule.select is not None:
        parts.append(f"- Series: `{rule.select}`.")
    parts.extend(_options(rule))
    parts.append("\nWhat to do:\n")
    parts.extend(f"{number}. {step}" for number, step in enumerate(rule.runbook, start=1))
    return "\n".join(parts) + "\n"


def _options(rule: Rule) -> Iterator[str]:
    """One line for each option beyond those that every rule has."""
    for name, field in rule.options.model_fields.items():
        if name not in RuleOptions.model_fields:
            yield f"- Option `{name}` (default {spelled(field, float(field.default))}): {field.description}"


def spelled(field: FieldInfo, value: float) -> str:
    """Return an option's value as it is written in the configuration: ``15m`` in seconds, a share in percent."""
    units = {str((one.json_schema or {}).get("title")) for one in field.metadata if isinstance(one, WithJsonSchema)}
    if "duration" in units:
        return _seconds(value)
    return f"{value * 100:.0f}%" if "share" in units else f"{value:g}"


def _hold(rule: Rule) -> str:
    return "by severity" if rule.hold is None else _seconds(rule.hold)


def _seconds(seconds: float) -> str:
    if seconds >= DAY and seconds % DAY == 0:
        return f"{seconds / DAY:.0f}d"
    return f"{seconds:g}s"
