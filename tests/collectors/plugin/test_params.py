"""How a plug-in is written in the configuration, and what is said where it is written wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.app.loading import prepare, prepare_or_fail
from agent.contract import JobKey, Subject
from config.errors import ConfigError
from config.plugin import PluginParams
from config.schema import build_schema
from tests.collectors.plugin.lab import Bench, shell
from tests.harness.fakes import FakeWire

CANARY = "KANARIENVOGEL"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "secret").write_text(CANARY, encoding="utf-8")
    monkeypatch.setenv("PLUGIN_SECRET", CANARY)
    return tmp_path


def configure(folder: Path, section: str) -> Path:
    (folder / "ringwacht.yml").write_text(f"sites: {{a: {{}}}}\n{section}\n", encoding="utf-8")
    return folder


def problems(folder: Path, section: str) -> str:
    with pytest.raises(ConfigError) as caught:
        prepare(configure(folder, section))
    assert CANARY not in repr(caught.value.problems)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_service_and_a_device(folder: Path) -> None:
    program = shell(folder, "exit 0")
    command = f"[{program}, -H, 127.0.0.1, -p, 389, -w, 1.5, -x, {{file: secret}}]"
    plugin = f"{{command: {command}, environment: {{P: {{env: PLUGIN_SECRET}}}}}}"
    services = f"services: {{radius: {{plugin: {plugin}, site: a, interval: 30s}}}}"
    devices = f"devices: {{ldap: {{site: a, checks: [plugin], plugin: {plugin}}}}}"
    plan = prepare(configure(folder, f"{services}\n{devices}")).plan
    jobs = {job.key: job for job in plan.jobs}
    service, device = (
        jobs[JobKey(Subject("service", "radius"), "plugin")],
        jobs[JobKey(Subject("device", "ldap"), "plugin")],
    )
    assert service.params == device.params
    assert (service.interval_seconds, service.target.site, service.target.host) == (30, "a", None)
    params = service.params
    assert isinstance(params, PluginParams)
    assert params.command[:-1] == (program, "-H", "127.0.0.1", "-p", "389", "-w", "1.5", "-x")
    assert params.command[-1] == SecretStr(CANARY) == params.environment["P"]
    assert CANARY not in repr(plan) + params.model_dump_json() + repr(params.model_dump())


@pytest.mark.parametrize(
    ("plugin", "says"),
    [
        ("{}", "command: is missing"),
        ("{command: []}", "command: needs at least 1 (has 0)"),
        ("{command: [check_x]}", "command: 'check_x' is not an absolute path (e.g. /usr/lib/nagios/plugins/check_tcp)"),
        ("{command: check_tcp -p 389}", "command: must be a list"),
        ("{command: [{file: secret}]}", "command: the program cannot be a secret"),
        ("{command: [/x, true]}", 'command[1]: must be text or a secret (write "true" or {file: …})'),
        ("{command: [/x, [a]]}", "command[1]: must be text or a secret"),
        ("{command: [/x, {file: nowhere}]}", "command[1]: there is no file 'nowhere'"),
        ("{command: [/x, {inline: " + CANARY + "}]}", "command[1]: a secret is {file: …}"),
        ('{command: [/x, "a\\0"]}', "command[1]: holds a character that no argument can hold"),
        ("{command: [/x], environment: {1A: b}}", "environment.1A: does not match"),
        ("{command: [/x], environment: {A: {env: NOWHERE}}}", "environment.A: environment variable NOWHERE is not set"),
        ("{command: [/x], shell: true}", "shell: unknown key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(folder: Path, plugin: str, says: str) -> None:
    assert f"services.s.plugin.{says}" in problems(folder, f"services: {{s: {{plugin: {plugin}}}}}")
    assert f"devices.d.plugin.{says}" in problems(
        folder, f"devices: {{d: {{site: a, checks: [plugin], plugin: {plugin}}}}}"
    )


def test_a_service_has_one_way(folder: Path) -> None:
    said = problems(folder, "services: {s: {tcp: 'h:1', plugin: {command: [/x]}}}")
    assert "services.s: needs exactly one of" in said
    assert "plugin" in said


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ("services: {s: {plugin: {command: [/nowhere/check_it]}}}", "ringwacht.yml:2:34: services.s.plugin.command: "),
        (
            "devices: {d: {site: a, checks: [plugin], plugin: {command: [/nowhere/check_it]}}}",
            "ringwacht.yml:2:60: devices.d.plugin.command: ",
        ),
    ],
)
def test_a_missing_program_is_told_with_its_place(folder: Path, section: str, place: str) -> None:
    prepared, collectors = prepare_or_fail(configure(folder, section), FakeWire())
    assert len(collectors) == 1  # what is missing today must not keep the daemon from starting
    assert any(f"{place}there is no program '/nowhere/check_it'" in text for text in prepared.plan.warnings)


def test_a_program_that_has_come_makes_another_job(folder: Path) -> None:
    path = str(folder / "check_later")
    before = PluginParams(command=(path,))
    shell(folder, "exit 0", "check_later")
    after = PluginParams(command=(path,))
    assert before.refusal is not None
    assert after.refusal is None
    assert before != after


def test_the_schema_knows_both_places() -> None:
    schema: dict[str, Any] = build_schema({"plugin": PluginParams}, {})
    assert schema["$defs"]["Service"]["properties"]["plugin"]["anyOf"][0] == {"$ref": "#/$defs/PluginParams"}
    argument = schema["$defs"]["PluginParams"]["properties"]["command"]["items"]
    assert argument["title"] == "text or secret"
    assert [form["type"] for form in argument["anyOf"][:2]] == ["string", "number"]


async def test_no_secret_is_too_odd_to_be_passed_on(bench: Bench, tmp_path: Path) -> None:
    odd = "Ä$(id)'\"\\ *;|&\n…"
    (tmp_path / "odd").write_text(odd, encoding="utf-8")
    script = shell(tmp_path, f'[ "$1" = "$(cat {tmp_path}/odd)" ] && [ "$1" = "$P" ]')
    reference = {"file": str(tmp_path / "odd")}
    harvest = await bench.run(script, reference, environment={"P": reference})
    assert list(harvest.values) == [0.0]
