"""How large what a device sends is, in octets, and how many rows fit into one answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import ceil

from collectors.snmp.oid import Value, encoded_size

REPLY_BYTES = 3400
"""Size of answer aimed at: gufo-snmp 0.13 drops what is larger than about 4 kB (F16)."""
UNFRAGMENTED_BYTES = 1300
"""Aimed at where larger answers are lost: one Ethernet frame holds it, also under v3 and through a tunnel (F16)."""
LONGEST = 4096
"""Octets kept of a single value: more than any label or fact can hold."""
MAX_OCTETS = 8_000_000
"""Of the answers to one walk: four hundred for each of as many rows as a walk may have (F09)."""
MAX_POLL_OCTETS = 32_000_000
"""Of all answers of one poll."""


def shortened(values: Sequence[Value]) -> Sequence[Value]:
    """Return the values, of each no more than is of use."""
    return [value[:LONGEST] if isinstance(value, (bytes, str)) else value for value in values]


def even_repetitions(oids: Sequence[str], values: Sequence[Value], ceiling: int, aim: int) -> int:
    """Return how many rows to ask for so that all packets are alike, fit, and the last brings the end marker too.

    ``ceiling`` are the most rows of a packet, ``aim`` its octets.
    """
    sizes = [encoded_size(oid, value) for oid, value in zip(oids, values, strict=True)]
    rows = len(sizes) + 1
    upto = [0, *accumulate(sizes), sum(sizes)]
    packets = max(1, ceil(upto[-1] / aim), ceil(rows / ceiling))
    while (each := ceil(rows / packets)) > 1:
        if all(upto[min(at + each, rows)] - upto[at] <= aim for at in range(0, rows, each)):
            break
        packets = max(packets + 1, packets * 6 // 5)
    return each
