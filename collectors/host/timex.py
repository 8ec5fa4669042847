"""Asks the kernel how well the clock is kept: adjtimex(2), which no module of the standard library calls."""

from __future__ import annotations

import ctypes
import os

from collectors.host.parse import Timex


class _Timex(ctypes.Structure):
    """The head of ``struct timex`` (linux/timex.h), and room for what follows."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    )


class Timekeeper:
    """Holds the C library's function; loading it is done once."""

    def __init__(self) -> None:
        self._adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex

    def read(self) -> Timex:
        """Return what the kernel says; sets nothing. Raises OSError: PermissionError where a sandbox forbids it."""
        found = _Timex()
        state = int(self._adjtimex(ctypes.byref(found)))
        if state < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return Timex(state, found.status, found.offset, found.maxerror, found.esterror)
