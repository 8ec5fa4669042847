"""Groups too small to be published: a count of one or two devices would tell whose they are.

The one rule: all that is published of one attribute (a model, a version of a system, the age of a check-in) is a sum of
the same parts, none of which is smaller than the floor. So no difference of two figures tells of fewer, in whichever
families they stand. Whoever publishes coarser groups adds parts up; nobody counts anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

OTHER = "other"

Labels = tuple[str, ...]
Groups = Mapping[Labels, int]

PLACE = 2
"""So many labels say where and what it is: site and kind, which no larger group hides."""


def merged_small(groups: Groups, floor: int, kept: int = 0) -> dict[Labels, int]:
    """Return the counts by labels, sorted, none smaller than ``floor``: they become ``other`` of their like.

    As ``parts_of``, with the counts added up.
    """
    counts: Counter[Labels] = Counter()
    for labels, part in parts_of(groups, floor, kept).items():
        counts[part] += groups[labels]
    return dict(sorted(counts.items()))


def merged_devices(groups: Groups, floor: int) -> dict[Labels, int]:
    """Return the counts by site, kind and an attribute, sorted; as ``parts_of_devices``, with the counts added up."""
    counts: Counter[Labels] = Counter()
    for labels, part in parts_of_devices(groups, floor).items():
        counts[part] += groups[labels]
    return dict(sorted(counts.items()))


def parts_of_devices(groups: Groups, floor: int) -> dict[Labels, Labels]:
    """Return the part that each group of devices belongs to; the first two labels are site and kind, which stay.

    But a kind of which a site has fewer than ``floor`` becomes ``other`` with nothing else said of it, and that may be
    small itself: how many odd devices a site has tells of no person. All else is merged within its site and kind.
    """
    places: Counter[Labels] = Counter()
    for labels, count in groups.items():
        places[labels[:PLACE]] += count
    large = {labels: count for labels, count in groups.items() if places[labels[:PLACE]] >= floor}
    parts = parts_of(large, floor, PLACE)
    for labels, count in groups.items():
        if count > 0 and places[labels[:PLACE]] < floor:
            parts[labels] = (*labels[: PLACE - 1], *(OTHER,) * (len(labels) - PLACE + 1))
    return parts


def parts_of(groups: Groups, floor: int, kept: int = 0) -> dict[Labels, Labels]:
    """Return the part that each group belongs to, by labels; no part is smaller than ``floor``.

    All keys have the same length; their first ``kept`` labels always stay, the total under them too, so that only such
    a total can remain smaller than the floor. What is merged is itself at least ``floor``: the next smallest group
    joins it, since else the total less the groups shown would tell it. Labels are merged from the last one on:
    (tablet, A, 17.1) becomes (tablet, A, other) before (tablet, other, other) before (other, other, other).
    """
    parts = {labels: labels for labels, count in groups.items() if count > 0}
    width = len(next(iter(parts), ()))
    for depth in range(width - 1, kept - 1, -1):
        counts: dict[Labels, Counter[Labels]] = {}
        for labels, part in parts.items():
            counts.setdefault(part[:depth], Counter())[part] += groups[labels]
        moved: dict[Labels, Labels] = {}
        for prefix, members in counts.items():
            other = prefix + (OTHER,) * (width - depth)
            moved |= dict.fromkeys(_small(members, floor, other), other)
        parts = {labels: moved.get(part, part) for labels, part in parts.items()}
    return parts


def _small(members: Groups, floor: int, other: Labels) -> list[Labels]:
    """Return the smallest, until neither they with ``other`` nor any group left is below the floor, or none is left."""
    small: list[Labels] = []
    taken = members.get(other, 0)
    left = sorted((count, labels) for labels, count in members.items() if labels != other)
    for count, labels in left:
        if count >= floor and (taken == 0 or taken >= floor):
            break
        taken += count
        small.append(labels)
    return small
