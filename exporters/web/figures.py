"""What the tiles of the status page are made of: figures in large letters, and facts below them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from exporters.web.words import TONES, Mark, PageWords, Tone

NOTHING = "–"

_END_OF_CALENDARS = 253_370_764_800.0  # the year 9999


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value in large letters. ``label``: key of a label; ``notes``: lines in small letters below it.

    ``mark``: how it stands, None where nothing is to be said of that. ``plain``: words, not a value.
    """

    label: str
    text: str
    notes: tuple[str, ...] = ()
    mark: Mark | None = None
    plain: bool = False


class Fact(NamedTuple):
    """One line of a tile: ``label`` is the key of a label; a mark speaks instead of the text where there is one."""

    label: str
    text: str = ""
    mark: Mark | None = None


def worst(tones: Iterable[Tone]) -> Tone:
    """Return the worst of them, ``ok`` of none."""
    least: Tone = "ok"
    return min((*tones, least), key=TONES.index)


def points(value: float, words: PageWords) -> str:
    """Return points of a risk, with one decimal where they have any."""
    return words.words.number(value, 0 if value % 1 == 0 else 1)


def known(value: float | None) -> float | None:
    """Return a number, or None for what is none (NaN, infinity)."""
    return value if value is not None and math.isfinite(value) else None


def instant(at: float | None) -> float | None:
    """Return a moment (seconds since the epoch), or None for what no calendar holds: devices say what they like."""
    return at if at is not None and 0 <= at < _END_OF_CALENDARS else None
