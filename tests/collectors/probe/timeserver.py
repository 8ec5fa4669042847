"""A time server's packets, right and wrong, on loopback."""

from __future__ import annotations

import struct
from dataclasses import dataclass

EPOCH = 2_208_988_800
ERA = 2**32


def stamp(seconds: float | None) -> bytes:
    """A 64-bit NTP timestamp of seconds since the Unix epoch, in whatever era; None is "not said"."""
    if seconds is None:
        return bytes(8)
    whole = int(seconds // 1)
    return struct.pack("!II", (whole + EPOCH) % ERA, int((seconds - whole) * ERA))


@dataclass(frozen=True)
class TimeServer:
    """Answers as a server of stratum 2 whose clock stands at ``received`` and ``sent``."""

    received: float | None
    sent: float | None
    leap: int = 0
    version: int = 4
    mode: int = 4
    stratum: int = 2
    identity: bytes = b"\xc0\x00\x02\x01"
    reference: float | None = 1_799_999_900.0

    def answer(self, request: bytes) -> bytes:
        head = struct.pack("!BBbb", self.leap << 6 | self.version << 3 | self.mode, self.stratum, 6, -23)
        root = struct.pack("!II", 0x0000_8000, 0x0001_4000)  # 0.5 s and 1.25 s
        times = stamp(self.reference) + request[40:48] + stamp(self.received) + stamp(self.sent)
        return head + root + self.identity + times
