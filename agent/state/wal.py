"""SQLite's write-ahead log, read by ourselves: what it adds to its file, and whether some of it was lost. Pure.

SQLite passes in silence over a log whose header is wrong, and over all that follows a frame that is. What was only cut
off, or is gone as a whole, cannot be told from a log that never was longer.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_TAKEN = struct.Struct("=I")  # in the index: how many frames count
_TAKEN_AT = 16
_MAGIC = 0x377F0682  # with the lowest bit set, sums are of big-endian words
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65536
_JOURNAL_MODE = slice(18, 20)  # of the file's header

_Sums = tuple[int, int]


class _Frame(NamedTuple):
    """A page that was written; ``commits``: 0, or how many pages the file has after this commit."""

    number: int
    commits: int
    salts: tuple[int, ...]
    sums: tuple[int, ...]
    head: bytes
    page: bytes


class _Header(NamedTuple):
    """``salts``: of this round; frames of an earlier one may lie behind. ``big``: the byte order of the sums."""

    page_size: int
    salts: tuple[int, ...]
    sums: _Sums
    big: bool


@dataclass(frozen=True, slots=True)
class Log:
    """What was committed: by page number, and of how many pages the file then is."""

    page_size: int = 0
    pages: Mapping[int, bytes] = field(default_factory=dict[int, bytes])
    size: int = 0


def read(data: bytes) -> Log:
    """Return what the log holds, up to where its sums are wrong."""
    header = _header(data)
    if header is None:
        return Log()
    pages, begun, size, sums = dict[int, bytes](), dict[int, bytes](), 0, header.sums
    for frame in _frames(data, header.page_size):
        sums = _added(_added(sums, frame.head, big=header.big), frame.page, big=header.big)
        if (frame.salts, frame.sums) != (header.salts, sums):
            break
        begun[frame.number] = frame.page
        if frame.commits:
            pages.update(begun)
            begun, size = {}, frame.commits
    return Log(header.page_size, pages, size)


def is_torn(data: bytes, index: bytes) -> bool:
    """Whether something was committed that SQLite passed over; ``index``: the file ``-shm`` that it made of the log.

    One commit behind the last good one does not say so: it may have been under way at a power cut.
    """
    if len(data) < _HEADER.size + _FRAME.size:
        return False
    header = _header(data)
    if header is None:
        return True
    (taken,) = _TAKEN.unpack_from(index, _TAKEN_AT)
    behind = islice(_frames(data, header.page_size), taken, None)
    return sum(1 for one in behind if one.commits and one.salts == header.salts) > 1


def play(log: Log, whole: bytearray) -> None:
    """Play the log back into a copy of its file, which can then be read from memory."""
    for number, page in log.pages.items():
        start = (number - 1) * log.page_size
        whole.extend(bytes(max(0, start - len(whole))))
        whole[start : start + log.page_size] = page
    if log.size:
        del whole[log.size * log.page_size :]
    if len(whole) >= _JOURNAL_MODE.stop:
        whole[_JOURNAL_MODE] = b"\1\1"  # no log


def _header(data: bytes) -> _Header | None:
    if len(data) < _HEADER.size:
        return None
    magic, _, page_size, _, *rest = _HEADER.unpack_from(data)
    big = bool(magic & 1)
    sums = _added((0, 0), data[: _HEADER.size - 8], big=big)
    sound = magic & ~1 == _MAGIC and sums == (*rest[2:],) and _SMALLEST_PAGE <= page_size <= _LARGEST_PAGE
    return _Header(page_size, (*rest[:2],), sums, big) if sound else None


def _frames(data: bytes, page_size: int) -> Iterator[_Frame]:
    for start in range(_HEADER.size, len(data) - _FRAME.size - page_size + 1, _FRAME.size + page_size):
        number, commits, *signs = _FRAME.unpack_from(data, start)
        head, page = data[start : start + 8], data[start + _FRAME.size : start + _FRAME.size + page_size]
        yield _Frame(number, commits, (*signs[:2],), (*signs[2:],), head, page)


def _added(sums: _Sums, data: bytes, *, big: bool) -> _Sums:
    words = array("I", data)
    if big != (struct.pack("=H", 1) == struct.pack(">H", 1)):
        words.byteswap()
    first, second = sums
    pairs = iter(words)
    for one, other in zip(pairs, pairs, strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
