"""Versions of systems with the last day of their support, and how one finds that of a device. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

_BREAKS = re.compile(r"[.\-+_ (),]+")
_WORDS = re.compile(r"[^\W_]+")
_ALTERNATIVES = "|"


class Supported(NamedTuple):
    """One row: ``version`` and whatever begins with its parts is supported until ``ends``, that day included.

    ``release``: what people call the version, "" as the version itself. ``edition``: what a product's name must hold
    for the row to hold, ``Pro|Home`` one of the words, ``IoT LTSC`` both; "" for any. ``source``: where the day is
    published. ``latest``: the last day of another edition, where nobody says which edition it is.
    """

    system: str
    version: str
    ends: date
    release: str = ""
    edition: str = ""
    source: str = ""
    latest: date | None = None

    @property
    def name(self) -> str:
        """What people call the version."""
        return self.release or self.version

    def fits(self, product: str) -> bool:
        """Whether a product's name holds all words of one of the editions."""
        words = words_of(product)
        return not self.edition or any(words_of(one) <= words for one in self.edition.split(_ALTERNATIVES))


Versions = Mapping[tuple[str, ...], tuple[Supported, ...]]  # rows by parts of the version, in their order
Named = tuple[frozenset[str], str]  # the words of a system's name, and the name


@dataclass(frozen=True, slots=True)
class SupportTable:
    """A table by system; the names of systems are compared without case.

    ``named``: systems by the rarest word of their names, so that few are looked at for a product. ``first_ends``: the
    first day on which a version of the system ends.
    """

    systems: Mapping[str, Versions] = field(default_factory=dict[str, Versions], repr=False)
    path: Path | None = None
    named: Mapping[str, tuple[Named, ...]] = field(default_factory=dict[str, tuple[Named, ...]], repr=False)
    first_ends: Mapping[str, date] = field(default_factory=dict[str, date], repr=False)

    @classmethod
    def of(cls, rows: Iterable[Supported], path: Path | None = None) -> SupportTable:
        """Gather rows."""
        found: dict[str, dict[tuple[str, ...], tuple[Supported, ...]]] = {}
        first: dict[str, date] = {}
        for row in rows:
            system, parts = row.system.casefold(), parts_of(row.version)
            versions = found.setdefault(system, {})
            versions[parts] = (*versions.get(parts, ()), row)
            first[system] = min(row.ends, first.get(system, row.ends))
        return cls(found, path, _by_rarest_word(found), first)

    def find(self, system: str, version: str, product: str = "") -> Supported | None:
        """Return the row of the longest version that this one begins with; None where there is none.

        Of several rows of a version it is the first that names the edition. Where nobody says which edition it is, the
        day is that of the first to end, and ``latest`` that of the last one.
        """
        versions = self.systems.get(system.casefold(), {})
        parts = parts_of(version)
        for length in range(len(parts), 0, -1):
            rows = versions.get(parts[:length])
            if rows:
                return _of_edition(rows, product)
        return None

    def find_release(self, system: str, text: str) -> Supported | None:
        """Return the row that people mean who write ``Windows 10 Pro 22H2``; None where there is none.

        That whose release or version stands in the text part by part, be there other words between: it begins no
        later than the first number there, and the longest one counts.
        """
        own = words_of(system)
        parts = tuple(part for part in parts_of(text) if part not in own)
        best: tuple[tuple[int, int], Sequence[Supported]] | None = None
        for version, rows in self.systems.get(system.casefold(), {}).items():
            for name in {version, parts_of(rows[0].name)}:
                place = _place(name, parts)
                if place is not None and (best is None or (len(name), -place) > best[0]):
                    best = (len(name), -place), rows
        return None if best is None else _of_edition(best[1], text)

    def system_in(self, product: str) -> str | None:
        """Return the system that a product's name names, the longest such name: `windows server` before `windows`."""
        words = words_of(product)
        named = (system for word in words for asked, system in self.named.get(word, ()) if asked <= words)
        return max(named, key=lambda system: (len(system), system), default=None)


def parts_of(version: str) -> tuple[str, ...]:
    """Return the parts of a version, ``10.0.19045`` as ``10``, ``0``, ``19045``; ``v2`` is 2."""
    parts = [part for part in _BREAKS.split(version.casefold()) if part]
    if parts and re.fullmatch(r"v[0-9]+", parts[0]):
        parts[0] = parts[0][1:]
    return tuple(parts)


def words_of(text: str) -> frozenset[str]:
    """Return the words of a name, without case and marks."""
    return frozenset(_WORDS.findall(text.casefold()))


def _by_rarest_word(systems: Iterable[str]) -> dict[str, tuple[Named, ...]]:
    asked = [(words, system) for system in systems if (words := words_of(system))]
    counts = Counter(word for words, _ in asked for word in words)
    found: dict[str, list[Named]] = {}
    for words, system in asked:
        found.setdefault(min(words, key=lambda word: (counts[word], word)), []).append((words, system))
    return {word: tuple(named) for word, named in found.items()}


def _of_edition(rows: Sequence[Supported], product: str) -> Supported:
    row = next((row for row in rows if row.fits(product)), None)
    if row is not None:
        return row
    first, last = (choose(rows, key=lambda row: row.ends) for choose in (min, max))
    return first if first.ends == last.ends else first._replace(latest=last.ends)


def _place(name: Sequence[str], parts: Sequence[str]) -> int | None:
    """Return where a name begins that stands among these parts in its order; None where it does not, or too late."""
    first = next((place for place, part in enumerate(parts) if any(map(str.isdigit, part))), len(parts))
    left: Iterator[tuple[int, str]] = iter(enumerate(parts))
    places = [next((place for place, part in left if part == wanted), len(parts)) for wanted in name]
    return places[0] if places and max(places) < len(parts) and places[0] <= first else None
