"""The units in packaging/ as systemd-analyze sees them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from agent.app.loading import prepare
from tests.harness.sandbox import directives

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "packaging"
OPERATING = ROOT / "docs/operating.md"
MOST_EXPOSED = {"ringwacht.service": 2.0, "ringwacht-host.service": 2.5}
COMMAND = "/opt/ringwacht/.venv/bin/ringwacht"


def analyze(*arguments: str) -> str:
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def exposure(unit: Path) -> float:
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", analyze("security", "--offline=true", str(unit)))
    assert found is not None
    return float(found[1])


def test_every_unit_has_a_limit() -> None:
    assert {unit.name for unit in UNITS.glob("*.service")} == MOST_EXPOSED.keys()


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_exposure_is_at_most_what_the_manual_says(name: str) -> None:
    assert exposure(UNITS / name) <= MOST_EXPOSED[name]
    assert f"| `{name}` | {MOST_EXPOSED[name]} |" in OPERATING.read_text(encoding="utf-8")


def test_an_open_unit_would_be_noticed(tmp_path: Path) -> None:
    unit = tmp_path / "open.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    assert exposure(unit) > 9


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_systemd_has_no_remark(name: str, tmp_path: Path) -> None:
    text = (UNITS / name).read_text(encoding="utf-8")
    assert text.count(COMMAND) == 1
    unit = tmp_path / name
    unit.write_text(text.replace(COMMAND, "/bin/true"), encoding="utf-8")  # ours is not installed here
    assert analyze("verify", "--man=no", str(unit)) == ""
    unit.write_text(unit.read_text(encoding="utf-8") + "[Service]\nWatchdogSecs=1\n", encoding="utf-8")
    assert "WatchdogSecs" in analyze("verify", "--man=no", str(unit))


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_readiness_and_watchdog_are_systemd_s(name: str) -> None:
    unit = UNITS / name
    assert directives(unit, "Type") == ["notify"]
    assert directives(unit, "WatchdogSec") == ["60s"]
    assert directives(unit, "RestartPreventExitStatus") == ["2"]


def test_the_example_of_a_second_machine_does_this_check_only() -> None:
    prepared = prepare(ROOT / "config/examples/host-agent")
    settings = prepared.loaded.settings
    assert [job.key.check for job in prepared.plan.jobs] == ["host"]
    assert not prepared.plan.warnings
    assert settings.web.listen.host == "127.0.0.1"
    (folder,) = directives(UNITS / "ringwacht-host.service", "StateDirectory")
    assert settings.state.directory == Path("/var/lib") / folder
