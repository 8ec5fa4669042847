"""One alert for each rule that is in force, shipped or own. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.contract import Severity
from agent.layout import clean_text
from agent.risk.rule import Rule
from agent.risk.rules import RULES
from agent.risk.steps import meaning_of
from agent.risk.texts import MAX_QUOTE_BYTES, Language, Words
from agent.risk.threshold import Threshold, thresholds_of
from config.settings import Settings
from exporters.rules.expression import beside_ours, exceeded, finding
from exporters.rules.office import Office
from exporters.rules.parts import RESTART_SECONDS, AlertingRule
from exporters.rules.template import because, filled, literal, severity_label

_BECAUSE: Mapping[Language, str] = {"de": "wegen", "en": "because of"}


def about_findings(office: Office) -> Iterator[AlertingRule]:
    """Yield an alert for each shipped rule that only the daemon can judge; several where ``hold`` is by severity."""
    said = _BECAUSE[office.language]
    for rule in RULES.values():
        if rule.select is not None:
            continue
        for only, matchers, hold in _by_hold(office, rule):
            yield AlertingRule(
                rule.name,
                finding(rule.name, *matchers),
                office.labels(severity_label(only)),
                {
                    "summary": f"{{{{ $labels.subject }}}}: {rule.name}{because(said)}",
                    "description": literal(meaning_of(rule, office.language)),
                    **_norm(rule.norm),
                    **office.runbook(rule.name),
                },
                hold,
                RESTART_SECONDS,  # series of findings stand until the daemon has seen them good for `clear`
            )


def about_thresholds(office: Office) -> Iterator[AlertingRule]:
    """Yield an alert for each threshold, shipped or own, on the series themselves."""
    inventory, settings = office.inventory, office.settings
    polled = {*inventory.devices, *inventory.services, *inventory.links}
    for one in thresholds_of(inventory, settings):
        options = settings.alerting.rules.get(one.rule)
        severity = one.severity if options is None or options.severity is None else Severity(options.severity)
        expression = exceeded(one, polled)
        yield AlertingRule(
            one.rule,
            beside_ours(expression) if one.rule in inventory.rules else expression,
            office.labels(severity.value),
            {"summary": _summary(one, settings), **_norm(one.norm), **office.runbook(one.rule, one.runbook)},
            office.hold(one.rule, severity),
            office.policy.clear_of(one.rule),
        )


def _by_hold(office: Office, rule: Rule) -> Iterator[tuple[Severity | None, tuple[str, ...], float]]:
    """Yield severity, matchers and hold, the worst first; the last one takes all that is left, so that nothing is."""
    severities = rule.severities(office.settings.alerting.rules.get(rule.name))
    holds = {severity: office.hold(rule.name, severity) for severity in severities}
    *others, last = severities if len(set(holds.values())) > 1 else severities[-1:]
    for severity in others:
        yield severity, (f'severity="{severity.value}"',), holds[severity]
    yield None, tuple(f'severity!="{severity.value}"' for severity in others), holds[last]


def _norm(norm: str | None) -> dict[str, str]:
    return {} if norm is None else {"norm": literal(norm)}


def _summary(threshold: Threshold, settings: Settings) -> str:
    if threshold.text is not None:
        return filled(threshold.text)
    words = Words(settings.municipality.language)
    if threshold.comparison == "absent":
        select = clean_text(threshold.selector.text, MAX_QUOTE_BYTES)
        return literal(words.say("threshold_absent", rule=threshold.rule, select=select))
    span = threshold.comparison == "changed"
    bound = words.duration(threshold.bound) if span else words.figure(threshold.bound)
    return filled(words.say(f"threshold_{threshold.comparison}", rule=threshold.rule, value="{value}", bound=bound))
