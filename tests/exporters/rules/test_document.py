"""The rule file: all rules that are in force, with their names, times, severities and pages."""

from __future__ import annotations

import re
from typing import Any

import promql_parser
import pytest

from agent import families, figures
from agent.alerts.lifecycle import Policy
from agent.contract import MetricFamily
from agent.risk.rules import RULES
from agent.risk.steps import meaning_of
from collectors.registry import make_specs
from config.rules import RESERVED
from config.settings import Settings
from exporters.rules.recording import RECORDED
from tests.exporters.rules.rulebook import alerts, entries, own, rule_text


def of(name: str, **alerting: Any) -> list[dict[str, Any]]:
    return alerts(rule_text({"alerting": alerting}), name)


def test_every_shipped_rule_is_an_alert_of_its_name() -> None:
    assert {rule["alert"] for rule in entries(rule_text()) if "alert" in rule} == {*RULES, *RESERVED}


def test_the_same_configuration_gives_the_same_file() -> None:
    assert rule_text(mine={"select": "x", "above": 1}) == rule_text(mine={"select": "x", "above": 1})


def test_what_only_the_daemon_can_judge_is_asked_of_its_findings() -> None:
    (found,) = of("link_down")
    assert found["expr"] == 'max without (instance, job, rule) (ringwacht_finding{rule="link_down", leads!="waits"})'
    assert found["for"] == "2s"
    assert found["labels"]["severity"] == "{{ $labels.severity }}"
    assert "leads" not in found["labels"], "the daemon knows it"


def test_a_hold_that_follows_the_severity_is_one_alert_for_each() -> None:
    critical, other = of("device_unreachable")
    assert 'severity="critical"' in critical["expr"]
    assert 'severity!="critical"' in other["expr"]
    assert (critical["for"], other["for"]) == ("30s", "2m")
    assert critical["labels"]["severity"] == "critical"


def test_equal_holds_are_one_alert() -> None:
    (found,) = of("device_unreachable", hold={"critical": "2m", "warning": "2m"})
    assert "severity" not in found["expr"]


def test_a_shipped_rule_is_described_in_the_language_of_the_municipality() -> None:
    for language in ("de", "en"):
        text = rule_text({"municipality": {"language": language}})
        assert {
            rule["annotations"]["description"] for name in ("leak", "link_down") for rule in alerts(text, name)
        } == {meaning_of(RULES[name], language) for name in ("leak", "link_down")}
        (down,) = alerts(text, "RingwachtDown")
        assert ("Prometheus cannot read" in down["annotations"]["summary"]) == (language == "en")


def test_a_given_severity_and_hold_are_in_force() -> None:
    rules = {"device_unreachable": {"severity": "info"}, "link_down": {"hold": "1m"}, "leak": {"hold": "0s"}}
    (device,), (link,), (leak,) = (of(name, rules=rules) for name in rules)
    assert (device["for"], link["for"], leak.get("for")) == ("10m", "1m", None)


def test_a_shipped_threshold_is_on_the_series_with_its_bound() -> None:
    (found,) = of("site_loss", rules={"site_loss": {"above": 0.2, "severity": "critical", "clear": "5m"}})
    assert found["expr"] == "ringwacht_site_loss_ratio > 0.2"
    assert (found["for"], found["keep_firing_for"]) == ("5m", "5m")
    assert found["labels"]["severity"] == "critical"


def test_an_own_rule_has_its_text_times_and_severity() -> None:
    found = own(select="jobs", above=5, hold="15m", clear="1m", severity="info", text="{device}: {value} {{x}}")
    assert (found["for"], found["keep_firing_for"], found["labels"]["severity"]) == ("15m", "1m", "info")
    assert found["annotations"]["summary"] == ('{{ $labels.device }}: {{ printf "%.6g" $value }} {{ "{" }}x}')


def test_what_changed_is_told_at_once() -> None:
    assert "for" not in own(select="version", changed="2h")


@pytest.mark.parametrize(
    ("keys", "summary"),
    [
        ({"select": "jobs", "above": 5}, 'mine: {{ printf "%.6g" $value }} (limit 5)'),
        ({"select": "jobs", "below": 5}, 'mine: {{ printf "%.6g" $value }} (at least 5)'),
        ({"select": "a", "changed": "2h"}, 'mine: now {{ printf "%.6g" $value }}, changed in the last 2 h'),
        ({"select": 'a{b="{{c}}"}', "absent": True}, 'mine: a{{ "{" }}b="{{ "{" }}{{ "{" }}c}}"} is absent'),
    ],
)
def test_an_own_rule_without_a_text_says_rule_value_and_bound(keys: dict[str, Any], summary: str) -> None:
    assert own(settings={"municipality": {"language": "en"}}, **keys)["annotations"]["summary"] == summary


@pytest.mark.parametrize(
    ("runbook", "annotation"),
    [
        ("https://wiki.example/{{x}}", {"runbook_url": 'https://wiki.example/{{ "{" }}{{ "{" }}x}}'}),
        ("javascript:alert(1)", {"runbook": "javascript:alert(1)"}),
        (None, {"runbook_url": "https://county.example/watch/runbooks/mine"}),
    ],
)
def test_the_runbook_is_a_page_or_words(runbook: str | None, annotation: dict[str, str]) -> None:
    settings = {"web": {"external_url": "https://county.example/watch/"}}
    keys = {} if runbook is None else {"runbook": runbook}
    found = own(settings=settings, select="x", above=1, **keys)["annotations"]
    assert annotation.items() <= found.items()


def test_without_an_external_url_the_page_is_where_the_daemon_listens() -> None:
    (found,) = of("leak")
    assert found["annotations"]["runbook_url"] == "http://127.0.0.1:9595/runbooks/leak"


@pytest.mark.parametrize(
    ("listen", "page"), [("0.0.0.0:9595", None), ("[::]:9595", None), ("10.0.0.1:80", "10.0.0.1:80")]
)
def test_an_address_that_is_none_to_call_is_not_given(listen: str, page: str | None) -> None:
    (found,) = alerts(rule_text({"web": {"listen": listen, "token": {"file": __file__}}}), "leak")
    assert found["annotations"].get("runbook_url") == (None if page is None else f"http://{page}/runbooks/leak")


def test_every_alert_says_whose_it_is() -> None:
    text = rule_text({"municipality": {"id": "kreis"}})
    assert {rule["labels"]["municipality"] for rule in entries(text) if "alert" in rule} == {"kreis"}


def test_every_expression_is_promql() -> None:
    for rule in entries(rule_text()):
        promql_parser.parse(rule["expr"])


def test_recorded_series_are_made_of_declared_families_and_named_as_the_convention_has_it() -> None:
    declared = {family.name for spec in make_specs() for family in spec.families}
    for module in (families, figures):
        declared |= {value.name for value in vars(module).values() if isinstance(value, MetricFamily)}
    for rule in RECORDED:
        assert re.fullmatch(r"[a-z_]+:[a-z0-9_]+:[a-z0-9_]+", rule.name)
        unquoted = re.sub(r'"[^"]*"', "", rule.expression)
        names = re.findall(r"\b(?:node|if[A-Z]|ringwacht|probe)\w+(?=[{\[ )]|$)", unquoted)
        used = {name for name in names if name not in {"ifName", "ifAlias"}}
        assert used <= declared | {one.name.split(":")[1] for one in RECORDED}, rule.name


def test_times_are_those_of_the_lifecycle() -> None:
    policy = Policy.of(Settings(), {})
    for name in ("unit_failed", "site_latency"):
        (found,) = of(name)
        assert found["keep_firing_for"] == f"{policy.clear_of(name) / 60:g}m"
