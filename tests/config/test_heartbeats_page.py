"""Every example of docs/heartbeats.md and docs/collectors/heartbeat.md loads, or at least parses, as it stands."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.app.progress import OUTBOX_SECONDS, SCHEDULER_SECONDS, UNDELIVERED_SECONDS
from agent.contract import SIZES_KEPT
from agent.risk.rules import RULE_OPTIONS
from agent.risk.sizes import BECOMES_USUAL, LEAST_EARLIER
from collectors.heartbeat.parse import FAMILIES
from config.loader import load
from exporters.web.patience import WRONG_AT_ONCE

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "heartbeats.md").read_text(encoding="utf-8")
SERIES = (DOCS / "collectors" / "heartbeat.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE + SERIES, re.DOTALL)
SITES = "sites: {rathaus: {name: Rathaus}}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    for name in ("ping-token", "other-ringwacht"):
        (tmp_path / "secrets" / name).write_text("hunter22-hunter22")
    loaded = load(write(SITES + text), {}, RULE_OPTIONS)
    assert loaded.inventory.services or loaded.settings.alerting.heartbeat or loaded.settings.alerting.rules


@pytest.mark.parametrize("text", re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
def test_a_script_is_one(text: str) -> None:
    subprocess.run(["/bin/sh", "-n"], input=text, text=True, check=True)


def test_the_series_that_the_page_names_are_those_that_are_read() -> None:
    assert set(re.findall(r"^\| `(ringwacht_\w+)`", SERIES, re.MULTILINE)) == {family.name for family in FAMILIES}


def test_the_limits_that_the_page_names_are_in_force() -> None:
    assert f"has waited for {SCHEDULER_SECONDS:.0f} s" in PAGE
    assert f"no round for {OUTBOX_SECONDS / 60:.0f} minutes" in PAGE
    assert f"has waited for {UNDELIVERED_SECONDS / 60:.0f} minutes" in PAGE
    assert f"more than {WRONG_AT_ONCE} wrong" in PAGE
    assert f"keeps the last {SIZES_KEPT} sizes" in PAGE
    assert f"once it came {BECOMES_USUAL} times in a row" in PAGE
    assert f"at least {LEAST_EARLIER}:" in PAGE
