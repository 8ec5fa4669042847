"""The rule file and the example of an Alertmanager in real hands: promtool, amtool, both servers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import config
from agent.app.rulefile import rule_file, write_rule_file
from agent.risk.rules import RULE_OPTIONS
from collectors.registry import make_specs
from config.loader import Loaded, load
from tests.exporters.rules.promtool import Case, promtool_finds, run, states
from tests.exporters.rules.rulebook import alerts, rule_text
from tests.harness.alertmanager import Alertmanager, alertmanager
from tests.harness.process import free_port, wait_until, write_yaml
from tests.harness.prometheus import prometheus, scrape_job

pytestmark = pytest.mark.integration

EXAMPLES = Path(config.__file__).parent / "examples"
CONFIGURATION = EXAMPLES / "alertmanager.yml"
CUT = {"subject": "link:rf-1", "severity": "warning", "site": "a", "cause": "link:rf-1", "leads": "true"}
LOST = {**CUT, "subject": "site:a", "leads": "false"}


def loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    return load(EXAMPLES / name, {spec.kind: spec.params for spec in make_specs()}, RULE_OPTIONS)


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> str:
    return rule_file(loaded("reference", monkeypatch))


def finding(rule: str, labels: Mapping[str, str]) -> str:
    pairs = {"rule": rule, **labels, "instance": "127.0.0.1:9595", "job": "ringwacht"}
    return "ringwacht_finding{" + ",".join(f'{name}="{value}"' for name, value in pairs.items()) + "}"


@pytest.mark.parametrize("name", ["reference", "town", "smallest", "host-agent"])
def test_promtool_takes_the_file_of_every_example(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rule_file(loaded(name, monkeypatch), tmp_path / "ringwacht.rules.yml")
    run("promtool", "check", "rules", "--lint-fatal", tmp_path / "ringwacht.rules.yml")


HOSTILE: dict[str, dict[str, Any]] = {
    "braces": {"select": 'x{a="{{ $labels }}"}', "above": 1, "text": "{{{{ {a} }} {value} {{ .Foo }}"},
    "quotes": {"select": 'x{a="\\"\\\\ \\n"}', "absent": True, "runbook": '{{ template "no" }}: "why"\'s'},
    "several": {"select": '{__name__=~"y.*"} # {{', "changed": "1h", "text": "- {a}: {{"},
}


def test_promtool_takes_own_rules_whatever_stands_in_them(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(rule_text(None, **HOSTILE), encoding="utf-8")
    run("promtool", "check", "rules", "--lint-fatal", tmp_path / "rules.yml")


# --- what alerts do over time, told by promtool ----------------------------------------------------------------------


def state(state: str, subject: str, severity: str, cause: str) -> str:
    leads = str(subject == cause).lower()
    return f'{{alertstate="{state}",subject="{subject}",severity="{severity}",cause="{cause}",leads="{leads}"}}'


DEVICE, LINK, SITE = "device:a", "link:rf-1", "site:a"
BEHIND = {"subject": DEVICE, "severity": "critical", "site": "a", "cause": SITE, "leads": "false"}
ALONE = {"subject": DEVICE, "severity": "warning", "site": "a", "cause": DEVICE, "leads": "true"}
JOBS = 'windows_printqueue_jobs{device="srv-fach-1",instance="srv-fach-1"}'
FULL = '{alertstate="%s",severity="warning"}'
FREE, SIZE = (f'node_filesystem_{name}_bytes{{instance="a",mountpoint="/"}}' for name in ("avail", "size"))

OF_THE_REFERENCE = {
    "a finding is pending, fires after its hold, and is kept for a restart of the daemon": Case(
        {finding("link_down", CUT): "1x12 stale"},
        states("link_down"),
        {
            "0s": [state("pending", LINK, "warning", LINK)],
            "5s": [state("firing", LINK, "warning", LINK)],
            "180s": [state("firing", LINK, "warning", LINK)],
            "190s": [],
        },
    ),
    "what follows from another names its cause and does not lead": Case(
        {finding("device_unreachable", BEHIND): "1x100"},
        states("device_unreachable"),
        {"25s": [state("pending", DEVICE, "critical", SITE)], "30s": [state("firing", DEVICE, "critical", SITE)]},
    ),
    "what waits for another to be decided is nobody's business": Case(
        {finding("device_unreachable", {**BEHIND, "leads": "waits"}): "1x100"}, states("device_unreachable"), {"5m": []}
    ),
    "a finding that becomes worse has the hold of the worse one, and leaves no gap": Case(
        {
            finding("device_unreachable", ALONE): "1x30 stale",
            finding("device_unreachable", {**ALONE, "severity": "critical"}): "_x31 1x100",
        },
        states("device_unreachable"),
        {
            "115s": [state("pending", DEVICE, "warning", DEVICE)],
            "120s": [state("firing", DEVICE, "warning", DEVICE)],
            "155s": [state("firing", DEVICE, "warning", DEVICE), state("pending", DEVICE, "critical", DEVICE)],
            "185s": [state("firing", DEVICE, "warning", DEVICE), state("firing", DEVICE, "critical", DEVICE)],
            "280s": [state("firing", DEVICE, "critical", DEVICE)],
        },
    ),
    "an own rule fires after its hold and ends when it was good for so long": Case(
        {JOBS: "250x200 10x100"},
        states("druckwarteschlange"),
        {"0s": [FULL % "pending"], "15m": [FULL % "firing"], "18m": [FULL % "firing"], "19m": []},
    ),
    "the watchdog always fires": Case({}, states("Watchdog"), {"0s": ['{alertstate="firing",severity="none"}']}),
    "a daemon that cannot be read is told once": Case(
        {'up{job="ringwacht",instance="x"}': "0x100"},
        states("RingwachtDown"),
        {"1m": ['{alertstate="pending",severity="critical"}'], "2m": ['{alertstate="firing",severity="critical"}']},
    ),
    "a daemon that is not even scraped is missed": Case(
        {}, states("RingwachtDown"), {"2m": ['{alertstate="firing",severity="critical"}']}
    ),
    "a daemon that answers is not missed": Case(
        {'up{job="ringwacht",instance="x"}': "1x100", "ringwacht_build_info": "1x100"},
        states("RingwachtDown"),
        {"5m": []},
    ),
    "a daemon that judges no more is told": Case(
        {"ringwacht_last_judgement_timestamp_seconds": "0x100", "ringwacht_build_info": "1x100"},
        states("RingwachtNotJudging"),
        {
            "5m": [],
            "305s": ['{alertstate="pending",severity="critical"}'],
            "7m": ['{alertstate="firing",severity="critical"}'],
        },
    ),
    "a daemon that never judged is told": Case(
        {'ringwacht_build_info{instance="x",version="1"}': "1x100"},
        states("RingwachtNotJudging"),
        {"0s": ['{alertstate="pending",severity="critical"}'], "1m": ['{alertstate="firing",severity="critical"}']},
    ),
    "a job that reports by itself works while its last end was good and it is not late": Case(
        {
            **{
                f'ringwacht_up{{service="{name}",check="heartbeat"}}': "1x20" for name in ("good", "bad", "late", "new")
            },
            **{f'ringwacht_heartbeat_succeeded{{service="{name}"}}': "1x20" for name in ("good", "late")},
            'ringwacht_heartbeat_succeeded{service="bad"}': "0x20",
            finding("heartbeat_missing", {"subject": "service:late", "leads": "true"}): "1x20",
        },
        'count_values by (service) ("works", service:ringwacht_works:min)',
        {"10s": ['{service="good",works="1"}', '{service="bad",works="0"}', '{service="late",works="0"}']},
    ),
    "what boards ask for is recorded": Case(
        {FREE: "20x10", SIZE: "20x10"},
        "1 + instance_mountpoint:node_filesystem_used:ratio",
        {"10s": ['{instance="a",mountpoint="/"}']},
    ),
}


@pytest.mark.parametrize("case", OF_THE_REFERENCE.values(), ids=OF_THE_REFERENCE)
def test_the_alerts_of_the_reference(case: Case, tmp_path: Path, reference: str) -> None:
    promtool_finds(case, reference, tmp_path)


@pytest.mark.parametrize(
    ("cause", "summary"),
    [(DEVICE, "device:a: leak"), (SITE, "device:a: leak, because of site:a")],
    ids=["own", "other"],
)
def test_an_alert_says_what_where_and_why(cause: str, summary: str, tmp_path: Path) -> None:
    settings = {"municipality": {"id": "kreis", "language": "en"}}
    (tmp_path / "rules.yml").write_text(rule_text(settings), encoding="utf-8")
    (rule,) = alerts(rule_text(settings), "leak")
    leads = str(cause == DEVICE).lower()
    labels = {"subject": DEVICE, "severity": "critical", "cause": cause, "site": "a", "leads": leads}
    expected = {
        "exp_labels": {**labels, "municipality": "kreis"},
        "exp_annotations": {**rule["annotations"], "summary": summary},
    }
    test = {
        "interval": "5s",
        "input_series": [{"series": finding("leak", labels), "values": "1x10"}],
        "alert_rule_test": [{"eval_time": "5s", "alertname": "leak", "exp_alerts": [expected]}],
    }
    run("promtool", "test", "rules", write_yaml(tmp_path / "test.yml", {"rule_files": ["rules.yml"], "tests": [test]}))


# --- the example of an Alertmanager -----------------------------------------------------------------------------------


def test_amtool_takes_the_example() -> None:
    run("amtool", "check-config", CONFIGURATION)


@asynccontextmanager
async def exposed(page: list[str]) -> AsyncGenerator[str]:
    """A page of series; returns host and port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="".join(f"{line}\n" for line in page))

    application = web.Application()
    application.router.add_get("/metrics", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def wait_for_state(server: Alertmanager, alert: str, state: str) -> None:
    async def as_wanted() -> bool:
        found = [one for one in await server.alerts() if one["labels"]["alertname"] == alert]
        return [one["status"]["state"] for one in found] == [state]

    await wait_until(as_wanted, f"{alert} {state}")


async def test_what_follows_is_inhibited_while_its_cause_fires_and_comes_through_when_that_ends(
    tmp_path: Path, reference: str
) -> None:
    rules = reference.replace("interval: 15s", "interval: 1s")
    rules = rules.replace("keep_firing_for: 2m", "keep_firing_for: 1s").replace("for: 5s", "for: 0s")
    (tmp_path / "rules.yml").write_text(rules, encoding="utf-8")
    leads, follows = f"{finding('link_down', CUT)} 1", f"{finding('redundancy_lost', LOST)} 1"
    page = [leads, follows]
    async with exposed(page) as target, alertmanager(tmp_path / "am", config=CONFIGURATION) as server:
        to = {"alertmanagers": [{"static_configs": [{"targets": [server.url.removeprefix("http://")]}]}]}
        jobs = [scrape_job("ringwacht", target)]
        files = [str(tmp_path / "rules.yml")]
        async with prometheus(tmp_path / "prometheus", jobs, rule_files=files, alerting=to):
            await wait_for_state(server, "link_down", "active")
            await wait_for_state(server, "redundancy_lost", "suppressed")
            await wait_for_state(server, "Watchdog", "active")
            page.remove(leads)
            await wait_for_state(server, "redundancy_lost", "active")
