"""Long work, done some at a time so that the loop may turn in between. Pure."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import TypeVar

# So many rows, or things that are managed, are looked at between two pauses: about a millisecond.
PORTION = 500

T = TypeVar("T")


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield the items some at a time."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def drained(steps: Generator[None, None, T]) -> T:
    """Return what comes of it, without the pauses."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: T = done.value
            return found
