"""Serial numbers and asset tags as they are compared; what stands for none is none.

Serial numbers without case, spaces and marks. Of asset tags the marks count: AFG-1-12 is not AFG-11-2.
"""

from __future__ import annotations

import re

# What boards and tools say where they know no serial number. What people write instead of one has no digit.
_NONE = frozenset({"123456789", "1234567890", "0123456789"})
_SAME = re.compile(r"(.)\1*")
_DIGIT = re.compile(r"[0-9]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def serial_key(text: str) -> str:
    """Return what a serial number is found by; "" where it stands for none."""
    key = "".join(char for char in text.casefold() if char.isalnum())
    return "" if len(key) < 2 or key in _NONE or _SAME.fullmatch(key) or not _DIGIT.search(key) else key


def tag_key(text: str) -> str:
    """Return what an asset tag is found by; "" where it holds neither letters nor digits."""
    key = "".join(text.casefold().split()).translate(_DASHES)
    return key if any(char.isalnum() for char in key) else ""
