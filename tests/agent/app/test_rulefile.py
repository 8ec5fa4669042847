"""``ringwacht rules``: printed, or written whole or not at all."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from agent.app.loading import StartError, prepare
from agent.app.rulefile import rule_file, write_rule_file
from agent.cli import cli

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ringwacht.yml").write_text("sites: {a: {}}\n", encoding="utf-8")
    return tmp_path


def rules(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, arguments)])


def test_it_is_printed_with_a_head_that_says_where_it_comes_from(folder: Path) -> None:
    result = rules(folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("# Alerting and recording rules for Prometheus, written by `ringwacht rules`")
    assert result.stdout == rule_file(prepare(folder).loaded)


def test_it_is_written_in_place_of_the_old_one_for_others_to_read(folder: Path) -> None:
    file = folder / "county.rules.yml"
    file.write_text("old", encoding="utf-8")
    assert rules(folder, "--output", file).exit_code == 0
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    assert file.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in folder.iterdir()) == ["county.rules.yml", "ringwacht.yml"]


def test_a_link_stays_and_leads_to_the_new_one(folder: Path) -> None:
    (folder / "shared").mkdir()
    real, link = folder / "shared" / "real.yml", folder / "link.yml"
    for before in ("old", None):
        real.unlink(missing_ok=True) if before is None else real.write_text(before, encoding="utf-8")
        link.unlink(missing_ok=True)
        link.symlink_to("shared/real.yml")
        assert rules(folder, "--output", link).exit_code == 0
        assert link.is_symlink()
        assert real.read_text(encoding="utf-8").startswith("# Alerting")


def test_a_pipe_is_written_to(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 2**20)
        assert rules(folder, "--output", folder / "pipe").exit_code == 0
        assert os.read(reader, 2**20).decode() == rule_file(prepare(folder).loaded)
    finally:
        os.close(reader)
    assert (folder / "pipe").is_fifo()


def test_where_it_cannot_be_written_that_is_one_line(folder: Path) -> None:
    result = rules(folder, "--output", folder / "missing/county.rules.yml")
    assert result.exit_code == 1
    assert result.stderr == f"{folder}/missing/county.rules.yml cannot be written: No such file or directory\n"


def test_a_write_that_fails_leaves_the_old_one_and_nothing_else(folder: Path) -> None:
    (folder / "taken").mkdir()
    with pytest.raises(StartError, match="taken cannot be written"):
        write_rule_file(prepare(folder).loaded, folder / "taken")
    assert sorted(path.name for path in folder.iterdir()) == ["ringwacht.yml", "taken"]


def test_a_configuration_that_does_not_hold_together_has_no_rules(folder: Path) -> None:
    (folder / "ringwacht.yml").write_text("sites: {a: {nam: x}}\n", encoding="utf-8")
    result = rules(folder)
    assert result.exit_code == 1
    assert "did you mean name?" in result.stderr
    assert result.stdout == ""
