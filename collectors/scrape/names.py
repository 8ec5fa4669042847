"""Names that a page may bring, and names that it may not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate

from agent.neutral import NEUTRAL

MAX_NAME = 200

# Prometheus writes these itself, beside what it scrapes.
_PROMETHEUS = frozenset({"up", "ALERTS", "ALERTS_FOR_STATE"})
_PROMETHEUS_PREFIX = "scrape_"
_OURS_PREFIX = "ringwacht_"
NEUTRAL_NAMES = frozenset(family.name for family in NEUTRAL)

# What ties a series to its target: a page that sets them would pose as another one.
_TARGET_LABELS = frozenset({"instance", "site", "job", "service", "link"})
_DEVICE = "device"

# The parts of one family: an allow-list names the family, a page holds its parts.
_PARTS = ("_bucket", "_count", "_sum", "_total", "_info", "_gcount", "_gsum")

_LABEL_NAME = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")


def is_owned(name: str) -> bool:
    """Whether the family is written by Ringwacht or Prometheus alone; the neutral families are for everybody."""
    if name.startswith(_OURS_PREFIX):
        return name not in NEUTRAL_NAMES
    return name in _PROMETHEUS or name.startswith(_PROMETHEUS_PREFIX)


def is_label_name(name: str) -> bool:
    """Whether a label of this name can be exported; names in ``__`` are Prometheus' own."""
    return len(name) <= MAX_NAME and _LABEL_NAME.fullmatch(name) is not None


def exported_name(name: str, others: Iterable[str], *, ours: bool = False) -> str:
    """Return the label's name on our page: ``exported_…`` where the target has one, as Prometheus renames them.

    ``ours``: in this family ``device`` names what we poll, no disk and no interface.
    """
    if name not in _TARGET_LABELS and not (ours and name == _DEVICE):
        return name
    taken = frozenset(others)
    while name in taken:
        name = f"exported_{name}"
    return name


_WILD = re.compile(r"[*?]")


class Names:
    """A set of family names, some of them globs."""

    def __init__(self, names: Iterable[str]) -> None:
        given = frozenset(names)
        globs = sorted(name for name in given if _WILD.search(name))
        self._exact = given.difference(globs)
        self._heads = tuple(_WILD.split(name, maxsplit=1)[0] for name in globs)
        self._globs = re.compile("|".join(map(translate, globs))) if globs else None

    def __contains__(self, name: object) -> bool:
        """Whether the family is named."""
        if not isinstance(name, str):
            return False
        return name in self._exact or (self._globs is not None and self._globs.match(name) is not None)

    def speak_of(self, family: str) -> bool:
        """Whether one of Ringwacht's families is meant in particular: a glob has to begin as they do."""
        meant = any(head.startswith(_OURS_PREFIX) for head in self._heads)
        return family in self._exact or (meant and family in self)

    def may_begin(self, head: str) -> bool:
        """Whether a name that begins so may be named; the parts of a family count."""
        exact = any(name.startswith(head) or head.startswith(f"{name}_") for name in self._exact)
        return exact or any(one.startswith(head) or head.startswith(one) for one in self._heads)


class Selection:
    """Which families of a page are wanted: those of any of the lists, or all where there is no list.

    A list names what it takes, and what it does not take all the same.
    """

    def __init__(self, lists: Iterable[tuple[Names, Names]] = ()) -> None:
        self._lists = tuple(lists)

    def wants(self, name: str) -> bool:
        """Whether series of this name are kept; a family's name stands for its parts (``_total``, ``_bucket``, …)."""
        if not self._lists:
            return True
        names = (name, *(name.removesuffix(part) for part in _PARTS if name.endswith(part)))
        return any(
            any(one in taken for one in names) and not any(one in left for one in names) for taken, left in self._lists
        )

    def speaks_of(self, family: str) -> bool:
        """Whether one of Ringwacht's families is asked for in particular, not by `*` or because all are."""
        return any(taken.speak_of(family) for taken, _ in self._lists)

    def may_want(self, head: str) -> bool:
        """Whether a name that begins so may be wanted."""
        if not self._lists:
            return True
        return any(taken.may_begin(head) and head not in left for taken, left in self._lists)
