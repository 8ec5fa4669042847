"""Writes a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, parts: Iterable[bytes], mode: int | None = 0o644, *, owner_stays: bool = False) -> None:
    """Write it in place of what is there, on the disk when this returns; a link stays. Raises OSError.

    ``mode`` None: mode and owner of what is there are kept; the owner as far as that is allowed, unless
    ``owner_stays``: then nothing is written where it is not.
    """
    place = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            _give(file.fileno(), place, mode, owner_stays=owner_stays)
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    directory = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _give(descriptor: int, place: Path, mode: int | None, *, owner_stays: bool) -> None:
    known = place.stat() if mode is None and place.exists() else None
    if known is not None:
        for owner in ((-1, known.st_gid), (known.st_uid, -1)):
            with contextlib.suppress(*(() if owner_stays else (PermissionError,))):
                os.fchown(descriptor, *owner)
        mode = stat.S_IMODE(known.st_mode)
    os.fchmod(descriptor, 0o644 if mode is None else mode)
