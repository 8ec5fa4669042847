"""A git repository of texts, one file for each name, written by us alone; no git program is needed. Blocks.

dulwich is imported at the first use: it takes a while. Everything is for our eyes only (0700, 0600), and what is in a
commit has reached the disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import Counter
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from agent.configbackup import Difference

if TYPE_CHECKING:
    from dulwich.objects import Commit, Tree
    from dulwich.repo import Repo

AUTHOR = b"Ringwacht <ringwacht@localhost>"
_ENDING = ".cfg"
_BRANCH = b"main"


class RepositoryError(Exception):
    """The repository cannot be read or written; the text is for people.

    ``damaged``: its content is at fault; ``value``: what the system or the library calls it.
    """

    def __init__(self, text: str, value: str = "", *, damaged: bool = False) -> None:
        super().__init__(text)
        self.value = value
        self.damaged = damaged


class Repository:
    """The repository in a folder, which is made at the first use. Every method raises RepositoryError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def difference(self, name: str, text: str) -> Difference:
        """Return how a text differs from the last committed one of this name; moved lines count on both sides."""
        with _plainly(), contextlib.closing(self._open()) as repo:
            before = _committed(repo, name)
        if before is None:
            return Difference(len(text.splitlines()), 0, fresh=True)
        if before == text:
            return Difference(0, 0)
        old, new = Counter(before.splitlines()), Counter(text.splitlines())
        added, removed = (new - old).total(), (old - new).total()
        return Difference(added, removed) if added or removed else Difference(1, 1)  # the same lines, in another order

    def keep(self, texts: Mapping[str, str], message: str, at: float) -> str:
        """Write and commit texts by name; return the commit's id. ``at``: seconds since the epoch."""
        with _plainly(), contextlib.closing(self._open()) as repo:
            files = {f"{name}{_ENDING}": text.encode() for name, text in texts.items()}
            commit = _commit(repo, files, message, at)
            for ref in (self._folder / ".git" / "refs" / "heads").iterdir():
                ref.chmod(0o600)
            with contextlib.suppress(OSError):  # it is in the commit, which is what counts
                for name, content in files.items():
                    self._write(name, content)
                self._index(repo)
            return commit.decode()

    def _open(self) -> Repo:
        from dulwich.repo import Repo

        if not (self._folder / ".git").exists():
            self._begin()
        self._unlock()
        return Repo(str(self._folder))

    def _begin(self) -> None:
        """Make the repository, whole or not at all."""
        from dulwich.repo import Repo

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(PermissionError):  # another one's, who lets us write
            self._folder.chmod(0o700)
        other = self._folder / ".new"
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir(mode=0o700)
        repo = Repo.init(other, default_branch=_BRANCH, shared_repository="0600")
        config = repo.get_config()
        config.set((b"core",), b"fsyncObjectFiles", True)
        config.write_to_path()
        repo.close()
        for path in (other / ".git").rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        (other / ".git").chmod(0o700)
        (other / ".git").rename(self._folder / ".git")
        other.rmdir()

    def _unlock(self) -> None:
        """Take away what a run that was killed has left: nobody else writes here."""
        git = self._folder / ".git"
        for lock in (git / "index.lock", git / "HEAD.lock", *(git / "refs" / "heads").glob("*.lock")):
            lock.unlink(missing_ok=True)

    def _index(self, repo: Repo) -> None:
        """Have the index say what HEAD does, for people with a git program; nothing here reads it."""
        from dulwich.index import Index, index_entry_from_stat

        index = Index(repo.index_path(), read=False)
        for name, _mode, sha in _tree(repo).items():
            path = self._folder / os.fsdecode(name)
            if path.is_file():
                index[name] = index_entry_from_stat(path.stat(), sha)
        index.write()
        Path(repo.index_path()).chmod(0o600)

    def _write(self, name: str, content: bytes) -> None:
        other = self._folder / f".{name}.new"
        handle = os.open(other, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        other.replace(self._folder / name)


def _head(repo: Repo) -> Commit | None:
    """Return the last commit; None where there is none yet."""
    from dulwich.objects import Commit

    try:
        head = repo[repo.head()]
    except KeyError:
        heads = Path(repo.controldir()) / "refs" / "heads"
        if any(heads.iterdir()) or not repo.refs.get_symrefs():
            raise  # a branch leads to nothing, or nothing to a branch
        return None
    if not isinstance(head, Commit):
        raise RepositoryError("the last commit is none")
    return head


def _tree(repo: Repo) -> Tree:
    """Return what the last commit holds."""
    from dulwich.objects import Tree

    head = _head(repo)
    tree = Tree() if head is None else repo[head.tree]
    if not isinstance(tree, Tree):
        raise RepositoryError("the last commit holds nothing")
    return tree


def _commit(repo: Repo, files: Mapping[str, bytes], message: str, at: float) -> bytes:
    """Commit files beside what the last commit holds; return the commit's id."""
    from dulwich.objects import Blob, Commit
    from dulwich.refs import HEADREF

    head, tree = _head(repo), _tree(repo)
    for name, content in files.items():
        blob = Blob.from_string(content)
        repo.object_store.add_object(blob)
        tree.add(name.encode(), 0o100644, blob.id)
    repo.object_store.add_object(tree)
    commit = Commit()
    commit.tree, commit.parents = tree.id, [] if head is None else [head.id]
    commit.author = commit.committer = AUTHOR
    commit.author_time = commit.commit_time = int(at)
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding, commit.message = b"UTF-8", message.encode()
    repo.object_store.add_object(commit)
    if not repo.refs.set_if_equals(HEADREF, None if head is None else head.id, commit.id):
        raise RepositoryError("somebody else commits to the repository")
    return commit.id


def _committed(repo: Repo, name: str) -> str | None:
    from dulwich.objects import Blob

    tree, entry = _tree(repo), f"{name}{_ENDING}".encode()
    if entry not in tree:
        return None
    blob = repo[tree[entry][1]]
    if not isinstance(blob, Blob):
        raise RepositoryError("what should be a file is none")
    return blob.data.decode("utf-8", "replace")


@contextlib.contextmanager
def _plainly() -> Generator[None]:
    """Turn whatever a damaged or foreign repository makes of the library into one clear line."""
    try:
        yield
    except RepositoryError:
        raise
    except OSError as error:
        value = error.strerror or type(error).__name__
        raise RepositoryError(f"the repository cannot be used: {value}", value) from error
    except Exception as error:
        value = type(error).__name__
        raise RepositoryError(f"the repository is damaged ({value}): see `git fsck`", value, damaged=True) from error
