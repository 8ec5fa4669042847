"""Numbers out of files whose names stay: which series a number is of is worked out anew only where a name changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from agent.contract import Layout, MetricFamily
from agent.layout import LayoutCache, Sample

T = TypeVar("T")

Series = tuple[MetricFamily, tuple[str, ...]]


class Block(NamedTuple):
    """What one part of the machine yields; ``series`` is the same object for as long as the part's names stay."""

    series: tuple[Series, ...] = ()
    values: Sequence[float] = ()


class Table(NamedTuple):
    """The words of a file of equally long rows, and the name of each row."""

    names: list[bytes]
    words: list[bytes]
    width: int


class Pick(NamedTuple):
    """One series, where its number stands in the table's words, and what that is divided by."""

    family: MetricFamily
    labels: tuple[str, ...]
    place: int
    divisor: float = 1


def block(samples: Iterable[Sample]) -> Block:
    """Return samples whose series may change at any poll."""
    found = tuple(samples)
    return Block(tuple((family, labels) for family, labels, _ in found), [sample.value for sample in found])


def table(text: bytes, name: int = 0) -> Table:
    """Split a file whose rows are equally long; ``name`` is the column of the row's name. Raises ValueError."""
    words = text.split()
    width = len(text.partition(b"\n")[0].split()) or 1
    if len(words) % width:
        raise ValueError("its lines are not equally long")
    return Table(words[name::width], words, width)


class Numbers:
    """Reads the numbers of one file, poll by poll. Two polls at once, one of which hangs, do each other no harm."""

    def __init__(self, picks: Callable[[Table], Iterable[Pick]], may_be_empty: bool = False) -> None:
        self._picks = picks
        self._may_be_empty = may_be_empty
        self._kept: tuple[list[bytes], tuple[Series, ...], list[tuple[int, float]]] = ([], (), [])

    def read(self, found: Table) -> Block:
        """Return the table's series and numbers. Raises ValueError, IndexError where the file is no such table."""
        names, series, places = self._kept
        if found.names != names:
            picks = tuple(self._picks(found))
            series = tuple((pick.family, pick.labels) for pick in picks)
            places = [(pick.place, pick.divisor) for pick in picks]
            self._kept = (found.names, series, places)
        if not (series or self._may_be_empty):
            raise ValueError("holds nothing that is known")
        words = found.words
        return Block(series, [float(words[place]) / divisor for place, divisor in places])


class Remembered(Generic[T]):
    """What a text means, worked out anew only where the text changed."""

    def __init__(self, parse: Callable[[bytes], T]) -> None:
        self._parse = parse
        self._kept: tuple[bytes, T] | None = None

    def read(self, text: bytes) -> T:
        """Return the text's meaning. Raises what ``parse`` raises."""
        if self._kept is None or self._kept[0] != text:
            self._kept = (text, self._parse(text))
        return self._kept[1]


class Arranger:
    """Keeps the layout for as long as every block brings the same series."""

    def __init__(self) -> None:
        self._series: list[tuple[Series, ...]] = []
        self._order: list[int] = []
        self._layout = Layout()

    def arrange(self, blocks: Sequence[Block]) -> tuple[Layout, list[float]]:
        """Return the layout and the values in its order. Of two values of the same series the first is kept."""
        series = [part.series for part in blocks]
        if series != self._series:
            every = enumerate(chain.from_iterable(series))
            self._layout, order = LayoutCache().arrange(Sample(*one, index) for index, one in every)
            self._series, self._order = series, [int(index) for index in order]
        values = list(chain.from_iterable(part.values for part in blocks))
        return self._layout, [values[index] for index in self._order]
