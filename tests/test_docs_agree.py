"""What the pages for people say by hand is what the code has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from agent.alerts.pace import pause_after
from agent.cli import cli
from exporters.ways import RETRY_SECONDS

ROOT = Path(__file__).parent.parent


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _commands() -> list[str]:
    group = typer.main.get_command(cli)
    return sorted(getattr(group, "commands"))  # noqa: B009 - the type of a group is not told


def test_the_layers_that_contributors_read_are_those_that_are_checked() -> None:
    contracts = tomllib.loads(_text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    assert "\n".join(layers) in _text("CONTRIBUTING.md")


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_in_the_table_of_commands(command: str) -> None:
    assert f"| `ringwacht {command}" in _text("docs/operating.md")


def test_the_pauses_after_failures_are_those_that_are_kept() -> None:
    pauses = ", ".join(f"{pause_after(failures, RETRY_SECONDS):g} s" for failures in range(4))
    assert f"tried again after {pauses} … 5 min" in _text("docs/delivery.md")


@pytest.mark.parametrize("path", ["/a/", "/ping/", "/static/"])
def test_the_proxy_of_the_example_lets_through_what_needs_no_login(path: str) -> None:
    assert re.search(rf"location {path} +{{ proxy_pass ", _text("docs/acknowledge.md"))
