"""The example of docs/collectors/ssh.md loads as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from agent.risk.rules import RULE_OPTIONS
from config.loader import load
from config.ssh import SshType, ssh_of

PAGE = Path(__file__).parents[2] / "docs" / "collectors" / "ssh.md"


def test_the_example_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    example = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "known_hosts").touch()
    (tmp_path / "ringwacht.yml").write_text(f"sites: {{rathaus: {{}}, schule: {{}}}}\n{example}", encoding="utf-8")
    loaded = load(tmp_path, {}, RULE_OPTIONS)
    ports = [found.port for device in loaded.inventory.devices.values() if (found := ssh_of(device.params))]
    assert ports == [22, 2222]


def test_the_page_has_every_type() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in get_args(SshType) if f"`{name}`" not in text] == []
