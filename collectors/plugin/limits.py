"""The bounds that a plug-in and all that it starts run within. Blocks: in a thread.

They must stand before its first instruction: set from outside just after the start, they come too late for a fork bomb,
and whatever it forked until then has none for ever. Hence prlimit(1) of util-linux, which sets them and becomes it.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
from collections.abc import Mapping
from types import MappingProxyType

from collectors.plugin.leftovers import pids

LAUNCHER = "/usr/bin/prlimit"
REFUSAL = b"prlimit: "  # what it writes where it cannot start the program begins so

CPU_SLACK_SECONDS = 5
MORE_TASKS = 64
_FIXED: Mapping[str, int] = MappingProxyType(
    {
        "core": 0,
        "data": 512 * 1024**2,  # not the address space, of which Go and Java reserve far more than they use
        "fsize": 256 * 1024**2,
        "nofile": 1024,  # the daemon's own is far higher, and old programs close them all one by one
    }
)


def launched(command: tuple[str, ...], seconds: float) -> tuple[str, ...]:
    """Return the command line that starts the command within limits (setrlimit(2)), for so many seconds."""
    limits = {**_FIXED, "cpu": math.ceil(max(0.0, seconds)) + CPU_SLACK_SECONDS}
    if os.geteuid() != 0:  # it is counted for the whole user, and root is not bound by it
        limits["nproc"] = _own_tasks() + MORE_TASKS
    return (LAUNCHER, *(_option(name, limit) for name, limit in limits.items()), "--", *command)


def _option(name: str, limit: int) -> str:
    """Return prlimit's option; never above what this process may give on."""
    hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
    least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    return f"--{name}={least}:{least}"


def _own_tasks() -> int:
    """Return how many threads this user has, those of other processes included."""
    user, count = os.geteuid(), 0
    for pid in pids():
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{pid}").st_uid == user:
                count += len(os.listdir(f"/proc/{pid}/task"))
    return count
