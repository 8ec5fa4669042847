"""What the bytes of a page are, unpacked and as text. No I/O, no clock."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

MAX_BODY_BYTES = 1_000_000
MAX_MEMBERS = 100
"""So many gzip members are read: each costs a copy of the rest."""
# zlib: recognise either header by itself; without one (what some servers call deflate)
GZIP_OR_ZLIB, RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP = frozenset({"gzip", "x-gzip"})

_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([a-z0-9_:.-]{1,40})""")
_WIDE = frozenset({"utf-16", "utf-16le", "utf-16be"})
# Python knows codecs that are no charsets, and some that take seconds: what is not here is read as UTF-8.
_NARROW: Mapping[str, str] = {
    **{name: name for name in ("ascii", "us-ascii", "koi8-r", "koi8-u")},
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    "latin1": "iso8859-1",
    "cp1252": "cp1252",
}


class Unpacked(NamedTuple):
    """A body without its compression, and whether that was in order and came to its end."""

    data: bytes
    whole: bool = True


def unpack(body: bytes, coding: str, *, cut: bool) -> Unpacked:
    """Undo a ``Content-Encoding``, as far as the limit; ``cut``: the body was not read to its end."""
    coding = coding.strip().lower()
    if not body or coding not in {*_GZIP, "deflate"}:
        return Unpacked(body)
    out, rest = bytearray(), body
    try:
        for _ in range(MAX_MEMBERS):
            member = zlib.decompressobj(_window(coding, rest))
            out += member.decompress(rest, MAX_BODY_BYTES - len(out))
            rest = member.unused_data if coding in _GZIP else b""
            if not member.eof or len(out) >= MAX_BODY_BYTES:
                return Unpacked(bytes(out), cut or len(out) >= MAX_BODY_BYTES)
            if not rest:
                return Unpacked(bytes(out))
    except zlib.error:
        return Unpacked(bytes(out), whole=False)
    return Unpacked(bytes(out), whole=False)


def _window(coding: str, data: bytes) -> int:
    """Whether what is called deflate has zlib's header (RFC 1950, 2.2), as RFC 9110 has it, or none."""
    if coding in _GZIP or (data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0):
        return GZIP_OR_ZLIB
    return RAW


def decode(body: bytes, content_type: str) -> str:
    """The unpacked body as text. What cannot be decoded is replaced."""
    found = _CHARSET.search(content_type)
    name = "" if found is None else found[1].lower()
    if name in _NARROW:
        return codecs.charmap_decode(body, "strict", _table(_NARROW[name]))[0]
    try:
        return body.decode(name if name in _WIDE else "utf-8")
    except UnicodeDecodeError:  # replacing is quick for UTF-8 only
        return body.decode("utf-8", "replace")


@cache
def _table(codec: str) -> Any:
    """A character for each of the 256 bytes, as one text: replacing one by one holds up the loop."""
    return bytes(range(256)).decode(codec, "replace")


def header_text(raw: bytes) -> str:
    """A header's value: UTF-8 where it is, else Latin-1 (RFC 9110, 5.5)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
