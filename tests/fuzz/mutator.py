"""Answers made wrong: sound ones with a few bytes changed, and pieces of BER that once broke a decoder."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

SEEDS = tuple(map(bytes.fromhex, ("3081", "30023082", "1f81", "30021f81", "3f81", "30ff", "", "30", "3080", "0400")))
"""Datagrams that made a decoder panic (facts, failures T10), and some that are next to nothing."""
HOSTILE = tuple(
    map(
        bytes.fromhex,
        (
            *("0200", "4100", "4600", "4000", "0600", "0500", "0400"),
            *("4003010203", "40050102030405", "4109ffffffffffffffffff", "46080000000000000000", "4608ffffffffffffffff"),
            *(
                "021480808080808080808080808080808080808080",
                "0284ffffffff",
                "3084ffffffff",
                "048400000000",
                "3080",
                "0480",
            ),
            *("06018f", "06058fffffffff", "060a8fffffffffffffffffff", "0601ff", "1f81", "3f81", "8000", "8100", "8200"),
            *("44049f780400", "44079f7804ffffffff", "44079f78047fc00000", "a200", "a8020500", "ffff", "0101ff"),
        ),
    )
)
"""Elements that are none, or odd; put in the place of sound ones."""

TAGS = frozenset((0x02, 0x04, 0x06, 0x30, 0x41, 0x43, 0x46, 0xA2))


class Mutator:
    """A stream of mutants that a seed determines."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - it is to be foreseen
        self._ways: Sequence[Callable[[bytearray], None]] = (
            self._flip,
            self._flip,
            self._set,
            self._cut,
            self._drop,
            self._double,
            self._insert,
            self._replace,
            self._length,
        )

    def mutate(self, sound: bytes) -> bytes:
        """A mutant of a sound answer, once in a while a seed."""
        if self.random.random() < 0.02:
            return self.random.choice(SEEDS)
        data = bytearray(sound)
        for _ in range(self.random.randint(1, 3)):
            if data:
                self.random.choice(self._ways)(data)
        return bytes(data)

    def _at(self, data: bytearray) -> int:
        """A place; half of the time in the frame of the message, where most depends on each byte."""
        end = min(len(data), 48) if self.random.random() < 0.5 else len(data)
        return self.random.randrange(end)

    def _flip(self, data: bytearray) -> None:
        data[self._at(data)] ^= 1 << self.random.randrange(8)

    def _set(self, data: bytearray) -> None:
        data[self._at(data)] = self.random.choice((0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFE, 0xFF))

    def _cut(self, data: bytearray) -> None:
        del data[self._at(data) :]

    def _drop(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self.random.randint(1, 8)]

    def _double(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = data[at : at + self.random.randint(1, 32)]

    def _insert(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = self.random.randbytes(self.random.randint(1, 8))

    def _replace(self, data: bytearray) -> None:
        at, hostile = self._at(data), self.random.choice(HOSTILE)
        data[at : at + len(hostile)] = hostile

    def _length(self, data: bytearray) -> None:
        """Change a length by a little: the byte after one that looks like a tag."""
        places = [
            at + 1 for at, octet in enumerate(data[:-1]) if octet in {0x02, 0x04, 0x06, 0x30, 0x41, 0x43, 0x46, 0xA2}
        ]
        if places:
            at = self.random.choice(places)
            data[at] = (data[at] + self.random.choice((-2, -1, 1, 2, 127))) % 256
