"""A file is written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.wire.wholefile import write_whole


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_what_is_there_is_replaced_with_the_mode_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    write_whole(path, (b"a", b"\xff"), 0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"a\xff", 0o600)
    assert names(tmp_path) == ["file"]


def test_what_breaks_off_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def parts() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(path, parts())
    assert (path.read_text(), names(tmp_path)) == ("old", ["file"])


@pytest.mark.parametrize("owner_stays", [False, True])
def test_an_owner_who_must_stay_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, owner_stays: bool
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def forbidden(_descriptor: int, _user: int, _group: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", forbidden)
    if owner_stays:
        with pytest.raises(PermissionError):
            write_whole(path, (b"new",), None, owner_stays=True)
    else:
        write_whole(path, (b"new",), None)
    assert path.read_text() == ("old" if owner_stays else "new")
    assert names(tmp_path) == ["file"]
