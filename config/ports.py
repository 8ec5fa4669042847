"""Lists of ports, as people write them: ``1-46``, ``1-24,47``, ``Gi1/0/1-48``, ``ge-0/0/0-23, uplink``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Annotated

from pydantic import AfterValidator

from config.base import Text
from config.errors import Wrong, shown

MOST_PORTS = 4096
"""As many as LLDP can number (LldpPortNumber, IEEE 802.1AB)."""
_MOST_DIGITS = 9
# A prefix ends before the digits of the first number; the second number may repeat it.
_RANGE = re.compile(r"(?P<prefix>(?:.*\D)?)(?P<first>\d+)\s*-\s*(?:(?P=prefix))?(?P<last>\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports in the order written, each once: numbers of a front plate as digits, or names."""

    names: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.names)


def parse_ports(text: str) -> Ports:
    """Return the ports that a text names. Raises Wrong.

    Items are separated by commas; ``PREFIX1-24`` is a range of names, ``1-24`` of numbers, everything else one name.
    """
    found = chain.from_iterable(_item(item.strip(), text) for item in text.split(","))
    names = tuple(dict.fromkeys(islice(found, MOST_PORTS + 1)))
    if len(names) > MOST_PORTS:
        raise Wrong(f"{shown(text)} is more than {MOST_PORTS} ports")
    return Ports(names)


def _item(item: str, text: str) -> Iterator[str]:
    if not item:
        raise Wrong(f"{shown(text)} has an empty item", "ports look like 1-46, or 1-24,47, or Gi1/0/1-48")
    found = _RANGE.fullmatch(item)
    if found is None:
        yield item
        return
    first, last = found["first"], found["last"]
    if max(len(first), len(last)) > _MOST_DIGITS:
        raise Wrong(f"{shown(item)}: no port has such a number")
    if int(first) > int(last):
        raise Wrong(f"{shown(item)} runs backwards", f"{found['prefix']}{last}-{first}")
    width = len(first) if first.startswith("0") else 0
    yield from (f"{found['prefix']}{port:0{width}d}" for port in range(int(first), int(last) + 1))


def _valid(text: str) -> str:
    parse_ports(text)
    return text


PortList = Annotated[Text, AfterValidator(_valid)]
"""A text that ``parse_ports`` understands."""
