"""Reads one array out of a JSON object piece by piece, so that a list of any length takes the memory of one element."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from types import MappingProxyType

MAX_ELEMENT_CHARS = 2**20
_BLANK = re.compile(r"[\s,]*")
_ENDS = frozenset(",:]}")
_SCALARS = (str, int, float, bool)


class PageError(ValueError):
    """It is no such object; the message quotes nothing of it."""


class _Place(Enum):
    START = auto()
    MEMBER = auto()
    ELEMENT = auto()
    END = auto()


def _whole(digits: str) -> int | float:
    """Return a number; Python takes ever longer for whole ones of ever more digits, and refuses some."""
    return int(digits) if len(digits) < 20 else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole, parse_constant=lambda _: None)


class ArrayReader:
    """Yields the elements of the array ``name`` of the outermost object; keeps the scalars ``beside`` it.

    Bytes that are no UTF-8 become U+FFFD. An element, and whatever else stands in the object, is bounded.
    """

    def __init__(self, name: str, beside: Iterable[str] = ()) -> None:
        self.found = False
        self._name = name
        self._wanted = frozenset(beside)
        self._beside: dict[str, object] = {}
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._at = 0
        self._place = _Place.START

    @property
    def beside(self) -> Mapping[str, object]:
        """Text, numbers and truth values that stand beside the array, as far as they were wanted."""
        return MappingProxyType(self._beside)

    def feed(self, data: bytes, *, final: bool = False) -> list[object]:
        """Return the elements that are complete by now. Raises PageError: also where the ``final`` bytes end nothing.

        What follows the object is not looked at.
        """
        self._text, self._at = self._text[self._at :] + self._decoder.decode(data, final), 0
        elements: list[object] = []
        while self._place is not _Place.END and self._step(elements):
            pass
        if final and self._place is not _Place.END:
            raise PageError("the answer ends early, or is no JSON object")
        if len(self._text) - self._at > MAX_ELEMENT_CHARS and self._place is not _Place.END:
            raise PageError(f"one value is larger than {MAX_ELEMENT_CHARS} characters, or no JSON")
        return elements

    def _step(self, elements: list[object]) -> bool:
        """Take one token; False: more bytes are needed."""
        at = self._skip(self._at)
        if at >= len(self._text):
            return False
        first = self._text[at]
        if self._place is _Place.START:
            return self._open(first, at)
        if self._place is _Place.MEMBER:
            return self._end(at) if first == "}" else self._member(at)
        if first == "]":
            self._place, self._at = _Place.MEMBER, at + 1
            return True
        return self._element(at, elements)

    def _open(self, first: str, at: int) -> bool:
        if first != "{":
            raise PageError("the answer is no JSON object")
        self._place, self._at = _Place.MEMBER, at + 1
        return True

    def _end(self, at: int) -> bool:
        self._place, self._at = _Place.END, at + 1
        return True

    def _member(self, at: int) -> bool:
        """Take a key with its value, or enter the array."""
        if (key := self._value(at)) is None:
            return False
        name, colon = key
        start = self._skip(colon + 1)
        if not isinstance(name, str) or self._text[colon] != ":":
            raise PageError("the answer is no JSON object")
        if name == self._name and self._text[start : start + 1] == "[":
            self._place, self._at, self.found = _Place.ELEMENT, start + 1, True
            return True
        if start >= len(self._text) or (value := self._value(start)) is None:
            return False
        if name in self._wanted and isinstance(value[0], _SCALARS):
            self._beside[name] = value[0]
        self._at = value[1]
        return True

    def _element(self, at: int, elements: list[object]) -> bool:
        if (value := self._value(at)) is None:
            return False
        elements.append(value[0])
        self._at = value[1]
        return True

    def _value(self, at: int) -> tuple[object, int] | None:
        """Return the value that begins here and where the next token is; None where it may not be complete.

        What goes wrong is not raised from within: the decoder's error holds the text.
        """
        value: object = None
        too_deep = False
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except ValueError:
            return None
        except RecursionError:
            too_deep, end = True, at
        if too_deep:
            raise PageError("the answer is nested too deeply")
        end = self._skip(end, commas=False)
        # 1.5e may go on as 1.5e9, and be taken for 1.5 before
        return (value, end) if self._text[end : end + 1] in _ENDS else None

    def _skip(self, at: int, *, commas: bool = True) -> int:
        """Return where the next token begins."""
        if commas:
            found = _BLANK.match(self._text, at)
            return at if found is None else found.end()
        while at < len(self._text) and self._text[at] in " \t\r\n":
            at += 1
        return at
