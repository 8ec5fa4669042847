"""The repository of configurations: what is in it, for whose eyes, and what a damaged one does."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from dulwich.repo import Repo

from agent.wire.repository import Repository, RepositoryError

NOW = 1_800_000_000.0


def test_a_text_is_compared_with_the_one_committed_before(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "configurations")
    first = repository.difference("sw-1", "a\nb\nc\n")
    assert first.fresh
    commit = repository.keep({"sw-1": "a\nb\nc\n"}, "night", NOW)
    assert len(commit) == 40
    assert not repository.difference("sw-1", "a\nb\nc\n")
    changed = repository.difference("sw-1", "a\nx\ny\nc\n")
    assert (changed.added, changed.removed, changed.fresh) == (2, 1, False)
    assert repository.difference("sw-1", "b\na\nc\n")


def test_what_was_written_and_not_committed_counts_as_changed(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.keep({"sw-1": "a\n"}, "night", NOW)
    (tmp_path / "sw-1.cfg").write_text("b\n")
    assert repository.difference("sw-1", "b\n")


def test_it_is_for_our_eyes_only(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "configurations")
    repository.keep({"sw-1": "a\n"}, "night", NOW)
    assert stat.S_IMODE((tmp_path / "configurations").stat().st_mode) == 0o700
    files = [one for one in (tmp_path / "configurations").rglob("*") if one.is_file()]
    assert [one for one in files if stat.S_IMODE(one.stat().st_mode) & 0o077] == []


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Repository(tmp_path).keep({"sw-1": "a\n"}, "night", NOW)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.mark.parametrize("index", [None, b"", b"DIRC\0\0"])
def test_an_index_that_is_lost_or_damaged_costs_no_device(tmp_path: Path, index: bytes | None) -> None:
    repository = Repository(tmp_path)
    repository.keep({"sw-1": "a\n", "sw-2": "b\n"}, "night", NOW)
    (tmp_path / ".git/index").unlink()
    if index is not None:
        (tmp_path / ".git/index").write_bytes(index)
    repository.keep({"sw-1": "c\n"}, "night", NOW)
    assert not repository.difference("sw-2", "b\n")
    assert not repository.difference("sw-1", "c\n")
    with Repo(str(tmp_path)) as repo:
        assert set(repo.open_index()) == {b"sw-1.cfg", b"sw-2.cfg"}


def test_a_run_that_was_killed_while_it_began_a_repository_leaves_none(tmp_path: Path) -> None:
    (tmp_path / ".new" / ".git").mkdir(parents=True)
    repository = Repository(tmp_path)
    assert repository.difference("sw-1", "a\n").fresh
    assert not (tmp_path / ".new").exists()


def test_the_commit_names_the_night_and_us(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.keep({"sw-1": "a\n", "sw-2": "b\n"}, "sw-1, sw-2", NOW)
    repo = Repo(str(tmp_path))
    (walked,) = repo.get_walker()
    assert walked.commit.message == b"sw-1, sw-2"
    assert walked.commit.author.startswith(b"Ringwacht")
    assert walked.commit.commit_time == int(NOW)
    repo.close()


def test_what_a_killed_run_left_locked_is_unlocked(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.keep({"sw-1": "a\n"}, "night", NOW)
    for lock in (".git/index.lock", ".git/refs/heads/main.lock"):
        (tmp_path / lock).touch()
    assert repository.keep({"sw-1": "b\n"}, "night", NOW)


@pytest.mark.parametrize("part", ["objects", "refs", "HEAD"])
def test_a_damaged_repository_is_a_clear_failure(tmp_path: Path, part: str) -> None:
    repository = Repository(tmp_path)
    repository.keep({"sw-1": "a\n"}, "night", NOW)
    files = [tmp_path / ".git" / "HEAD"] if part == "HEAD" else [*(tmp_path / ".git" / part).rglob("*")]
    for file in files:
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"\0" * 20)
    with pytest.raises(RepositoryError, match="damaged"):
        repository.difference("sw-1", "a\n")


def test_a_file_in_the_place_of_the_folder_is_a_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RepositoryError, match="cannot be used"):
        Repository(tmp_path / "file").keep({"sw-1": "a\n"}, "night", NOW)
