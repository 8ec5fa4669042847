"""A key that lasts: made once, and never in the place of one that only cannot be read just now."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agent.wire.keyfile import KEY_BYTES, load_key


def test_a_key_is_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "mask.key"
    key = load_key(path)
    assert load_key(path) == path.read_bytes() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["mask.key"]


def test_a_key_that_is_cut_short_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mask.key"
    path.write_bytes(b"x")
    path.chmod(0o644)
    assert load_key(path) == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_cannot_be_read_just_now_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mask.key"
    key = load_key(path)

    def fails(_path: Path) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", fails)
        assert len(load_key(path)) == KEY_BYTES
    assert path.read_bytes() == key
