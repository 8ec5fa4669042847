from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.base import Located
from config.errors import Wrong
from config.secrets import resolve_secret


def file_reference(folder: Path, name: str) -> dict[str, object]:
    return {"file": Located(name, folder)}


def test_a_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "s").write_text(" pass word \r\n\n")
    assert resolve_secret(file_reference(tmp_path, "s")).get_secret_value() == " pass word "


def test_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_X", "geheim")
    assert resolve_secret({"env": "RINGWACHT_X"}).get_secret_value() == "geheim"
    monkeypatch.setenv("RINGWACHT_X", "")
    with pytest.raises(Wrong, match="RINGWACHT_X is empty"):
        resolve_secret({"env": "RINGWACHT_X"})
    monkeypatch.delenv("RINGWACHT_X")
    with pytest.raises(Wrong, match="RINGWACHT_X is not set"):
        resolve_secret({"env": "RINGWACHT_X"})


def test_a_systemd_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(Wrong, match="CREDENTIALS_DIRECTORY is not set"):
        resolve_secret({"credential": "snmp"})
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(Wrong, match="no systemd credential 'snmp'"):
        resolve_secret({"credential": "snmp"})
    (tmp_path / "snmp").write_text("geheim\n")
    assert resolve_secret({"credential": "snmp"}).get_secret_value() == "geheim"
    for name in ("../snmp", "..", "a\0b"):
        with pytest.raises(Wrong, match="not the name of a systemd credential"):
            resolve_secret({"credential": name})


def test_a_secret_that_is_one_already_stays() -> None:
    assert resolve_secret(SecretStr("x")) == SecretStr("x")


@pytest.mark.parametrize(
    "value",
    [
        "geheim",
        4711,
        None,
        [],
        {},
        {"file": ""},
        {"file": 5},
        {"file": "a", "env": "b"},
        {"files": "geheim"},
        {"env": "geheim!"},
    ],
)
def test_anything_else_is_refused_and_not_quoted(value: object) -> None:
    with pytest.raises(Wrong) as caught:
        resolve_secret(value)
    assert "geheim" not in f"{caught.value} {caught.value.hint}"


def test_files_that_hold_no_secret_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "big").write_bytes(b"x" * 70_000)
    os.mkfifo(tmp_path / "pipe")
    expected = {"empty": "is empty", "binary": "is not UTF-8", "big": "is larger", "pipe": "no file", ".": "no file"}
    for name, message in {**expected, "gone": "no file", "a\0": "not a path", "x" * 5000: "cannot look"}.items():
        with pytest.raises(Wrong, match=message):
            resolve_secret(file_reference(tmp_path, name))
